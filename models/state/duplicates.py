"""The memory of event ids: the same (campaign, id) again within an hour is a duplicate."""

import numpy as np
import numpy.typing as npt

from models.core.columns import Ids, Ints, latest_ids, stack
from models.core.compiling import I64, compiled
from models.core.tables import HashTable, Keys, not_empty, position, touch
from models.times import HOUR, SECOND

Arrivals = npt.NDArray[np.uint32]
Mask = npt.NDArray[np.bool_]

HORIZON = HOUR // SECOND
"""In seconds, from arrival to arrival."""
# What is stored counted already, however close it came to another.
_ALL_COUNT = -1
_NEVER = I64(-(1 << 40))


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

    def take(self, ids: Ids) -> Mask:
        """Mark and remember the ids of a batch that count: no duplicates of former ids or of one another."""
        self._take_restored()
        return self._remember(ids, HORIZON, self._now)

    def restore(self, ids: Ids) -> None:
        """Remember stored ids, in any order: if there are too many, the last to arrive."""
        self._restored.append(ids)

    def expire(self, now: int) -> None:
        """Close the generation if it is an hour old by `now` (microseconds)."""
        self._now = max(self._now, now // SECOND)
        if self._opened and self._now - self._opened > HORIZON:
            self._turn(self._now)

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
            self._remember(ids.where(np.argsort(ids.arrivals, kind="stable")), _ALL_COUNT, 0)

    def _remember(self, ids: Ids, horizon: int, now: int) -> Mask:
        """Take ids until the generation is full, close it, go on; it opens `now`, or at 0 by its first."""
        counted = np.zeros(len(ids.keys), np.bool_)
        taken = 0
        while True:
            current, previous = self._current, self._previous
            room = self._half - len(current)
            current.make_room(min(room, len(ids.keys) - taken))
            touch(current.cells, ids.keys)
            start = taken
            taken, new = take(
                current.cells, current.payload, previous.cells, previous.payload,
                *ids, taken, room, horizon, counted,
            )  # fmt: skip
            current.count_new(new)
            if new and not self._opened:
                self._opened = now or int(ids.arrivals[start:][counted[start:]][0])
            if taken == len(ids.keys):
                return counted
            self._turn(0)

    def _turn(self, opened: int) -> None:
        if len(self._previous):
            self._whole_since = self._opened
        self._previous, self._current = self._current, _table()
        self._opened = opened


@compiled
def take(
    cells: Keys,
    arrived: Arrivals,
    former_cells: Keys,
    former_arrived: Arrivals,
    keys: Keys,
    arrivals: Ints,
    start: int,
    room: int,
    horizon: int,
    counted: Mask,
) -> tuple[int, int]:
    """Mark and remember ids from `start` on that arrived more than the horizon from the same id before.

    Return how far it came and how many ids are new: it ends before one that would be more than `room`.
    """
    new = 0
    for index in range(start, len(keys)):
        key, arrival = not_empty(keys[index]), arrivals[index]
        at, former = position(cells, key), position(former_cells, key)
        is_new = cells[at] != key
        last = _NEVER if is_new else I64(arrived[at])
        before = I64(former_arrived[former]) if former_cells[former] == key else _NEVER
        if abs(arrival - max(last, before)) <= horizon:
            continue
        if is_new and new == room:
            return index, new
        counted[index] = True
        new += is_new
        cells[at] = key
        # A partition that lags brings an older arrival: the later one is what a copy is compared with.
        arrived[at] = max(arrival, last)
    return len(keys), new


def _table() -> HashTable:
    return HashTable(np.dtype(np.uint32))
