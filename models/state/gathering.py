"""Counts as events come: added up by row, tick and column, until windows and what is stored take them.

A busy leaf counts many events in the ten seconds of a tick, and hands them on as one. Where there are more
leaves than events in a tick, the table is a buffer that stays in the processor's own cache, and the windows,
which do not, are gone through in one loop.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.columns import COLUMNS, Increments, Ints, no_counts
from models.core.compiling import I64, U64, compiled, inlined

Hashes = npt.NDArray[np.uint64]

_CELLS_BITS = 16
MOST = (1 << _CELLS_BITS) // 2
"""How many sums are gathered at most: the table is at most half full, and takes a megabyte."""
# A key is row + 1, tick and column: it is never 0, which marks an empty cell. There is memory for far fewer
# rows than 2²³, and ticks have 35 bits until the year 12 800.
_COLUMN_BITS, _TICK_BITS = 6, 35
_COLUMN, _TICK = U64((1 << _COLUMN_BITS) - 1), U64((1 << _TICK_BITS) - 1)
_TICK_AT, _ROW_AT = U64(_COLUMN_BITS), U64(_COLUMN_BITS + _TICK_BITS)
_EMPTY, _ONE, _LAST = U64(0), U64(1), U64((1 << _CELLS_BITS) - 1)
# 2⁶⁴ ÷ the golden ratio: of such a product the high bits are well mixed. Leaves are numbered as they come, so
# that nobody chooses keys.
_FACTOR, _HIGH = U64(0x9E3779B97F4A7C15), U64(64 - _CELLS_BITS)


class Sums(NamedTuple):
    """A hash table with linear probing: keys, the amount of each, and in `number` how many there are."""

    keys: Hashes
    amounts: Ints
    number: Ints


class Gathering:
    """What was counted since it was last taken."""

    def __init__(self) -> None:
        if len(COLUMNS) > 1 << _COLUMN_BITS:
            raise ValueError(f"{len(COLUMNS)} columns need more than {_COLUMN_BITS} bits")
        size = 1 << _CELLS_BITS
        self.sums = Sums(np.zeros(size, np.uint64), np.zeros(size, np.int64), np.zeros(1, np.int64))

    def __bool__(self) -> bool:
        return bool(self.sums.number[0])

    def take(self) -> Increments:
        """Return the sums, in no order, and begin anew."""
        if not self:
            return no_counts()
        taken = Increments(*np.empty((len(Increments._fields), int(self.sums.number[0])), np.int64))
        drain(self.sums, taken)
        return taken


@inlined
def room(sums: Sums) -> np.int64:
    """Return how many more sums may be begun."""
    left: np.int64 = I64(MOST) - sums.number[0]
    return left


@compiled
def gather(sums: Sums, row: np.int64, tick: np.int64, column: np.int64, amount: np.int64) -> None:
    """Add to the sum of a row, tick and column; there must be room."""
    key = U64(row + 1) << _ROW_AT | (U64(tick) & _TICK) << _TICK_AT | U64(column)
    at = key * _FACTOR >> _HIGH
    while sums.keys[at] != key and sums.keys[at] != _EMPTY:
        at = at + _ONE & _LAST
    if sums.keys[at] == _EMPTY:
        sums.keys[at] = key
        sums.amounts[at] = 0
        sums.number[0] += 1
    sums.amounts[at] += amount


@compiled
def drain(sums: Sums, into: Increments) -> None:
    """Move all sums to columns."""
    number = 0
    for at in range(len(sums.keys)):
        key = sums.keys[at]
        if key != _EMPTY:
            into.rows[number] = I64(key >> _ROW_AT) - 1
            into.ticks[number] = I64(key >> _TICK_AT & _TICK)
            into.columns[number], into.amounts[number] = I64(key & _COLUMN), sums.amounts[at]
            sums.keys[at] = _EMPTY
            number += 1
    sums.number[0] = 0
