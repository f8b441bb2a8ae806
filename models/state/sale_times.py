"""The times of the sales that count at a leaf, of which the earliest is asked for."""

from collections import Counter
from heapq import heappop, heappush


class SaleTimes:
    """A heap of times; one that is taken out of its middle waits there until it comes to the top."""

    def __init__(self) -> None:
        self._heap: list[int] = []
        self._gone: Counter[int] = Counter()

    def __bool__(self) -> bool:
        return bool(self._heap)

    @property
    def first(self) -> int:
        """The earliest time; there must be one."""
        return self._heap[0]

    def add(self, time: int) -> None:
        """Add the time of a sale."""
        heappush(self._heap, time)

    def remove(self, time: int) -> None:
        """Take out the time of one sale, which was added before."""
        self._gone[time] += 1
        while self._heap and self._heap[0] in self._gone:
            self._gone[self._heap[0]] -= 1
            if not self._gone[self._heap[0]]:
                del self._gone[self._heap[0]]
            heappop(self._heap)
