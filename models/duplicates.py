"""The memory of event ids: the same (campaign, id) again within an hour is a duplicate."""

import numpy as np
import numpy.typing as npt

from models.delta import Ids, latest_ids
from models.hash_table import HashTable
from models.times import HOUR, SECOND

HORIZON = HOUR // SECOND
"""In seconds, from arrival to arrival."""
_NEVER = -(1 << 40)


class DuplicateMemory:
    """Remember when each id arrived, in two generations, by time and by number.

    A generation is closed after an hour of arrivals or half of `capacity` ids; an id is forgotten when
    the generation after its own is closed, so at least the last `capacity` / 2 ids or hour is held.
    """

    def __init__(self, capacity: int) -> None:
        self._half = max(1, capacity // 2)
        self._current = _table()
        self._previous = _table()
        self._opened = 0
        self._previous_opened = 0

    def take(self, ids: Ids) -> npt.NDArray[np.bool_]:
        """Tell which ids of a batch are no duplicates, of former ones or one another; remember those."""
        known = self._arrivals(ids.keys)
        counted: npt.NDArray[np.bool_] = np.abs(ids.arrivals - known) > HORIZON
        _, numbers, copies = np.unique(ids.keys, return_inverse=True, return_counts=True)
        if len(copies) == len(ids.keys):
            self._remember(ids.where(counted))
            return counted
        repeated = np.flatnonzero(copies[numbers] > 1)
        counted[repeated] = _one_by_one(ids.where(repeated), known[repeated])
        self.remember(ids.where(counted))
        return counted

    def remember(self, ids: Ids) -> None:
        """Remember ids that are no duplicates; of one that came twice, the later arrival."""
        self._remember(latest_ids(ids))

    def horizon(self, now: int) -> int:
        """Tell how far back (microseconds) duplicates are sure to be recognised now, an hour at most.

        A memory that has just begun recognises nothing from before its first event.
        """
        since = (self._previous_opened or self._opened) * SECOND
        return max(0, min(HOUR, now - since)) if since else 0

    def _arrivals(self, keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        """Give the last arrival that counted under each id, in seconds; `_NEVER` where none did."""
        known = np.full(len(keys), _NEVER)
        for table in (self._previous, self._current):
            at = table.find(keys)
            found = at >= 0
            known[found] = np.maximum(known[found], table.payload[at[found]].astype(np.int64))
        return known

    def _remember(self, ids: Ids) -> None:
        for start in range(0, len(ids.keys), self._half):
            part = ids.where(slice(start, start + self._half))
            self._turn(len(part.keys), int(part.arrivals.max()))
            at = self._current.find(part.keys)
            known = at >= 0
            self._current.payload[at[known]] = part.arrivals[known]
            self._current.insert(part.keys[~known], part.arrivals[~known])

    def _turn(self, coming: int, arrival: int) -> None:
        if not self._opened:
            self._opened = arrival
        full = len(self._current) + coming > self._half
        if len(self._current) and (full or arrival - self._opened > HORIZON):
            self._previous, self._current = self._current, _table()
            self._previous_opened, self._opened = self._opened, arrival


def _table() -> HashTable:
    return HashTable(np.dtype(np.uint32))


def _one_by_one(ids: Ids, known: npt.NDArray[np.int64]) -> list[bool]:
    """Judge copies within a batch in their order: a slow partition's batch may span more than the hour."""
    last: dict[int, int] = {}
    counted = []
    for key, arrival, before in zip(ids.keys.tolist(), ids.arrivals.tolist(), known.tolist(), strict=True):
        counts = abs(arrival - last.get(key, before)) > HORIZON
        counted.append(counts)
        if counts:
            last[key] = arrival
    return counted
