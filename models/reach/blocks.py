"""Counts by row and bucket, of rows that are nearly all empty: in blocks, opened when first counted in.

With a count for each of 128 buckets a row took half a kilobyte, and most held a handful of people. Now it
has a head: what it counts in all, its bands, and the number of the block in which each sixteen of its buckets
are counted. Row 0 and block 0 stand for "none", and are zero. Where there is but one bucket its count is the
total, and there are no blocks.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.columns import Int32s
from models.core.compiling import I64, U64, compiled, inlined
from models.core.growing import grown
from models.reach.rows import Rows
from models.reach.sample import Ints

Mask = npt.NDArray[np.bool_]

TOTAL, BANDS = U64(0), U64(1)
"""Columns of a head; those that follow have the numbers of the blocks."""
_BLOCKS = I64(2)
# A block has 16 counts of 4 bytes, a line of the processor's cache; both are powers of 2.
_PLACES, _BITS = 16, I64(4)
_LOW = I64(_PLACES - 1)
_SPARE, _UNUSED = I64(0), I64(1)
_ONE = I64(1)


class Tables(NamedTuple):
    """What loops count in: heads a line a row, counts a line a block.

    `spare` lists the blocks that were given back; `ends` has how many these are, and then the first block
    that nobody has used yet.
    """

    heads: Int32s
    counts: Int32s
    spare: Int32s
    ends: Ints


class Blocks:
    """The counts of some rows in one bucket, or in several: a power of 2, and at least a block."""

    def __init__(self, buckets: int) -> None:
        self._parts = buckets // _PLACES
        self.tables = Tables(
            np.zeros((1, int(_BLOCKS) + self._parts), np.int32),
            np.zeros((1, _PLACES), np.int32),
            np.zeros(1, np.int32),
            np.array([0, 1]),
        )

    @property
    def totals(self) -> Int32s:
        """What each row counts in all."""
        return self.tables.heads[:, TOTAL]

    @property
    def bands(self) -> Int32s:
        """The row of bands of each row, 0 for none; may be written."""
        return self.tables.heads[:, BANDS]

    def open(self, row: int) -> None:
        """Make room for a row."""
        if row >= len(self.tables.heads):
            self.tables = self.tables._replace(heads=grown(self.tables.heads, row))

    def make_room(self, most: int) -> None:
        """Make room for so many blocks, before `add` is called as often with 1.

        Beyond what is used nothing is copied: memory that nobody has written to is none.
        """
        heads, counts, spare, (given_back, unused) = self.tables
        last = min(unused + most - 1, self._parts * (len(heads) - 1))
        if last >= len(counts):
            counts = grown(counts[:unused], last)
            spare = grown(spare[:given_back], len(counts))
            self.tables = self.tables._replace(counts=counts, spare=spare)

    def clear(self, rows: Rows) -> None:
        """Set what rows count to zero, and give back their blocks; their bands stay."""
        heads, counts, spare, ends = self.tables
        of_rows = heads[rows, _BLOCKS:]
        blocks = of_rows[of_rows > 0]
        counts[blocks] = 0
        spare[ends[_SPARE] : ends[_SPARE] + len(blocks)] = blocks
        ends[_SPARE] += len(blocks)
        heads[rows, TOTAL] = 0
        heads[rows, _BLOCKS:] = 0

    def lower(self, row: int, counts: Ints) -> None:
        """Set a row's counts, by bucket, to others that are nowhere higher."""
        self.totals[row] = counts.sum()
        if self._parts:
            blocks = self.tables.heads[row, _BLOCKS:]
            opened = blocks > 0
            self.tables.counts[blocks[opened]] = counts.reshape(self._parts, -1)[opened]

    def forget(self, buckets: Ints) -> None:
        """Empty buckets, where there are several, in every row."""
        left = np.zeros((self._parts, _PLACES), np.bool_)
        left.reshape(-1)[buckets] = True
        for part in np.flatnonzero(left.any(axis=1)).tolist():
            forget(self.tables, part, left[part])


@inlined
def add(tables: Tables, row: np.uint64, bucket: np.int64, sign: np.int32) -> None:
    """Count one more in a row and bucket, or one less of those counted there."""
    tables.heads[row, TOTAL] += sign
    if tables.heads.shape[1] == _BLOCKS:
        return
    part = U64(_BLOCKS + (bucket >> _BITS))
    if tables.heads[row, part] == 0:
        tables.heads[row, part] = _opened(tables)
    tables.counts[U64(tables.heads[row, part]), U64(bucket & _LOW)] += sign


@inlined
def count_of(tables: Tables, row: np.uint64, bucket: np.int64) -> np.int32:
    """Return how many a row counts in a bucket."""
    if tables.heads.shape[1] == _BLOCKS:
        return np.int32(tables.heads[row, TOTAL])
    block = U64(tables.heads[row, U64(_BLOCKS + (bucket >> _BITS))])
    return np.int32(tables.counts[block, U64(bucket & _LOW)])


@inlined
def _opened(tables: Tables) -> np.int64:
    """Return the number of an empty block; room was made for it."""
    ends = tables.ends
    if ends[_SPARE]:
        ends[_SPARE] -= _ONE
        return I64(tables.spare[ends[_SPARE]])
    ends[_UNUSED] += _ONE
    return I64(ends[_UNUSED] - _ONE)


@compiled
def forget(tables: Tables, part: int, left: Mask) -> None:
    """Empty the places that are `left` of one part of all rows; give back the blocks that are empty then."""
    heads, counts, spare, ends = tables
    for row in range(len(heads)):
        block = heads[row, _BLOCKS + part]
        if block == 0:
            continue
        rest = I64(0)
        for place in range(len(left)):
            if left[place]:
                heads[row, TOTAL] -= counts[block, place]
                counts[block, place] = 0
            rest += counts[block, place]
        if rest == 0:
            heads[row, _BLOCKS + part] = 0
            spare[ends[_SPARE]] = block
            ends[_SPARE] += _ONE
