"""The memory of event ids: the same (campaign, id) again within an hour is a duplicate."""

import numpy as np
import numpy.typing as npt

from models.core.columns import Ids, latest_ids, stack
from models.core.tables import HashTable
from models.times import HOUR, SECOND

HORIZON = HOUR // SECOND
"""In seconds, from arrival to arrival."""
_NEVER = -(1 << 40)


class DuplicateMemory:
    """Remember when each id arrived last, in two generations, by time and by number (`capacity`).

    A generation is closed after an hour, or half of `capacity` ids; its ids are forgotten when the next one
    is closed. The hour is the worker's own, not that of arrivals: after an outage partitions are read at
    different paces, and one that is ahead must not make the ids of others forgotten.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._current = _table()
        self._previous = _table()
        self._now = 0
        self._opened = 0
        self._whole_since = 0
        self._restored: list[Ids] = []

    @property
    def _half(self) -> int:
        return max(1, self.capacity // 2)

    def take(self, ids: Ids) -> npt.NDArray[np.bool_]:
        """Mark and remember the ids of a batch that count: no duplicates of former ids or of one another."""
        self._take_restored()
        known = self._arrivals(ids.keys)
        counted: npt.NDArray[np.bool_] = np.abs(ids.arrivals - known) > HORIZON
        ordered = np.sort(ids.keys)
        if (ordered[1:] != ordered[:-1]).all():
            self._remember(ids.where(counted))
            return counted
        _, numbers, copies = np.unique(ids.keys, return_inverse=True, return_counts=True)
        repeated = np.flatnonzero(copies[numbers] > 1)
        counted[repeated] = _one_by_one(ids.where(repeated), known[repeated])
        self._remember(latest_ids(ids.where(counted)))
        return counted

    def restore(self, ids: Ids) -> None:
        """Remember stored ids, in any order: if there are too many, the last to arrive."""
        self._restored.append(ids)

    def expire(self, now: int) -> None:
        """Close the generation if it is an hour old by `now` (microseconds)."""
        self._now = max(self._now, now // SECOND)
        if self._opened and self._now - self._opened > HORIZON:
            self._turn()
            self._opened = self._now

    def horizon(self, now: int) -> int:
        """Return how far back (microseconds) every id that counted is recognised now, an hour at most.

        It is an hour until ids have to be forgotten because of their number.
        """
        self._take_restored()
        return max(0, min(HOUR, now - self._whole_since * SECOND))

    def _take_restored(self) -> None:
        if not self._restored:
            return
        ids, self._restored = latest_ids(stack(self._restored)), []
        if len(ids.keys):
            ids = ids.where(np.argsort(ids.arrivals, kind="stable"))
            self._remember(ids, restored=True)

    def _arrivals(self, keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        """Return the last arrival that counted under each id, in seconds; `_NEVER` where none did."""
        known = np.full(len(keys), _NEVER)
        for table in (self._previous, self._current):
            if not len(table):
                continue
            at = table.find(keys)
            found = at >= 0
            known[found] = np.maximum(known[found], table.payload[at[found]].astype(np.int64))
        return known

    def _remember(self, ids: Ids, *, restored: bool = False) -> None:
        for start in range(0, len(ids.keys), self._half):
            part = ids.where(slice(start, start + self._half))
            if len(self._current) + len(part.keys) > self._half and len(self._current):
                self._turn()
                self._opened = 0
            first = 0 if restored else self._now
            self._opened = self._opened or first or int(part.arrivals[0])
            at = self._current.find(part.keys)
            known = at >= 0
            # A partition that lags brings an older arrival: the later one is what a copy is compared with.
            later = np.maximum(self._current.payload[at[known]], part.arrivals[known])
            self._current.payload[at[known]] = later
            self._current.insert(part.keys[~known], part.arrivals[~known], at[~known])

    def _turn(self) -> None:
        if len(self._previous):
            self._whole_since = self._opened
        self._previous, self._current = self._current, _table()


def _table() -> HashTable:
    return HashTable(np.dtype(np.uint32))


def _one_by_one(ids: Ids, known: npt.NDArray[np.int64]) -> list[bool]:
    """Decide on copies within a batch one by one: a slow partition's batch may span more than an hour."""
    last: dict[int, int] = {}
    counted = []
    for key, arrival, before in zip(ids.keys.tolist(), ids.arrivals.tolist(), known.tolist(), strict=True):
        counts = abs(arrival - last.get(key, before)) > HORIZON
        counted.append(counts)
        if counts:
            last[key] = arrival
    return counted
