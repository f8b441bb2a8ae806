"""The rating by our own lexicon and rules."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from models.sentiment.compiling import compile_data
from models.sentiment.data_files import Language, read_data
from models.sentiment.folding import composed, folded
from models.sentiment.languages import declared
from models.sentiment.lexicon import Lexicon
from models.sentiment.own_words import own_lexicon
from models.sentiment.rating import OwnWords, Rating
from models.sentiment.reading import read_sentences
from models.sentiment.tokens import Tokens
from models.sentiment.weighing import weigh

RULES_VERSION = 2
"""Raised by one whenever the code rates a text otherwise by the same data."""
_CAMPAIGNS = 10_000
_UNRATED = Rating("unrated")


class LexiconRater:
    """Rates texts in English, French and Spanish, and emoji, by words and rules that are data files."""

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
        lexicons = self._compiled.lexicons
        ratings = [
            _rate(tokens, lexicons[one], own_words, one) for one in self._languages(language, tokens, text)
        ]
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


def _rate(tokens: Tokens, lexicon: Lexicon, own: Lexicon, language: Language | None = None) -> Rating:
    reading = read_sentences(tokens.sentences, lexicon, own)
    verdict, parts = weigh(reading, tokens.word_count)
    return Rating(verdict, tuple((part.meaning.entry, part.strength) for part in parts), language)


def own_data() -> dict[str, bytes]:
    """Return the data files that come along, by name."""
    return dict(sorted(_files(files("models.sentiment") / "data", "")))


def _files(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{path}{entry.name}/")
        elif entry.name.endswith(".yaml"):
            yield path + entry.name, entry.read_bytes()


def _digest(data: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name, content in sorted(data.items()):
        whole.update(b"%d %b %d " % (len(name), name.encode(), len(content)) + content)
    return whole.hexdigest()[:12]
