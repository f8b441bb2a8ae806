"""Counts by bucket and level of sample, for slots with too many persons to hold them all.

Each bucket has a threshold: persons below that level are no longer counted in it. Thresholds only rise.
A bucket's is the lowest level at which the persons last seen in it *or later* are no more than a limit. So
older buckets have higher ones, and a window that has no more persons than the limit holds no bucket with
a threshold, however many there were before it began.
"""

from typing import NamedTuple

import numpy as np

from models.core.growing import grown
from models.reach.rows import Numbers, Rows
from models.reach.sample import LEVELS, SHARES, Floats, Ints, Levels, at_least, bounds, least_level


class Estimates(NamedTuple):
    """Columns of estimates with their 95 % bounds."""

    values: Floats
    lowers: Floats
    uppers: Floats


class Bands:
    """Counts and thresholds by row, bucket and level; row 0 stays empty and stands for "no row".

    models.reach.people counts in `counts`; what it finds below `thresholds` it does not count.
    """

    def __init__(self, buckets: int, limit: int) -> None:
        self._limit = limit
        self._rows = Numbers()
        self.counts = np.zeros((1, buckets, LEVELS), np.int32)
        self.thresholds = np.zeros((1, buckets), np.uint8)

    def open(self) -> int:
        """Return an empty row."""
        row = self._rows.take()
        if row >= len(self.counts):
            self.counts, self.thresholds = grown(self.counts, row), grown(self.thresholds, row)
        return row

    def close(self, row: int) -> None:
        """Empty a row, so that it can be used again."""
        self.counts[row] = 0
        self.thresholds[row] = 0
        self._rows.give_back(row)

    def clear(self, rows: Rows) -> None:
        """Set the counts of rows to zero; thresholds stay."""
        self.counts[rows] = 0

    def forget(self, buckets: Ints) -> None:
        """Empty buckets, in every row."""
        self.counts[:, buckets] = 0
        self.thresholds[:, buckets] = 0

    def raise_to(self, rows: Rows, buckets: Ints, levels: Levels) -> None:
        """Raise the thresholds of rows to levels, a line each, in these buckets; counts stay as they are."""
        at = rows[:, None], buckets
        self.thresholds[at] = np.maximum(self.thresholds[at], levels)

    def tighten(self, row: int, newest_first: Ints) -> Ints:
        """Raise a row's thresholds to what the limit asks; return what is still counted, by bucket."""
        since = at_least(self.counts[row, newest_first].cumsum(axis=0))
        levels = least_level(since, self._limit)
        thresholds = self.thresholds[row]
        thresholds[newest_first] = np.maximum(thresholds[newest_first], levels)
        self.counts[row][np.arange(LEVELS) < thresholds[:, None]] = 0
        left: Ints = self.counts[row].sum(axis=1)
        return left

    def estimates(self, rows: Rows) -> Estimates:
        """Estimate from the lowest level that no threshold cuts and whose sample is within the limit."""
        sizes = at_least(self.counts[rows].sum(axis=1))
        levels = np.maximum(self.thresholds[rows].max(axis=1), least_level(sizes, self._limit))
        sizes, shares = sizes[np.arange(len(rows)), levels], SHARES[levels]
        return Estimates(sizes / shares, *bounds(sizes, shares))
