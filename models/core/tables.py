"""An open-addressing hash table of 64-bit keys in numpy arrays, worked on by the batch.

Linear probing (Knuth, The Art of Computer Programming, volume 3, 6.4, algorithm L) over one array of keys,
with one array of payload beside it: (8 + payload) ÷ load bytes a key, the load being 0.35 to 0.7 in a table
that grew.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Positions = npt.NDArray[np.int64]

_EMPTY = np.uint64(0)
_STANDS_FOR_EMPTY = np.uint64(0x9E3779B97F4A7C15)
_MOST_LOAD = 0.7
_LOAD_WHEN_BUILT = 0.35
_LEAST_CELLS = 1024
_LOW_BITS = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_CHUNK = 1 << 16
# One step at a time costs twice as much at the highest load: some keys go far, and each step is a round.
_STEPS = np.arange(1, 9)
# By the bits of eight cells, first cell first: how many of them are passed before one that ends the search.
_PASSED = np.array([8 - byte.bit_length() for byte in range(256)])


class HashTable:
    """Keys with a payload each; keys must be well mixed in their low 32 bits.

    A table made for an expected number of keys holds that many before it is rebuilt. A position is valid
    until the next `insert` or `keep`. The key 0 is held as another fixed key.
    """

    def __init__(self, payload: np.dtype[Any], expected: int = 0) -> None:
        self._cells: Keys = np.zeros(_size_for(expected, _MOST_LOAD), np.uint64)
        self.payload: npt.NDArray[Any] = np.zeros(len(self._cells), payload)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def spare(self) -> int:
        """How many keys can still be inserted before the table must be rebuilt."""
        return int(len(self._cells) * _MOST_LOAD) - self._count

    @property
    def size(self) -> int:
        """The number of cells, occupied or not: positions are below it."""
        return len(self._cells)

    def find(self, keys: Keys) -> Positions:
        """Return the position of each key; where absent, −1 − the position of the cell it would have."""
        keys = _without_zero(keys)
        at = self._probe(keys, self._home(keys))
        return np.where(self._cells[at] == keys, at, ~at)

    def insert(self, keys: Keys, payload: npt.ArrayLike = 0, found: Positions | None = None) -> Positions:
        """Add keys that are absent and all differ, each with its payload; return their positions.

        `found` is what `find` returned for them, if that is still valid: they are not searched again.
        The table is rebuilt where it has no room: `table.payload[table.insert(keys)] = …` would then
        write to the former payload array.
        """
        if len(keys) > self.spare:
            self._build(np.ones(self.size, bool), self._count + len(keys))
            found = None
        keys = _without_zero(keys)
        at = self._probe(keys, self._home(keys)) if found is None else ~found
        rest = np.arange(len(keys))
        while len(rest):
            self._cells[at[rest]] = keys[rest]
            # Of several keys written to one cell the last one has it; the others go on from there.
            rest = rest[self._cells[at[rest]] != keys[rest]]
            at[rest] = self._probe(keys[rest], at[rest])
        self.payload[at] = payload
        self._count += len(keys)
        return at

    def keep(self, cells: npt.NDArray[np.bool_]) -> None:
        """Rebuild the table with only the keys of the chosen cells (`cells` has one entry a cell)."""
        self._build(cells, int(np.count_nonzero(cells & (self._cells != _EMPTY))))

    def occupied(self, start: int = 0, end: int | None = None) -> Positions:
        """Return the positions of all keys, or of the keys between two positions."""
        return np.flatnonzero(self._cells[start:end] != _EMPTY) + start

    def keys(self, at: Positions) -> Keys:
        """Return the keys at occupied positions."""
        return self._cells[at]

    def _home(self, keys: Keys) -> Positions:
        return ((keys & _LOW) * np.uint64(len(self._cells)) >> _LOW_BITS).astype(np.int64)

    def _probe(self, keys: Keys, start: Positions) -> Positions:
        """Go from each start to the first cell that holds the key or nothing."""
        at = start.copy()
        cells = self._cells[at]
        rest = np.flatnonzero((cells != keys) & (cells != _EMPTY))
        while len(rest):
            cells = self._cells.take(at[rest, None] + _STEPS, mode="wrap")
            ends = (cells == keys[rest, None]) | (cells == _EMPTY)
            passed = _PASSED[np.packbits(ends)]
            at[rest] += np.minimum(passed + 1, 8)
            rest = rest[passed == 8]
        at[at >= len(self._cells)] -= len(self._cells)
        return at

    def _build(self, kept: npt.NDArray[np.bool_], expected: int) -> None:
        """Move cells to arrays that have room for as many keys again.

        It goes chunk by chunk, in their order, so that reads and writes stay in the processor's caches.
        """
        cells, payload = self._cells, self.payload
        self._cells = np.zeros(_size_for(expected, _LOAD_WHEN_BUILT), np.uint64)
        self.payload = np.zeros(len(self._cells), payload.dtype)
        self._count = 0
        for start in range(0, len(cells), _CHUNK):
            chunk = slice(start, start + _CHUNK)
            at = np.flatnonzero(kept[chunk] & (cells[chunk] != _EMPTY)) + start
            self.insert(cells[at], payload[at])


def _size_for(keys: int, load: float) -> int:
    return max(_LEAST_CELLS, int(keys / load) + 2)


def _without_zero(keys: Keys) -> Keys:
    return np.where(keys == _EMPTY, _STANDS_FOR_EMPTY, keys)
