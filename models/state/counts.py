"""Counts by leaf, column and window, from which old buckets are subtracted again.

Beside them the same by site (models.state.leaves), when the first event of each row happened, and what each
campaign counted in every two hours.
"""

from collections import defaultdict
from typing import Any

import numpy as np
import numpy.typing as npt

from models.core.columns import (
    ACTIVE,
    COLUMNS,
    LIMB_BITS,
    SQUARED,
    TICK,
    Increments,
    Int32s,
    Ints,
    narrowed,
    numbers,
    runs,
    sum_by,
)  # fmt: skip
from models.core.compiling import compiled
from models.core.growing import grown
from models.core.sums import add_places, add_rows
from models.events.batch import Smalls
from models.state.count_lines import add_leaves, add_to_windows, no_lines, open_all, take_from_window
from models.state.leaves import Leaves
from models.state.rhythm import Rhythm
from models.tally import Tally
from models.windows import ROLLING, WINDOW_NAMES, WindowName

_EXCESS = [name for name in COLUMNS if name.startswith("excess:")]
_PARTS = {
    name: [column for column in COLUMNS if column == name or column.startswith(f"{name}:")]
    for name in SQUARED
}
_NEVER = np.iinfo(np.int64).max
_TICKS: Ints = np.array([window.bucket // TICK for window in ROLLING])
_ACTIVITY_OF: Ints = np.isin(np.arange(len(COLUMNS)), ACTIVE).astype(np.int64)
"""How much of each column is activity: all or nothing."""
_NUMBER_OF = {name: number for number, name in enumerate(WINDOW_NAMES)}


class _Bucket:
    """Amounts by cell (row and column in one number) of one bucket, in chunks that are summed at times.

    A leaf may be in a hundred buckets in a week: its amounts, mostly 1, are as narrow as they can be, and a
    cell has 31 bits, which rows (models.state.gathering) and columns do not fill.
    """

    def __init__(self) -> None:
        self._chunks: list[tuple[Int32s, npt.NDArray[Any]]] = []
        self._waiting = 0
        self._summed = 0

    def add(self, cells: Ints, amounts: Ints) -> None:
        self._chunks.append((cells.astype(np.int32), narrowed(amounts)))
        self._waiting += len(cells)
        if self._waiting > 2 * self._summed + 4096:
            self._sum()

    def _sum(self) -> None:
        cells, amounts = self.contents()
        self._chunks = [(cells.astype(np.int32), narrowed(amounts))]
        self._waiting = self._summed = len(cells)

    def contents(self) -> tuple[Ints, Ints]:
        """Return each cell once, with its sum."""
        chunks = zip(*self._chunks, strict=True)
        cells, amounts = (np.concatenate(columns, dtype=np.int64) for columns in chunks)
        return sum_by(cells, amounts)


class Counts:
    """The counts of all leaves in every window, and of campaigns by the two hours (`rhythm`).

    An event counts a million at most, so sums of 64 bits hold nine million million events.

    What leaves a window again is kept by bucket, once: with the shortest window that holds it, which hands it
    on to the next when it leaves. So buckets must nest, as those of models.windows do.
    """

    def __init__(self, leaves: Leaves) -> None:
        self.rhythm = Rhythm(leaves)
        self._leaves = leaves
        self._lines = no_lines()
        # By window, site and column: of 500 000 leaves a page took 0.1 s to sum them up.
        self._of_sites: Ints = np.zeros((len(WINDOW_NAMES), 8, len(COLUMNS)), np.int64)
        # By row, of the flight.
        self._activity: Ints = np.zeros(64, np.int64)
        self._buckets: list[defaultdict[int, _Bucket]] = [defaultdict(_Bucket) for _ in ROLLING]
        self._first = numbers([0] * len(ROLLING))
        self._firsts: Ints = np.full(64, _NEVER)

    def add(self, increments: Increments) -> None:
        """Add to the flight, and to each rolling window that holds the time."""
        if not len(increments.rows):
            return
        self._grow(int(increments.rows.max()))
        increments = increments.where(np.argsort(increments.ticks))
        self.rhythm.add(increments)
        cells, buckets = (np.empty(len(increments.rows), np.int64) for _ in range(2))
        holders = np.empty(len(cells), np.int8)
        self._lines = open_all(self._lines, increments)
        add_to_windows(self._lines, increments, _TICKS, self._first, cells, holders, buckets)
        add_to_sites(self._of_sites, self._activity, self._leaves.site_of_row, increments, holders)
        for part in runs(holders, buckets):
            window = holders[part.start]
            if window < len(ROLLING):
                bucket = self._buckets[window][int(buckets[part.start])]
                bucket.add(cells[part], increments.amounts[part])

    def see(self, rows: Ints, times: Ints) -> None:
        """Note when events of rows happened (microseconds)."""
        short = int(rows.max(initial=-1)) + 1 - len(self._firsts)
        if short > 0:
            self._firsts = np.append(self._firsts, np.full(max(short, len(self._firsts)), _NEVER))
        keep_first(self._firsts, rows, times)

    def firsts(self, rows: Ints) -> Ints:
        """Return the times of the first events of rows, each of which has one."""
        return self._firsts[rows]

    def expire(self, now: int) -> None:
        """Take out of each window what has left it by `now` (microseconds)."""
        self.rhythm.expire(now)
        for number, window in enumerate(ROLLING):
            first = max(int(self._first[number]), window.first_bucket(now))
            self._first[number] = first
            buckets = self._buckets[number]
            for left in sorted(bucket for bucket in buckets if bucket < first):
                cells, amounts = buckets.pop(left).contents()
                sites, of_sites = self._leaves.site_of_row, self._of_sites[number]
                take_from_window(self._lines, number, of_sites, sites, cells, amounts)
                if number + 1 < len(ROLLING):
                    longer = left * window.bucket // ROLLING[number + 1].bucket
                    self._buckets[number + 1][longer].add(cells, amounts)

    def sums(self, window: WindowName, rows: Ints, numbers: Ints, length: int) -> Ints:
        """Sum the counts of rows in a window by number, a line each; rows of −1 are left out."""
        sums = np.zeros((length, len(COLUMNS)), np.int64)
        add_leaves(self._lines, _NUMBER_OF[window], rows, numbers, sums)
        return sums

    def of_sites(self, window: WindowName, sites: Ints) -> Ints:
        """Return the counts of sites in a window, a line each: what all their rows have counted."""
        sums = np.zeros((len(sites), len(COLUMNS)), np.int64)
        add_rows(self._of_sites[_NUMBER_OF[window]], sites, np.arange(len(sites)), sums)
        return sums

    def activity(self, rows: Ints, numbers: Ints, length: int) -> Ints:
        """Count by number all that people saw and did in the flight."""
        sums = np.zeros(length, np.int64)
        add_places(self._activity, rows, numbers, sums)
        return sums

    def tally(self, row: int, window: WindowName) -> Tally:
        """Return a leaf's counts in a window, without zeros."""
        totals = self.sums(window, numbers([row]), numbers([0]), 1)[0]
        counts = {name: count for name, count in zip(COLUMNS, totals.tolist(), strict=True) if count}
        excess = {name: counts.pop(name) for name in _EXCESS if name in counts}
        for name, columns in _PARTS.items():
            total = sum(counts[column] for column in columns if column in counts)
            if total:
                low, high = (excess.get(f"excess:{name}:{limb}", 0) for limb in ("low", "high"))
                counts[f"squares:{name}"] = total + low + (high << LIMB_BITS)
        return counts

    def _grow(self, row: int) -> None:
        if row >= len(self._activity):
            self._activity = grown(self._activity, row)
        short = self._leaves.sites - self._of_sites.shape[1]
        if short > 0:
            more = np.zeros((len(WINDOW_NAMES), max(short, self._of_sites.shape[1]), len(COLUMNS)), np.int64)
            self._of_sites = np.concatenate([self._of_sites, more], axis=1)


@compiled
def keep_first(firsts: Ints, rows: Ints, times: Ints) -> None:
    """Keep the earlier time of each row."""
    for index in range(len(rows)):
        firsts[rows[index]] = min(firsts[rows[index]], times[index])


@compiled
def add_to_sites(
    of_sites: Ints, activity: Ints, site_of_row: Int32s, counted: Increments, holders: Smalls
) -> None:
    """Add counts to the activity of their row, and to its site in each window from their holder on.

    In a loop of its own, whose tables stay in the processor's cache.
    """
    flight = len(of_sites) - 1
    for index in range(len(holders)):
        row, column, amount = counted.rows[index], counted.columns[index], counted.amounts[index]
        activity[row] += _ACTIVITY_OF[column] * amount
        for number in range(holders[index], flight + 1):
            of_sites[number, site_of_row[row], column] += amount
