"""Notice sources to be read again: a record came ahead of those before it, or never came.

Faust drops what it has fetched when the group's generation changes, and reads on behind it.
"""

from collections.abc import Mapping

from models.state.delta import Source

_LOST_AFTER_LOOKS = 3


class GapDetector:
    """The sources with a gap since the last look."""

    def __init__(self) -> None:
        self._ahead: set[Source] = set()
        self._stalled: dict[Source, tuple[int, int]] = {}

    def add(self, source: Source) -> None:
        """Note that a record came ahead of its turn."""
        self._ahead.add(source)

    def take(self, waiting: Mapping[Source, int]) -> set[Source]:
        """Return the sources to be read again.

        `waiting` holds the next offset of each source of which more was handed over than came: once it has
        stood still for some looks, what was handed over will not come.
        """
        self._stalled = {source: (at, self._looks_at(source, at)) for source, at in waiting.items()}
        lost = {source for source, (_, looks) in self._stalled.items() if looks >= _LOST_AFTER_LOOKS}
        ahead, self._ahead = self._ahead, set()
        return ahead | lost

    def _looks_at(self, source: Source, position: int) -> int:
        """Count the looks on end, after the first, at which a source stood at this position."""
        before, looks = self._stalled.get(source, (-1, 0))
        return looks + 1 if position == before else 0
