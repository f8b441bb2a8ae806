"""From what was found in a text to its verdict."""

from collections.abc import Iterable

from models.sentiment.lexicon import LEAST
from models.sentiment.rating import Verdict
from models.sentiment.reading import Part, Reading

_MOST_OF_SIGNS = 3.0
"""How much the emoji of a text count together: a row of hearts does not outweigh what words say."""


def weigh(reading: Reading, word_count: int) -> tuple[Verdict, list[Part]]:
    """Return the verdict on a text, and the parts that decided it."""
    own = [part for part in reading.parts if part.meaning.role == "own"]
    if own and (verdict := _verdict(_sum(own))) != "neutral":
        return verdict, own
    parts = reading.parts
    if reading.irony:
        parts = [*(part for part in parts if part.strength < 0), *reading.irony]
    judging = [part for part in parts if not part.meaning.only_hints]
    verdict = _verdict(_total(judging))
    if verdict == "neutral":
        verdict = _verdict(_total(parts))
    if verdict != "negative" and 0 < word_count <= reading.settles_up_to:
        return "neutral", []
    return verdict, parts


def _total(parts: list[Part]) -> float:
    signs = _sum(part for part in parts if part.is_sign)
    return _sum(part for part in parts if not part.is_sign) + max(-_MOST_OF_SIGNS, min(_MOST_OF_SIGNS, signs))


def _sum(parts: Iterable[Part]) -> float:
    return sum(part.strength for part in parts)


def _verdict(total: float) -> Verdict:
    # Sums of tenths are not exact: 0.3 + 0.7 must reach 1.
    if abs(total) < LEAST - 1e-9:
        return "neutral"
    return "positive" if total > 0 else "negative"
