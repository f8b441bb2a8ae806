"""The rating by our own lexicon and rules."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from models.sentiment.compiling import compile_data
from models.sentiment.data_files import LANGUAGES, LEARNED, Language, read_data
from models.sentiment.folding import composed, folded
from models.sentiment.languages import declared
from models.sentiment.learned import is_silent, judge, phrases_in
from models.sentiment.lexicon import Lexicon
from models.sentiment.own_words import own_lexicon
from models.sentiment.rating import OwnWords, Rating
from models.sentiment.reading import read_sentences
from models.sentiment.tokens import Tokens
from models.sentiment.weighing import weigh
from models.sentiment.weights import Learned

RULES_VERSION = 3
"""Raised by one whenever the code rates a text otherwise by the same data."""
_CAMPAIGNS = 10_000
_UNRATED = Rating("unrated")
_NOTHING: Learned = {}


class LexiconRater:
    """Rates texts in English, French and Spanish, and emoji, by words and rules that are data files.

    Where these are silent, and the language is sure, it goes by what was learned from comments.
    """

    def __init__(self, data: Mapping[str, bytes]) -> None:
        """Read and compile data files, which takes a moment.

        Raises:
            DataError: a file is not valid; the message names file, line and field.

        """
        self.version = f"lexicon-{RULES_VERSION}-{_digest(data)}"
        self._compiled = compile_data(read_data(data))
        self._own = lru_cache(_CAMPAIGNS)(self._own_lexicon)

    def rate(self, text: str, language: str | None = None, own: OwnWords | None = None) -> Rating:
        """Rate a text by its first 5000 characters; see `Rater.rate`."""
        text = composed(text)
        tokens = self._compiled.scanner.scan(folded(text))
        own_words = self._own(own) if own else {}
        if not tokens.word_count:
            rating = _rate(tokens, self._compiled.signs, own_words)
            return rating if rating.because or tokens.is_addressed or tokens.has_signs() else _UNRATED
        lexicons, languages = self._compiled.lexicons, self._languages(language, tokens, text)
        if len(languages) == 1:
            one = languages[0]
            return _rate(tokens, lexicons[one], own_words, one, self._compiled.learned[one])
        ratings = [_rate(tokens, lexicons[one], own_words, one) for one in languages]
        if not ratings:
            rating = _rate(tokens, {}, own_words)
            return rating if rating.because else _UNRATED
        first = ratings[0]
        return first if all(rating.verdict == first.verdict for rating in ratings) else _UNRATED

    def _languages(self, given: str | None, tokens: Tokens, text: str) -> tuple[Language, ...]:
        known = declared(given)
        if known is None:
            return self._compiled.finder.find(tokens, text)
        return tuple(language for language in self._compiled.lexicons if language == known)

    def _own_lexicon(self, own: OwnWords) -> Lexicon:
        return own_lexicon(own, self._compiled.scanner)


def _rate(
    tokens: Tokens,
    lexicon: Lexicon,
    own: Lexicon,
    language: Language | None = None,
    learned: Learned = _NOTHING,
) -> Rating:
    reading = read_sentences(tokens.sentences, lexicon, own)
    verdict, parts = weigh(reading, tokens.word_count)
    if learned and verdict == "neutral" and is_silent(reading, tokens):
        judgement = judge(phrases_in(tokens.sentences, reading.parts, own), learned)
        if judgement:
            return Rating(*judgement, language)
    return Rating(verdict, tuple((part.meaning.entry, part.strength) for part in parts), language)


def own_data() -> dict[str, bytes]:
    """Return the data files that come along, by name."""
    return dict(sorted(_files(files("models.sentiment") / "data", "")))


def without_learned(data: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the data files of the lexicon alone."""
    learned = set(map(LEARNED.format, LANGUAGES))
    return {name: content for name, content in data.items() if name not in learned}


def _files(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{path}{entry.name}/")
        elif entry.name.endswith((".yaml", ".tsv")):
            yield path + entry.name, entry.read_bytes()


def _digest(data: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name, content in sorted(data.items()):
        whole.update(b"%d %b %d " % (len(name), name.encode(), len(content)) + content)
    return whole.hexdigest()[:12]
