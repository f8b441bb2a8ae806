"""Lanes: what waits for one partition, and what is on its way there. One batch at a time keeps the order."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from producers.collector.lots import Lot
from producers.collector.records import Numbered

MOST_RECORDS = 2000
"""Records that a batch is made of, at most; its bytes may end it before."""


class Waiting(NamedTuple):
    """A record of a lot, by its place there."""

    lot: Lot
    place: int

    @property
    def record(self) -> Numbered:
        """Return the record."""
        return self.lot.records[self.place]


@dataclass(slots=True, eq=False)
class Lane:
    """A partition of a topic (without prefix)."""

    topic: str
    partition: int
    waiting: deque[Waiting] = field(default_factory=deque)
    in_flight: list[Waiting] = field(default_factory=list)
    most: int = MOST_RECORDS

    def next_records(self) -> list[Numbered]:
        """Return what the next batch may hold, without taking it."""
        return [waiting.record for waiting in islice(self.waiting, self.most)]

    def depart(self, records: int) -> None:
        """Note that the first of what waits is on its way."""
        self.in_flight = [self.waiting.popleft() for _ in range(records)]

    def arrived(self) -> Sequence[Waiting]:
        """Return what was on its way and is acknowledged; the next batch may be a little larger."""
        self.most = min(self.most + 1 + self.most // 16, MOST_RECORDS)
        return self._landed()

    def return_to_start(self) -> None:
        """Let what was on its way wait again, before all others."""
        self.waiting.extendleft(reversed(self._landed()))

    def divide(self) -> Waiting | None:
        """Let what was too large on its way wait again, for batches of half as many.

        Return the record that is too large by itself, and let it go.
        """
        if len(self.in_flight) == 1:
            return self._landed()[0]
        self.most = max(1, len(self.in_flight) // 2)
        self.return_to_start()
        return None

    def _landed(self) -> list[Waiting]:
        landed, self.in_flight = self.in_flight, []
        return landed
