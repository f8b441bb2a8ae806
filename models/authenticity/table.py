"""What a rule remembers of one campaign: entries by key, bounded by number and by the time of events.

An entry below the table's floor is forgotten, and the floor only rises: with the hours, and where there is no
room for a new entry. So which entries there are follows from the events and their order alone.
"""

import math
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from models.authenticity.limits import A_DAY
from models.core.columns import Chosen, Ints
from models.core.compiling import I64, Int, compiled, inlined
from models.core.tables import HashTable, Keys, not_empty, position

Array = npt.NDArray[Any]
Int32s = npt.NDArray[np.int32]
Columns = TypeVar("Columns", bound=tuple[Array, ...])

NO_ROW = I64(-1)
"""Of a key that is not there, or for which there is no room."""
STEPS = 4
"""The floor rises in so many steps a horizon: each costs a pass over what is left."""
STEP = A_DAY // STEPS
"""The shortest of such steps: between two of its multiples nothing expires."""
_FIRST_ROWS = 16
# Of a full table a quarter is forgotten at once, which takes as long.
_SHARE_FORGOTTEN = 4
_INT32 = np.dtype(np.int32)
# The bytes of a row in an index: key, last time, whether it changed; and of its cell, of seven in ten used.
_INDEX = 8 + 8 + 1 + 18


class Index(NamedTuple):
    """Where the row of each key is; and by row its key, its last time, and whether it changed since the cut.

    `used` is one number, that of the rows in use; those after them are zero in every column.
    """

    cells: Keys
    rows: Int32s
    keys: Keys
    lasts: Ints
    changed: npt.NDArray[np.bool_]
    used: Ints


class Entries(NamedTuple):
    """Entries of a table as columns: campaign's number, key, last time; and the table's own."""

    campaigns: Ints
    keys: Keys
    lasts: Ints
    own: tuple[Array, ...]

    def where(self, chosen: Chosen) -> "Entries":
        """Return the chosen lines."""
        campaigns, keys, lasts, own = self
        return Entries(campaigns[chosen], keys[chosen], lasts[chosen], tuple(one[chosen] for one in own))


@inlined
def row_of(index: Index, key: Int) -> Int:
    """Return the row of a key, or NO_ROW."""
    key = not_empty(key)
    at = position(index.cells, key)
    return I64(index.rows[at]) if index.cells[at] == key else NO_ROW


@inlined
def row_for(index: Index, key: Int, time: Int) -> Int:
    """Return the row of a key that comes at a time, a new one where it has none; NO_ROW without room."""
    key = not_empty(key)
    at = position(index.cells, key)
    row = I64(index.rows[at])
    if index.cells[at] != key:
        row = I64(index.used[0])
        if row == len(index.lasts):
            return NO_ROW
        index.cells[at], index.rows[at], index.keys[row] = key, row, key
        index.used[0] = row + 1
    index.lasts[row] = max(index.lasts[row], time)
    index.changed[row] = True
    return row


