"""Which language a text is in: by the event, else by its words and letters."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

from models.sentiment.data_files import LANGUAGES, Language
from models.sentiment.tokens import Tokens

TELLING, COMMON, LETTER = 4, 2, 3
"""The points for a word that shapes a language's sentences, for any other word, for a letter."""

_SUBTAG = re.compile(r"[A-Za-z]{2,8}")
_UNKNOWN = frozenset(("und", "mul", "mis", "zxx"))
_LONGER: Mapping[str, Language] = {"eng": "en", "fra": "fr", "fre": "fr", "spa": "es"}
# Half as many points as there are words, or the text is in a language that we do not know.
_POINTS_A_WORD = 0.5
# The points of all languages are one number with so many bits for each, and add up at once: sums in
# dicts took a quarter of the time of rating. A text has too few words for them to overflow.
_BITS = 20
_ALL_BITS = (1 << _BITS) - 1


def declared(tag: str | None) -> str | None:
    """Return the language of a BCP 47 tag without script or region; None where it names none."""
    found = _SUBTAG.match(tag or "")
    if found is None or found[0].lower() in _UNKNOWN:
        return None
    subtag = found[0].lower()
    return _LONGER.get(subtag, subtag)


@dataclass(frozen=True, slots=True)
class LanguageFinder:
    """Finds languages by what each word and letter says for each of them; ours stand first."""

    languages: Sequence[str]
    by_word: Mapping[str, int]
    by_letter: Mapping[str, int]

    def find(self, tokens: Tokens, composed: str) -> tuple[Language, ...]:
        """Return our language that fits a text best, or those that do equally well; none if another does.

        The letters are those of the text before it was folded.
        """
        points = sum(sum(map(self.by_word.get, one.words, repeat(0))) for one in tokens.sentences)
        if not composed.isascii():
            points += sum(self.by_letter[letter] for letter in self.by_letter.keys() & composed.lower())
        by_language = [points >> _BITS * index & _ALL_BITS for index in range(len(self.languages))]
        most = max(by_language)
        if most <= tokens.word_count * _POINTS_A_WORD:
            return ()
        return tuple(language for language, own in zip(LANGUAGES, by_language, strict=False) if own == most)


def points_of(by_language: Mapping[str, int], languages: Sequence[str]) -> int:
    """Return the points of languages as one number."""
    return sum(points << _BITS * languages.index(language) for language, points in by_language.items())
