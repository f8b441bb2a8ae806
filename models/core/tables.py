"""An open-addressing hash table of 64-bit keys in numpy arrays, and what loops over such arrays need.

Linear probing (Knuth, The Art of Computer Programming, volume 3, 6.4, algorithm L) over one array of keys,
with one array of payload beside it: (8 + payload) ÷ load bytes a key, the load being 0.35 to 0.7 in a table
that grew.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from models.core.compiling import U64, compiled, inlined

Keys = npt.NDArray[np.uint64]
Positions = npt.NDArray[np.int64]
_Mask = npt.NDArray[np.bool_]

EMPTY = U64(0)
"""What a cell holds that has no key."""
_STANDS_FOR_EMPTY = U64(0x9E3779B97F4A7C15)
_MOST_LOAD = 0.7
_LOAD_WHEN_BUILT = 0.35
_LEAST_CELLS = 1024
_LOW, _LOW_BITS, _ONE = U64(0xFFFFFFFF), U64(32), U64(1)


class HashTable:
    """Keys with a payload each; keys must be well mixed in their low 32 bits.

    A table made for an expected number of keys holds that many before it is rebuilt, and has `least` cells at
    least. A position is valid until the next `insert`, `keep` or `make_room`. The key 0 is held as another
    fixed key.

    Loops may write to `cells` and `payload` themselves, where `make_room` was called before and `count_new`
    is called afterwards: at least three cells in ten are empty, so that every search ends.
    """

    def __init__(self, payload: np.dtype[Any], expected: int = 0, least: int = _LEAST_CELLS) -> None:
        self._least = least
        self.cells: Keys = np.zeros(self._size_for(expected, _MOST_LOAD), np.uint64)
        self.payload: npt.NDArray[Any] = np.zeros(len(self.cells), payload)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def spare(self) -> int:
        """How many keys can still be inserted before the table must be rebuilt."""
        return int(len(self.cells) * _MOST_LOAD) - self._count

    @property
    def size(self) -> int:
        """The number of cells, occupied or not: positions are below it."""
        return len(self.cells)

    def find(self, keys: Keys) -> Positions:
        """Return the position of each key; below 0 where absent."""
        at = np.empty(len(keys), np.int64)
        _find(self.cells, np.require(keys, None, ["C", "W"]), at)
        return at

    def insert(self, keys: Keys, payload: npt.ArrayLike = 0) -> Positions:
        """Add keys that are absent and all differ, each with its payload; return their positions.

        The table is rebuilt where it has no room: `table.payload[table.insert(keys)] = …` would then
        write to the former payload array.
        """
        self.make_room(len(keys))
        at = np.empty(len(keys), np.int64)
        _insert(self.cells, np.require(keys, None, ["C", "W"]), at)
        self.payload[at] = payload
        self.count_new(len(keys))
        return at

    def make_room(self, new: int) -> None:
        """Rebuild the table if it has no room for so many new keys."""
        if new > self.spare:
            self._build(np.ones(self.size, np.bool_), self._count + new)

    def count_new(self, new: int) -> None:
        """Count the keys that a loop inserted."""
        self._count += new

    def keep(self, cells: _Mask) -> None:
        """Rebuild the table with only the keys of the chosen cells (`cells` has one entry a cell)."""
        self._build(cells, int(np.count_nonzero(cells & (self.cells != EMPTY))))

    def _build(self, kept: _Mask, expected: int) -> None:
        cells = np.zeros(self._size_for(expected, _LOAD_WHEN_BUILT), np.uint64)
        payload = np.zeros(len(cells), self.payload.dtype)
        self._count = int(_move(self.cells, self.payload, kept, cells, payload))
        self.cells, self.payload = cells, payload

    def _size_for(self, keys: int, load: float) -> int:
        return max(self._least, int(keys / load) + 2)


@inlined
def not_empty(key: np.uint64) -> np.uint64:
    """Return what a key is held as."""
    return _STANDS_FOR_EMPTY if key == EMPTY else key


@inlined
def home(cells: Keys, key: np.uint64) -> np.uint64:
    """Return the cell where the search for a key begins."""
    return (key & _LOW) * U64(len(cells)) >> _LOW_BITS


@inlined
def position(cells: Keys, key: np.uint64) -> np.uint64:
    """Return where a key is, or the empty cell that it would have; the key is never EMPTY."""
    at, size = home(cells, key), U64(len(cells))
    while cells[at] != key and cells[at] != EMPTY:
        at += _ONE
        if at == size:
            at = U64(0)
    return at


@compiled
def touch(cells: npt.NDArray[Any], keys: Keys) -> np.uint64:
    """Read the cell, or its payload, where the search for each key begins; what is returned means nothing.

    Of such reads many are under way at once, of the searches that come after them only one: in a table that
    is larger than the processor's caches each would wait for memory.
    """
    read = U64(0)
    for index in range(len(keys)):
        read |= U64(cells[home(cells, keys[index])])
    return read


@compiled
def _find(cells: Keys, keys: Keys, at: Positions) -> None:
    for index in range(len(keys)):
        key = not_empty(keys[index])
        there = position(cells, key)
        at[index] = np.int64(there) if cells[there] == key else -1


@compiled
def _insert(cells: Keys, keys: Keys, at: Positions) -> None:
    for index in range(len(keys)):
        key = not_empty(keys[index])
        there = position(cells, key)
        cells[there] = key
        at[index] = np.int64(there)


@compiled
def _move(
    cells: Keys, payload: npt.NDArray[Any], kept: _Mask, new_cells: Keys, new_payload: npt.NDArray[Any]
) -> int:
    """Insert what is kept into another table; return how much that is.

    In the order of the cells, which is nearly that of the new ones: so memory is read and written in order.
    """
    moved = 0
    for at in range(len(cells)):
        if kept[at] and cells[at] != EMPTY:
            there = position(new_cells, cells[at])
            new_cells[there], new_payload[there] = cells[at], payload[at]
            moved += 1
    return moved