class Table(Generic[Columns]):
    """Entries by key, `most` at most, each until a `horizon` (microseconds) after its last time.

    `columns` are those of no row: their types and shapes. `evicted` counts what was forgotten for want of
    room. Loops take `index` and `columns` anew after each `make_room`, which makes others.
    """

    def __init__(self, columns: Columns, most: int, horizon: int) -> None:
        self.columns = columns
        self.most = most
        self.floor = 0
        self.evicted = 0
        self._row = _INDEX + sum(column.itemsize * math.prod(column.shape[1:]) for column in columns)
        self._step = horizon // STEPS
        if self._step % STEP:
            raise ValueError("a horizon must be so many whole days")
        # One empty cell: most rules of most campaigns see nothing for long.
        cells, places = np.zeros(1, np.uint64), np.zeros(1, np.int32)
        self.index = Index(cells, places, *_rows_of(0), np.zeros(1, np.int64))

    def __len__(self) -> int:
        return int(self.index.used[0])

    @property
    def octets(self) -> int:
        """The memory that it takes."""
        return sum(array.nbytes for array in (*self.index, *self.columns))

    @property
    def weight(self) -> int:
        """The memory that its entries need, the same however it grew.

        It takes twice as much at most, but for its first rows.
        """
        return len(self) * self._row

    def make_room(self) -> None:
        """Make room for a new key: by more memory, or where there is the most by forgetting the oldest."""
        rows = len(self.index.lasts)
        if rows < self.most:
            self._keep(np.arange(len(self)), min(self.most, max(_FIRST_ROWS, 2 * rows)))
        else:
            self._forget_oldest()

    def shrink(self) -> None:
        """Forget the oldest, and give the memory back that they took."""
        self._forget_oldest()
        self._keep(np.arange(len(self)), len(self))

    def _forget_oldest(self) -> None:
        lasts = np.sort(self.index.lasts[: len(self)])
        before = len(self)
        # Those of one time are forgotten together.
        self._raise(int(lasts[len(lasts) // _SHARE_FORGOTTEN]) + 1)
        self.evicted += before - len(self)

    def expire(self, time: int) -> None:
        """Forget what is a horizon older than the campaign's latest event, in steps."""
        self._raise((time // self._step - STEPS) * self._step)

    def cut(self, campaign: int) -> Entries:
        """Return the entries that changed since the last cut."""
        rows = np.flatnonzero(self.index.changed[: len(self)])
        self.index.changed[rows] = False
        return Entries(
            np.full(len(rows), campaign, np.int64),
            self.index.keys[rows],
            self.index.lasts[rows],
            tuple(column[rows] for column in self.columns),
        )

    def restore(self, entries: Entries, floor: int) -> None:
        """Take back entries that were cut later than all that is here, each in place of what it was."""
        self._raise(floor)
        keys, rows = np.require(entries.keys, None, ["C", "W"]), np.empty(len(entries.keys), np.int64)
        needed = len(self) + int(count_new(self.index, keys))
        if needed > len(self.index.lasts):
            self._keep(np.arange(len(self)), max(needed, min(self.most, _FIRST_ROWS)))
        take_back(self.index, keys, rows)
        self.index.lasts[rows] = entries.lasts
        for column, stored in zip(self.columns, entries.own, strict=True):
            column[rows] = stored

    def _raise(self, floor: int) -> None:
        if floor <= self.floor:
            return
        self.floor = floor
        stay = np.flatnonzero(self.index.lasts[: len(self)] >= floor)
        if len(stay) < len(self):
            self._keep(stay, min(len(self.index.lasts), max(_FIRST_ROWS, 2 * len(stay))))

    def _keep(self, rows: Ints, size: int) -> None:
        """Make all anew with room for `size` rows, of which the first are those chosen of what there was."""
        old, places, used = self.index, HashTable(_INT32, size, least=1), len(rows)
        keys, lasts, changed = _rows_of(size)
        for new, before in ((keys, old.keys), (lasts, old.lasts), (changed, old.changed)):
            new[:used] = before[rows]
        places.insert(keys[:used], np.arange(used))
        self.index = Index(places.cells, places.payload, keys, lasts, changed, np.full(1, used, np.int64))
        made = [np.zeros((size, *column.shape[1:]), column.dtype) for column in self.columns]
        for new, before in zip(made, self.columns, strict=True):
            new[:used] = before[rows]
        self.columns = type(self.columns)(*made)


@compiled
def count_new(index: Index, keys: Keys) -> int:
    """Count the keys, which all differ, that have no row."""
    new = 0
    for at in range(len(keys)):
        new += row_of(index, keys[at]) == NO_ROW
    return new


@compiled
def take_back(index: Index, keys: Keys, rows: Ints) -> None:
    """Find or make the row of each key, for all of which there is room; they count as unchanged."""
    for at in range(len(keys)):
        row = row_for(index, keys[at], I64(0))
        rows[at], index.changed[row] = row, False


def _rows_of(size: int) -> tuple[Keys, Ints, npt.NDArray[np.bool_]]:
    return np.zeros(size, np.uint64), np.zeros(size, np.int64), np.zeros(size, np.bool_)
