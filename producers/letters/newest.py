"""The newest of many dead letters, of which only so many are kept in memory."""

import heapq
from collections.abc import Iterator

from models.dead_letters import Letter, Origin


class Newest:
    """Keeps the letters that arrived last, at most `most`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: list[tuple[int, Origin, Letter]] = []

    def add(self, letter: Letter) -> None:
        """Keep a letter, and let go the oldest if there are too many."""
        # No two letters have the same place, so letters themselves are never compared.
        entry = (letter.arrival, letter.place, letter)
        if len(self._kept) < self._most:
            heapq.heappush(self._kept, entry)
        else:
            heapq.heappushpop(self._kept, entry)

    def __iter__(self) -> Iterator[Letter]:
        """Yield the letters, the newest first."""
        return (letter for _, _, letter in sorted(self._kept, reverse=True))
