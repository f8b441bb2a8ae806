"""Which language a text is in: by the event, else by its words and letters."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.sentiment.data_files import LANGUAGES, Language
from models.sentiment.tokens import is_word

TELLING, COMMON, LETTER = 2.0, 1.0, 1.5
"""What speaks for a language: a word that shapes its sentences, any other word of it, a letter."""

_SUBTAG = re.compile(r"[A-Za-z]{2,8}")
_UNKNOWN = frozenset(("und", "mul", "mis", "zxx"))
_LONGER: Mapping[str, Language] = {"eng": "en", "fra": "fr", "fre": "fr", "spa": "es"}
# One word in so many must be known, or the text is in a language that we do not know.
_WORDS_A_POINT = 4


def declared(tag: str | None) -> str | None:
    """Return the language of a BCP 47 tag without script or region; None where it names none."""
    found = _SUBTAG.match(tag or "")
    if found is None or found[0].lower() in _UNKNOWN:
        return None
    subtag = found[0].lower()
    return _LONGER.get(subtag, subtag)


@dataclass(frozen=True, slots=True)
class LanguageFinder:
    """Finds languages by what each word and letter says for each of them."""

    by_word: Mapping[str, Mapping[str, float]]
    by_letter: Mapping[str, Mapping[str, float]]

    def find(self, words: Iterable[str], composed: str) -> tuple[Language, ...]:
        """Return the language of a text, or those of ours that fit it equally well; none if another fits better.

        The letters are those of the text before it was folded.
        """
        points: dict[str, float] = {}
        count = 0
        for word in words:
            count += is_word(word)
            for language, speaks in self.by_word.get(word, {}).items():
                points[language] = points.get(language, 0.0) + speaks
        if not composed.isascii():
            for letter in self.by_letter.keys() & composed.lower():
                for language, speaks in self.by_letter[letter].items():
                    points[language] = points.get(language, 0.0) + speaks
        most = max(points.values(), default=0.0)
        if most <= 0 or most * _WORDS_A_POINT < count:
            return ()
        return tuple(language for language in LANGUAGES if points.get(language) == most)
