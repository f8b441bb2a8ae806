"""Notice partitions to be read again: a record came ahead of those before it, or never came.

Faust drops what it has fetched when the group's generation changes, and reads on behind it.
"""

from collections.abc import Mapping

from faust.types import TP

_LOST_AFTER_LOOKS = 3


class GapDetector:
    """The partitions whose records strayed since the last look."""

    def __init__(self) -> None:
        self._ahead: set[TP] = set()
        self._standing: dict[TP, tuple[int, int]] = {}

    def add(self, tp: TP) -> None:
        """Note that a record came ahead of its turn."""
        self._ahead.add(tp)

    def clear(self) -> None:
        """Forget what strayed."""
        self._ahead.clear()

    def take(self, waiting: Mapping[TP, int]) -> set[TP]:
        """Give what is to be read again.

        `waiting` holds the next offset of each partition of which more was fetched than came: where it has
        stood still for some looks, what was fetched will not come.
        """
        self._standing = {
            tp: (position, looks + 1 if position == before else 0)
            for tp, position in waiting.items()
            for before, looks in [self._standing.get(tp, (0, 0))]
        }
        lost = {tp for tp, (_, looks) in self._standing.items() if looks >= _LOST_AFTER_LOOKS}
        ahead, self._ahead = self._ahead, set()
        return ahead | lost
