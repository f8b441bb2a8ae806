"""What phrases say that were learned from comments people judged: asked only where the lexicon is silent."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import exp, sqrt
from typing import Literal, NamedTuple

from models.sentiment.lexicon import Lexicon
from models.sentiment.reading import Part, Reading, all_matches
from models.sentiment.tokens import Sentence, Tokens, is_word
from models.sentiment.weights import Learned, Weights

LEAST_PROBABILITY = 0.5
"""A text is positive or negative if that is likelier than all else together."""
LEAST_KNOWN = 0.6
"""The share of a text's words that are known at least: other kinds of text have other words."""
_USUAL = 30
"""How many phrases a text of some fifteen words has."""
ALWAYS = "(always)"
"""Stands among the phrases for what every text has."""
PRAISE, BLAME, HINTED_PRAISE, HINTED_BLAME = "(praise)", "(blame)", "(hinted praise)", "(hinted blame)"
"""Stand among the phrases for what the lexicon finds in a text."""
_SIDES: tuple[tuple[Literal["positive", "negative"], int], ...] = (("positive", 1), ("negative", -1))
_NONE = Weights(0.0, 0.0)
_MOST_SAID = 5
"""How many phrases explain a verdict."""


class Phrases(NamedTuple):
    """What weights are looked up for: words and signs; pairs of them, and what the lexicon found."""

    words: list[str]
    others: list[str]


class Judgement(NamedTuple):
    """A verdict, and the phrases that spoke most for it, the first one most; below 0 is towards negative."""

    verdict: Literal["positive", "negative"]
    because: tuple[tuple[str, float], ...]


def is_silent(reading: Reading, tokens: Tokens) -> bool:
    """Return whether a text that came out neutral says nothing, so far as the lexicon knows.

    Not so if it is settled as neutral, if it only asks, or if words in it are the campaign's own.
    """
    is_settled = tokens.word_count <= reading.settles_up_to
    only_asks = reading.questions == sum(bool(sentence.words) for sentence in tokens.sentences)
    return not (is_settled or only_asks or any(part.meaning.role == "own" for part in reading.parts))


def phrases_in(sentences: Iterable[Sentence], parts: Iterable[Part], own: Lexicon) -> Phrases:
    """Return what weights are looked up for; words that a campaign takes for neutral are passed over."""
    words: dict[str, None] = {}
    pairs: dict[str, None] = {}
    for sentence in sentences:
        for run in _without(own, sentence) if own else (sentence.words,):
            words.update(dict.fromkeys(run))
            pairs.update(dict.fromkeys(map(" ".join, pairwise(run))))
    return Phrases([*words], [*pairs, *dict.fromkeys(map(_mark, parts))])


def _without(own: Lexicon, sentence: Sentence) -> Iterator[list[str]]:
    begin = 0
    for at, (end, _) in all_matches(sentence, own).items():
        yield sentence.words[begin:at]
        begin = max(begin, end)
    yield sentence.words[begin:]


def _mark(part: Part) -> str:
    if part.meaning.only_hints:
        return HINTED_PRAISE if part.strength > 0 else HINTED_BLAME
    return PRAISE if part.strength > 0 else BLAME


def judge(phrases: Phrases, learned: Learned) -> Judgement | None:
    """Return what phrases say together; None if that is nothing, or too few of them are known."""
    words = list(filter(is_word, phrases.words))
    if not words or sum(map(learned.__contains__, words)) < LEAST_KNOWN * len(words):
        return None
    looked_up = [one for one in phrases.words + phrases.others if one in learned]
    weights = [learned[one] for one in looked_up]
    parts = parts_of(phrases)
    always = learned.get(ALWAYS, _NONE)
    odds = (
        always.positive + sum([one[0] for one in weights]) / parts,
        always.negative + sum([one[1] for one in weights]) / parts,
    )
    for side, (verdict, sign) in enumerate(_SIDES):
        if _probability(odds[side], odds[1 - side]) > LEAST_PROBABILITY:
            added = [one[side] / parts for one in weights]
            return Judgement(verdict, _most(looked_up, added, sign))
    return None


def parts_of(phrases: Phrases) -> float:
    """Return by what the weights of phrases are divided before they are added up.

    It is the square root of their number, so a long text is not surer than a usual one. A short one is less
    sure: where it was not, "it is a dress" was blame, because most who wrote "it is a" were disappointed.
    """
    return sqrt(max(_USUAL, len(phrases.words) + len(phrases.others)))


def _probability(one: float, other: float) -> float:
    """Return how likely a verdict is by its log odds to neutral, and those of the other."""
    most = max(one, other, 0.0)
    return exp(one - most) / (exp(one - most) + exp(other - most) + exp(-most))


def _most(phrases: Sequence[str], added: Sequence[float], sign: int) -> tuple[tuple[str, float], ...]:
    said = [both for both in zip(added, phrases, strict=True) if both[0] > 0 and both[1][0] != "("]
    return tuple((f"learned: {phrase}", sign * much) for much, phrase in sorted(said)[: -_MOST_SAID - 1 : -1])
