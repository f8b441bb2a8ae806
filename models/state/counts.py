"""Counts by window, leaf and column, from which old buckets are subtracted again.

Beside them when the first event of each row happened, and what each campaign counted in every two hours.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from models.core.columns import ACTIVE, COLUMNS, LIMB_BITS, SQUARED, TICK, Increments, Ints, numbers, sum_by
from models.core.compiling import I64, compiled
from models.core.sums import add_columns, add_rows
from models.events.batch import Smalls
from models.kinds import CONVERSIONS, POLARITIES
from models.reach.rows import grown
from models.state.leaves import Leaves
from models.tally import Tally
from models.windows import FLIGHT, ROLLING, WEEK, WINDOW_NAMES, WindowName

SERIES: tuple[str, ...] = (
    "impressions",
    "clicks",
    "interactions",
    *(f"rated:{polarity.name}" for polarity in POLARITIES),
    *(f"conversions:{kind.name}" for kind in CONVERSIONS),
)
"""What is counted in each bucket, in the order of a matrix's columns."""
BUCKET = WEEK.bucket
"""The length of a bucket, in microseconds."""

_NUMBER = {name: number for number, name in enumerate(SERIES)}
_CONVERSIONS = [number for name, number in _NUMBER.items() if name.startswith("conversions:")]
_NONE = I64(-1)
_NOTHING: Ints = np.zeros((0, len(SERIES)), np.int64)
_SERIES_OF: Ints = np.array(
    [_NUMBER.get("interactions" if name.startswith("interactions:") else name, _NONE) for name in COLUMNS]
)
"""The series that each column of counts adds to."""
_EXCESS = [name for name in COLUMNS if name.startswith("excess:")]
_PARTS = {
    name: [column for column in COLUMNS if column == name or column.startswith(f"{name}:")]
    for name in SQUARED
}
_NEVER = np.iinfo(np.int64).max
_TICKS: Ints = np.array([window.bucket // TICK for window in ROLLING])
_NUMBER_OF = {name: number for number, name in enumerate(WINDOW_NAMES)}


class _Bucket:
    """Amounts by cell (row and column in one number) of one bucket, in chunks that are summed at times."""

    def __init__(self) -> None:
        self._chunks: list[tuple[Ints, Ints]] = []
        self._waiting = 0
        self._summed = 0

    def add(self, cells: Ints, amounts: Ints) -> None:
        self._chunks.append((cells, amounts))
        self._waiting += len(cells)
        if self._waiting > 2 * self._summed + 4096:
            self._sum()

    def _sum(self) -> None:
        cells, amounts = self.contents()
        self._chunks = [(cells, amounts)]
        self._waiting = self._summed = len(cells)

    def contents(self) -> tuple[Ints, Ints]:
        """Return each cell once, with its sum."""
        cells = np.concatenate([chunk[0] for chunk in self._chunks])
        return sum_by(cells, np.concatenate([chunk[1] for chunk in self._chunks]))


class Rhythm:
    """What each campaign counted in every two hours of the last seven days; `leaves` number the campaigns.

    Bounds read from it how unevenly events come; the alert on silence, when a campaign is used to being
    quiet. It follows from what the longest window counts, so nothing of it is stored.
    """

    def __init__(self, leaves: Leaves) -> None:
        self._leaves = leaves
        self._buckets: dict[int, Ints] = {}
        self._first = 0

    def add(self, counted: Increments) -> None:
        """Add what events counted, by row, tick and column; in the order of ticks."""
        buckets = counted.ticks // (BUCKET // TICK)
        for part in _runs(buckets):
            bucket = int(buckets[part.start])
            if bucket >= self._first:
                series, campaigns = self._bucket(bucket), self._leaves.campaign_of_row
                rows, columns, amounts = counted.rows[part], counted.columns[part], counted.amounts[part]
                add_to_campaigns(series, campaigns, rows, columns, amounts)

    def add_order(self, campaign: str, time: int, counts: Mapping[str, int], sign: int) -> None:
        """Add what an order counts at a time (microseconds), or take it away with sign −1."""
        bucket = time // BUCKET
        if bucket < self._first:
            return
        number = self._leaves.campaign_number(campaign)
        for name, count in counts.items():
            if name in _NUMBER:
                self._bucket(bucket)[number, _NUMBER[name]] += sign * count

    def expire(self, now: int) -> None:
        """Drop the buckets that have left the window by `now` (microseconds)."""
        self._first = max(self._first, WEEK.first_bucket(now))
        for bucket in [bucket for bucket in self._buckets if bucket < self._first]:
            del self._buckets[bucket]

    def forget_orders(self, campaigns: Iterable[str]) -> None:
        """Forget the orders of campaigns."""
        known = list(map(self._leaves.campaign_number, campaigns))
        for counts in self._buckets.values():
            here = [number for number in known if number < len(counts)]
            counts[np.ix_(here, _CONVERSIONS)] = 0

    def of(self, campaign: str, now: int) -> Ints:
        """Return a campaign's counts: a row a bucket, the oldest first and that of `now` last; see SERIES."""
        first, last = WEEK.first_bucket(now), now // BUCKET
        found = np.zeros((last - first + 1, len(SERIES)), np.int64)
        number = self._leaves.campaign_number(campaign)
        for bucket, counts in self._buckets.items():
            if number < len(counts) and first <= bucket <= last:
                found[bucket - first] = counts[number]
        return found

    def _bucket(self, number: int) -> Ints:
        counts = self._buckets.get(number, _NOTHING)
        if len(counts) < len(self._leaves.campaign_names):
            counts = self._buckets[number] = grown(counts, len(self._leaves.campaign_names))
        return counts


class Counts:
    """The counts of all leaves in every window, and of campaigns by the two hours (`rhythm`).

    An event counts a million at most, so sums of 64 bits hold nine million million events.

    What leaves a window again is kept by bucket, once: with the shortest window that holds it, which hands it
    on to the next when it leaves. So buckets must nest, as those of models.windows do.
    """

    def __init__(self, leaves: Leaves) -> None:
        self.rhythm = Rhythm(leaves)
        # By window, row and column.
        self._totals: Ints = np.zeros((len(WINDOW_NAMES), 64, len(COLUMNS)), np.int64)
        self._buckets: list[defaultdict[int, _Bucket]] = [defaultdict(_Bucket) for _ in ROLLING]
        self._first = numbers([0] * len(ROLLING))
        self._firsts: Ints = np.full(64, _NEVER)

    def add(self, increments: Increments) -> None:
        """Add to the flight, and to each rolling window that holds the time."""
        if not len(increments.rows):
            return
        self._grow(int(increments.rows.max()) + 1)
        increments = increments.where(np.argsort(increments.ticks))
        self.rhythm.add(increments)
        cells, buckets = (np.empty(len(increments.rows), np.int64) for _ in range(2))
        holders = np.empty(len(cells), np.int8)
        add_to_windows(self._totals, increments, _TICKS, self._first, cells, holders, buckets)
        for part in _runs(holders, buckets):
            window = holders[part.start]
            if window < len(ROLLING):
                # A copy: a bucket may wait long, and a view would hold the whole batch.
                bucket = self._buckets[window][int(buckets[part.start])]
                bucket.add(cells[part].copy(), increments.amounts[part].copy())

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
                take_from_window(self._totals[number].reshape(-1), cells, amounts)
                if number + 1 < len(ROLLING):
                    longer = left * window.bucket // ROLLING[number + 1].bucket
                    self._buckets[number + 1][longer].add(cells, amounts)

    def sums(self, window: WindowName, rows: Ints, numbers: Ints, length: int) -> Ints:
        """Sum the counts of rows in a window by number, a line each; rows of −1 are left out."""
        sums = np.zeros((length, len(COLUMNS)), np.int64)
        add_rows(self._totals[_NUMBER_OF[window]], rows, numbers, sums)
        return sums

    def activity(self, rows: Ints, numbers: Ints, length: int) -> Ints:
        """Count by number all that people saw and did in the flight."""
        sums = np.zeros(length, np.int64)
        add_columns(self._totals[_NUMBER_OF[FLIGHT]], rows, numbers, ACTIVE, sums)
        return sums

    def tally(self, row: int, window: WindowName) -> Tally:
        """Return a leaf's counts in a window, without zeros."""
        totals = self._totals[_NUMBER_OF[window]]
        if row >= len(totals):
            return {}
        counts = {name: count for name, count in zip(COLUMNS, totals[row].tolist(), strict=True) if count}
        excess = {name: counts.pop(name) for name in _EXCESS if name in counts}
        for name, columns in _PARTS.items():
            total = sum(counts[column] for column in columns if column in counts)
            if total:
                low, high = (excess.get(f"excess:{name}:{limb}", 0) for limb in ("low", "high"))
                counts[f"squares:{name}"] = total + low + (high << LIMB_BITS)
        return counts

    def _grow(self, rows: int) -> None:
        held = self._totals.shape[1]
        if rows > held:
            more = np.zeros((len(WINDOW_NAMES), max(rows - held, held), len(COLUMNS)), np.int64)
            self._totals = np.concatenate([self._totals, more], axis=1)


@compiled
def keep_first(firsts: Ints, rows: Ints, times: Ints) -> None:
    """Keep the earlier time of each row."""
    for index in range(len(rows)):
        firsts[rows[index]] = min(firsts[rows[index]], times[index])


@compiled
def add_to_windows(
    totals: Ints, counted: Increments, widths: Ints, firsts: Ints, cells: Ints, holders: Smalls, buckets: Ints
) -> None:
    """Add counts to the flight and to each rolling window, `widths` ticks a bucket, that holds their bucket.

    Tell of each the cell, the shortest window that holds it, or as many as there are where none does, and its
    bucket there.
    """
    flight = len(widths)
    for index in range(len(cells)):
        row, column, amount = counted.rows[index], counted.columns[index], counted.amounts[index]
        totals[flight, row, column] += amount
        cells[index], holders[index], buckets[index] = row * totals.shape[2] + column, flight, 0
        for number in range(flight - 1, -1, -1):
            bucket = counted.ticks[index] // widths[number]
            if bucket >= firsts[number]:
                totals[number, row, column] += amount
                holders[index], buckets[index] = number, bucket


@compiled
def take_from_window(totals: Ints, cells: Ints, amounts: Ints) -> None:
    """Take amounts out of one window."""
    for index in range(len(cells)):
        totals[cells[index]] -= amounts[index]


@compiled
def add_to_campaigns(series: Ints, campaign_of_row: Ints, rows: Ints, columns: Ints, amounts: Ints) -> None:
    """Add counts of one bucket to the series of their campaigns."""
    for index in range(len(rows)):
        number = _SERIES_OF[columns[index]]
        if number != _NONE:
            series[campaign_of_row[rows[index]], number] += amounts[index]


def _runs(*columns: npt.NDArray[Any]) -> list[slice]:
    """Return where lines stand together that have the same in all columns."""
    changes = np.zeros(len(columns[0]), np.bool_)
    changes[:1] = True
    for column in columns:
        changes[1:] |= column[1:] != column[:-1]
    return [slice(*edges) for edges in pairwise([*np.flatnonzero(changes).tolist(), len(changes)])]
