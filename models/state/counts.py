"""Counts in columns, a row a leaf: an array for each window, from which old buckets are subtracted again.

Beside them when the first event of each row happened, and what each campaign counted in every two hours.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from models.core.columns import COLUMNS, LIMB_BITS, SQUARED, TICK, Increments, Ints, sum_by
from models.core.sums import add_columns, add_rows
from models.kinds import CONVERSIONS, POLARITIES
from models.reach.rows import grown
from models.state.leaves import Leaves
from models.tally import Tally
from models.windows import FLIGHT, ROLLING, WEEK, WINDOW_NAMES, RollingWindow, WindowName

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
_NONE = -1
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
_ACTIVE: Ints = np.array(
    [
        at
        for at, name in enumerate(COLUMNS)
        if name.partition(":")[0] in ("impressions", "clicks", "interactions")
    ]
)
_NEVER = np.iinfo(np.int64).max


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
        """Add what events counted, by row, tick and column."""
        series = _SERIES_OF[counted.columns]
        buckets = counted.ticks // (BUCKET // TICK)
        held = (series != _NONE) & (buckets >= self._first)
        for bucket in np.unique(buckets[held]).tolist():
            here = held & (buckets == bucket)
            campaigns = self._leaves.campaign_of_row[counted.rows[here]]
            np.add.at(self._bucket(bucket), (campaigns, series[here]), counted.amounts[here])

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
    """

    def __init__(self, leaves: Leaves) -> None:
        self.rhythm = Rhythm(leaves)
        self._totals: dict[WindowName, Ints] = {name: _zeros(64) for name in WINDOW_NAMES}
        self._buckets: dict[WindowName, defaultdict[int, _Bucket]] = {
            window.name: defaultdict(_Bucket) for window in ROLLING
        }
        self._first: dict[WindowName, int] = {window.name: 0 for window in ROLLING}
        self._firsts: Ints = np.full(64, _NEVER)

    def add(self, increments: Increments) -> None:
        """Add to the flight, and to each rolling window that holds the time."""
        if not len(increments.rows):
            return
        self._grow(int(increments.rows.max()) + 1)
        increments = increments.where(np.argsort(increments.ticks))
        cells = increments.rows * len(COLUMNS) + increments.columns
        np.add.at(self._totals[FLIGHT].reshape(-1), cells, increments.amounts)
        self.rhythm.add(increments)
        for window in ROLLING:
            self._add_rolling(window, increments.ticks, cells, increments.amounts)

    def see(self, rows: Ints, times: Ints) -> None:
        """Note when events of rows happened (microseconds)."""
        short = int(rows.max(initial=-1)) + 1 - len(self._firsts)
        if short > 0:
            self._firsts = np.append(self._firsts, np.full(max(short, len(self._firsts)), _NEVER))
        np.minimum.at(self._firsts, rows, times)

    def firsts(self, rows: Ints) -> Ints:
        """Return the times of the first events of rows, each of which has one."""
        return self._firsts[rows]

    def expire(self, now: int) -> None:
        """Take out of each window what has left it by `now` (microseconds)."""
        self.rhythm.expire(now)
        for window in ROLLING:
            first = max(self._first[window.name], window.first_bucket(now))
            self._first[window.name] = first
            buckets = self._buckets[window.name]
            for number in [number for number in buckets if number < first]:
                cells, amounts = buckets.pop(number).contents()
                self._totals[window.name].reshape(-1)[cells] -= amounts

    def sums(self, window: WindowName, rows: Ints, numbers: Ints, length: int) -> Ints:
        """Sum the counts of rows in a window by number, a line each; rows of −1 are left out."""
        sums = np.zeros((length, len(COLUMNS)), np.int64)
        add_rows(self._totals[window], rows, numbers, sums)
        return sums

    def activity(self, rows: Ints, numbers: Ints, length: int) -> Ints:
        """Count by number all that people saw and did in the flight."""
        sums = np.zeros(length, np.int64)
        add_columns(self._totals[FLIGHT], rows, numbers, _ACTIVE, sums)
        return sums

    def tally(self, row: int, window: WindowName) -> Tally:
        """Return a leaf's counts in a window, without zeros."""
        totals = self._totals[window]
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

    def _add_rolling(self, window: RollingWindow, ticks: Ints, cells: Ints, amounts: Ints) -> None:
        """Add to one window what comes in the order of its ticks, so that each bucket is a slice."""
        numbers = ticks // (window.bucket // TICK)
        held = int(np.searchsorted(numbers, self._first[window.name]))
        np.add.at(self._totals[window.name].reshape(-1), cells[held:], amounts[held:])
        starts = held + np.flatnonzero(np.diff(numbers[held:], prepend=-1))
        for start, end in itertools.pairwise([*starts.tolist(), len(numbers)]):
            bucket = self._buckets[window.name][int(numbers[start])]
            # A copy: a bucket may wait long, and a view would hold the whole batch.
            bucket.add(cells[start:end].copy(), amounts[start:end].copy())

    def _grow(self, rows: int) -> None:
        if rows <= len(self._totals[FLIGHT]):
            return
        for name, totals in self._totals.items():
            grown = _zeros(max(rows, 2 * len(totals)))
            grown[: len(totals)] = totals
            self._totals[name] = grown


def _zeros(rows: int) -> Ints:
    return np.zeros((rows, len(COLUMNS)), dtype=np.int64)
