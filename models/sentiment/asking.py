"""What is asked of whatever rates, many texts at once, and what it answers."""

from collections.abc import Sequence
from typing import NamedTuple

from models.kinds import POLARITIES, names
from models.sentiment.rating import OwnWords, Verdict

WHY_UNRATED = ("untold", "failed", "late", "pressure")
"""Why a text has no rating: the model cannot tell, or failed; it was not rated in time; there was no room."""
UNTOLD, FAILED, LATE, PRESSURE = -1, -2, -3, -4
"""The same as numbers, beside those of polarities (models.kinds.POLARITIES)."""

NUMBER: dict[Verdict, int] = {
    "unrated": UNTOLD,
    **{verdict: names(POLARITIES).index(verdict) for verdict in ("positive", "neutral", "negative")},
}
"""The number of each verdict."""


class Texts(NamedTuple):
    """Texts to be rated and their languages, in lines (models.core.json_lines); no language is an empty one.

    `own` has by text which of `words` its campaign has, or −1; it is empty where no campaign has any.
    """

    texts: bytes
    languages: bytes
    own: Sequence[int] = ()
    words: Sequence[OwnWords] = ()

    @property
    def number(self) -> int:
        """How many texts there are."""
        return self.texts.count(b"\n")

    def first(self, count: int) -> "Texts":
        """Return so many of them, the first ones."""
        return Texts(_lines(self.texts, count), _lines(self.languages, count), self.own[:count], self.words)


def _lines(lines: bytes, count: int) -> bytes:
    kept = lines.split(b"\n", count)[:-1]
    return b"".join(line + b"\n" for line in kept)
