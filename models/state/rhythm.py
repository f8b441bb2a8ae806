"""What each campaign counted in every two hours of the last seven days."""

from collections.abc import Iterable, Mapping

import numpy as np

from models.core.columns import COLUMNS, TICK, Increments, Int32s, Ints, runs
from models.core.compiling import I64, compiled
from models.core.growing import grown
from models.kinds import CONVERSIONS, POLARITIES
from models.state.leaves import Leaves
from models.windows import WEEK

SERIES: tuple[str, ...] = (
    "impressions",
    "clicks",
    "interactions",
    *(f"rated:{polarity.name}" for polarity in POLARITIES),
    *(f"conversions:{kind.name}" for kind in CONVERSIONS),
    "judged",
    "suspicious",
)
"""What is counted in each bucket, in the order of a matrix's columns."""
BUCKET = WEEK.bucket
"""The length of a bucket, in microseconds."""

_NUMBER = {name: number for number, name in enumerate(SERIES)}
_CONVERSIONS = [number for name, number in _NUMBER.items() if name.startswith("conversions:")]
_NONE = I64(-1)
_NOTHING: Ints = np.zeros((0, len(SERIES)), np.int64)
_TOGETHER = ("interactions", "suspicious")
"""The families whose kinds are counted together."""
_SERIES_OF: Ints = np.array(
    [
        _NUMBER.get(family if (family := name.partition(":")[0]) in _TOGETHER else name, _NONE)
        for name in COLUMNS
    ]
)
"""The series that each column of counts adds to."""


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
        for part in runs(buckets):
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

    def add_sales(self, ticks: Ints, campaigns: Ints, kinds: Ints, orders: Ints) -> None:
        """Add sales, by tick and the numbers of their campaigns and kinds."""
        buckets = ticks // (BUCKET // TICK)
        for bucket in np.unique(buckets[buckets >= self._first]).tolist():
            here = buckets == bucket
            np.add.at(self._bucket(bucket), (campaigns[here], _CONVERSIONS[0] + kinds[here]), orders[here])

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
        # Where a total fell in another bucket than it grew, that took back what was none of its own.
        return np.maximum(found, 0)

    def _bucket(self, number: int) -> Ints:
        counts = self._buckets.get(number, _NOTHING)
        if len(counts) < len(self._leaves.campaign_names):
            counts = self._buckets[number] = grown(counts, len(self._leaves.campaign_names))
        return counts


@compiled
def add_to_campaigns(series: Ints, campaign_of_row: Int32s, rows: Ints, columns: Ints, amounts: Ints) -> None:
    """Add counts of one bucket to the series of their campaigns."""
    for index in range(len(rows)):
        number = _SERIES_OF[columns[index]]
        if number != _NONE:
            series[campaign_of_row[rows[index]], number] += amounts[index]
