"""What each word and letter says for each language, from the vocabulary and the lexicons."""

from collections.abc import Iterable, Mapping

from models.sentiment.data_files import LANGUAGES, Language, Vocabulary
from models.sentiment.folding import composed, folded
from models.sentiment.languages import COMMON, LETTER, TELLING, LanguageFinder, points_of

_SHORTEST = 3
"""How many letters a word has at least that speaks for a language where it is part of a phrase."""

Phrase = tuple[str, ...]
Points = dict[str, dict[str, int]]


def language_finder(vocabulary: Vocabulary, phrases: Mapping[Language, Iterable[Phrase]]) -> LanguageFinder:
    """Make a finder of languages; `phrases` are those of each language that is rated."""
    by_word: Points = {}
    for rated, found in phrases.items():
        words = (word for phrase in found for word in phrase if len(word) >= _SHORTEST or len(phrase) == 1)
        _add(by_word, rated, words, COMMON)
    for name, listed in vocabulary.common.items():
        _add(by_word, name, _words(listed), COMMON)
    for name, listed in vocabulary.telling.items():
        _add(by_word, name, _words(listed), TELLING)
    by_letter: Points = {}
    for name, listed in vocabulary.letters.items():
        _add(by_letter, name, listed.split(), LETTER)
    languages = list(dict.fromkeys((*LANGUAGES, *vocabulary.telling, *vocabulary.letters)))
    return LanguageFinder(
        languages,
        {word: points_of(points, languages) for word, points in by_word.items()},
        {letter: points_of(points, languages) for letter, points in by_letter.items()},
    )


def _words(listed: str) -> list[str]:
    return folded(composed(listed)).replace("'", "").split()


def _add(found: Points, language: str, keys: Iterable[str], points: int) -> None:
    for key in keys:
        if key.isalpha():
            found.setdefault(key, {})[language] = points
