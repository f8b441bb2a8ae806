"""Counts by leaf and time bucket, and their running totals by window.

A cell is what is stored: the counts of one leaf, window and bucket that came by one source partition,
with the source offsets applied to it. Storing both in one record is what makes a redelivered event
count once: it is skipped by each cell that already holds it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from models.leaf import Leaf
from models.tally import Tally, add
from models.windows import FLIGHT, ROLLING, WindowName

DERIVED = -1
"""The partition of cells that follow from the orders and are not stored themselves."""


class CellKey(NamedTuple):
    """Which counts a cell holds; the flight has the one bucket 0."""

    partition: int
    leaf: Leaf
    window: WindowName
    bucket: int


@dataclass(slots=True)
class Cell:
    """Counts, and by topic the next source offset that is not in them (as of the last cut)."""

    counts: Tally = field(default_factory=dict)
    applied: Mapping[str, int] = field(default_factory=dict)


class Cells:
    """All cells that are alive, and the totals of each leaf's windows."""

    def __init__(self) -> None:
        self.alive: dict[CellKey, Cell] = {}
        self.totals: defaultdict[Leaf, dict[WindowName, Tally]] = defaultdict(dict)
        self._buckets: dict[WindowName, defaultdict[int, list[CellKey]]] = {
            window.name: defaultdict(list) for window in ROLLING
        }
        self._first: dict[WindowName, int] = {window.name: 0 for window in ROLLING}

    def keys_at(self, partition: int, leaf: Leaf, time: int) -> Iterator[CellKey]:
        """List the cells that an event at a time falls in: the flight's, and each window's that holds it."""
        yield CellKey(partition, leaf, FLIGHT, 0)
        for window in ROLLING:
            bucket = window.bucket_of(time)
            if bucket >= self._first[window.name]:
                yield CellKey(partition, leaf, window.name, bucket)

    def add(self, key: CellKey, counts: Mapping[str, int], sign: int = 1) -> None:
        """Add counts to a cell and to the total of its window."""
        add(self._cell(key).counts, counts, sign)
        add(self.totals[key.leaf].setdefault(key.window, {}), counts, sign)

    def restore(self, key: CellKey, cell: Cell) -> None:
        """Take a stored cell back."""
        self._cell(key).applied = cell.applied
        self.add(key, cell.counts)

    def expire(self, now: int) -> list[CellKey]:
        """Drop the cells whose bucket has left its window; give their keys."""
        dropped: list[CellKey] = []
        for window in ROLLING:
            first = max(self._first[window.name], window.first_bucket(now))
            self._first[window.name] = first
            buckets = self._buckets[window.name]
            for bucket in [bucket for bucket in buckets if bucket < first]:
                dropped += buckets.pop(bucket)
        for key in dropped:
            add(self.totals[key.leaf][key.window], self.alive.pop(key).counts, -1)
        return dropped

    def _cell(self, key: CellKey) -> Cell:
        cell = self.alive.get(key)
        if cell is None:
            cell = self.alive[key] = Cell()
            if key.window != FLIGHT:
                self._buckets[key.window][key.bucket].append(key)
        return cell
