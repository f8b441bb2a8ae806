"""What plain sales count in every window, as columns; a plain sale is all that is known of its order.

Sales of a leaf that are of one kind, attributed in one way and paid in one currency share a line. Whatever
else is known of orders is counted by name (models.state.order_store), and may take away there what a plain
sale counted here: both are added up when they are read.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

import numpy as np

from models.core.columns import TICK, Chosen, Ints, stack
from models.core.compiling import I64, compiled
from models.core.growing import grown
from models.events.currencies import CURRENCIES, currency_of
from models.kinds import ATTRIBUTIONS, CONVERSIONS
from models.kinds import names as names_of
from models.scopes import Leaf
from models.state.rhythm import Rhythm
from models.tally import Tally
from models.windows import FLIGHT, ROLLING, WINDOW_NAMES, WindowName

BY_NOBODY = len(ATTRIBUTIONS)
"""The number, after those of attributions, of sales that name no influencer."""

_KINDS, _BY = names_of(CONVERSIONS), (*names_of(ATTRIBUTIONS), None)
_MOST_WAITING = 4096
# The columns of sums: Σn and Σn² of orders, then Σ and Σ² of amounts in limbs of 31 bits, each of which adds
# up in 64 bits for a thousand million sales.
_ORDERS, _SQUARES, _AMOUNTS, _AMOUNT_SQUARES, _COLUMNS = 0, 1, 2, 4, 8
_LIMB_BITS = 31
_BITS, _LIMB, _ZERO = I64(_LIMB_BITS), I64((1 << _LIMB_BITS) - 1), I64(0)
_SQUARED = 2
"""Where Σn² is among the names of what a line counts."""
_NUMBER_OF = {name: number for number, name in enumerate(WINDOW_NAMES)}


class Sales(NamedTuple):
    """Plain sales, as columns of one length: line, tick, how many orders, and nanos, −1 without a price."""

    lines: Ints
    ticks: Ints
    orders: Ints
    nanos: Ints

    def where(self, chosen: Chosen) -> "Sales":
        """Return the chosen sales."""
        return Sales(*(column[chosen] for column in self))


class _Line(NamedTuple):
    """Where sales count: a leaf, the names of what counts orders, and of what counts their revenue."""

    leaf: Leaf
    counts: tuple[str, ...]
    revenue: tuple[str, ...]


class SaleSums:
    """Sums of plain sales by window and line; `places` lists the leaves at which such sales may count.

    What leaves a window again waits, sale by sale, with the shortest window that holds it, which hands it on
    to the next when it leaves. `number_of` numbers campaigns, and `rhythm` is told what they sell.
    """

    def __init__(self, number_of: Callable[[str], int], rhythm: Rhythm) -> None:
        self.places: list[Leaf] = []
        self._number_of = number_of
        self._rhythm = rhythm
        self._place_of: dict[Leaf, int] = {}
        self._lines: list[_Line] = []
        self._line_of: dict[int, int] = {}
        self._lines_of: defaultdict[str, list[int]] = defaultdict(list)
        # By line: the number of its campaign and of its kind.
        self._series: Ints = np.zeros((64, 2), np.int64)
        self._totals: Ints = np.zeros((len(WINDOW_NAMES), 64, _COLUMNS), np.int64)
        self._waiting: list[Sales] = []
        self._number_waiting = 0
        self._buckets: list[defaultdict[int, list[Sales]]] = [defaultdict(list) for _ in ROLLING]
        self._first = [0 for _ in ROLLING]

    def place(self, leaf: Leaf) -> int:
        """Return the number of a leaf among `places`."""
        if leaf not in self._place_of:
            self._place_of[leaf] = len(self.places)
            self.places.append(leaf)
        return self._place_of[leaf]

    def lines(self, places: Ints, kinds: Ints, by: Ints, currencies: Ints) -> Ints:
        """Return the lines of sales: by number of place, kind, attribution or BY_NOBODY, currency or −1."""
        attributed = (places * len(_KINDS) + kinds) * len(_BY) + by
        codes = (attributed * (CURRENCIES + 1) + currencies + 1).tolist()
        found = list(map(self._line_of.get, codes))
        if None in found:
            for code in codes:
                if code not in self._line_of:
                    self._line_of[code] = self._add_line(code)
            found = list(map(self._line_of.get, codes))
        return np.array(found, np.int64)

    def add(self, sales: Sales) -> None:
        """Count sales; windows take them over from time to time, and whenever they are read."""
        self._waiting.append(sales)
        self._number_waiting += len(sales.lines)
        if self._number_waiting > _MOST_WAITING:
            self.settle()

    def settle(self) -> None:
        """Let windows take over what waits: before they or the rhythm of campaigns are read."""
        if not self._waiting:
            return
        sales: Sales = stack(self._waiting)
        self._waiting, self._number_waiting = [], 0
        campaigns, kinds = self._series[sales.lines].T
        self._rhythm.add_sales(sales.ticks, campaigns, kinds, sales.orders)
        self._count(FLIGHT, sales, 1)
        kept = np.zeros(len(sales.lines), np.bool_)
        for number, window in enumerate(ROLLING):
            buckets = sales.ticks // (window.bucket // TICK)
            held = buckets >= self._first[number]
            self._count(window.name, sales.where(held), 1)
            new = held & ~kept
            for bucket in np.unique(buckets[new]).tolist():
                self._buckets[number][bucket].append(sales.where(new & (buckets == bucket)))
            kept |= held

    def expire(self, now: int) -> None:
        """Take out of each window what has left it by `now` (microseconds)."""
        for number, window in enumerate(ROLLING):
            first = self._first[number] = max(self._first[number], window.first_bucket(now))
            buckets = self._buckets[number]
            for left in [bucket for bucket in buckets if bucket < first]:
                sales: Sales = stack(buckets.pop(left))
                self._count(window.name, sales, -1)
                if number + 1 < len(ROLLING):
                    longer = left * window.bucket // ROLLING[number + 1].bucket
                    self._buckets[number + 1][longer].append(sales)

    def tallies(self, leaf: Leaf, window: WindowName) -> list[Tally]:
        """Return what each line of a leaf counts in a window."""
        self.settle()
        lines = [line for line in self._lines_of[leaf.campaign] if self._lines[line].leaf == leaf]
        return [tally for _, tally in self._tallies(lines, window)]

    def of_campaign(self, campaign: str, window: WindowName) -> Iterator[tuple[Leaf, Tally]]:
        """Return what each line of a campaign counts in a window, but for lines that count nothing."""
        self.settle()
        return self._tallies(self._lines_of[campaign], window)

    def close(self, campaigns: Collection[str]) -> list[tuple[Leaf, Tally]]:
        """Forget the sales of campaigns; return what each of their lines counted in the flight."""
        flight = [counted for campaign in campaigns for counted in self.of_campaign(campaign, FLIGHT)]
        gone = np.zeros(len(self._lines), np.bool_)
        gone[[line for campaign in campaigns for line in self._lines_of[campaign]]] = True
        self._totals[:, np.flatnonzero(gone)] = 0
        for buckets in self._buckets:
            for bucket, parts in buckets.items():
                buckets[bucket] = [sales.where(~gone[sales.lines]) for sales in parts]
        return flight

    def _tallies(self, lines: list[int], window: WindowName) -> Iterator[tuple[Leaf, Tally]]:
        for line, sums in zip(lines, self._totals[_NUMBER_OF[window], lines].tolist(), strict=True):
            if sums[_ORDERS]:
                leaf, names, revenue = self._lines[line]
                tally = dict.fromkeys(names, sums[_ORDERS])
                tally[names[_SQUARED]] = sums[_SQUARES]
                if revenue and any(sums[_AMOUNTS:]):
                    amount, square = revenue
                    tally[amount] = _whole(sums[_AMOUNTS:_AMOUNT_SQUARES])
                    tally[square] = _whole(sums[_AMOUNT_SQUARES:])
                yield leaf, tally

    def _count(self, window: WindowName, sales: Sales, sign: int) -> None:
        count_sales(self._totals[_NUMBER_OF[window]], sales.lines, sales.orders, sales.nanos, sign)

    def _add_line(self, code: int) -> int:
        code, currency = divmod(code, CURRENCIES + 1)
        code, by = divmod(code, len(_BY))
        place, kind = divmod(code, len(_KINDS))
        leaf, line = self.places[place], len(self._lines)
        self._lines.append(
            _line(leaf, _KINDS[kind], _BY[by], currency_of(currency - 1) if currency else None)
        )
        self._lines_of[leaf.campaign].append(line)
        if line >= len(self._series):
            self._series = grown(self._series, line)
            self._totals = np.concatenate([self._totals, np.zeros_like(self._totals)], axis=1)
        self._series[line] = self._number_of(leaf.campaign), kind
        return line


def _line(leaf: Leaf, kind: str, by: str | None, currency: str | None) -> _Line:
    """Name what a line counts, as models.tally does."""
    counts = [f"orders:{kind}", f"conversions:{kind}", f"squares:conversions:{kind}"]
    if by is not None:
        counts.append(f"attributed:{by}")
    if currency is None:
        return _Line(leaf, tuple(counts), ())
    revenue = f"revenue:{kind}:{currency}"
    return _Line(leaf, (*counts, f"valued:{kind}"), (revenue, f"squares:{revenue}"))


def _whole(limbs: list[int]) -> int:
    whole = 0
    for limb in reversed(limbs):
        whole = (whole << _LIMB_BITS) + limb
    return whole


@compiled
def count_sales(totals: Ints, lines: Ints, orders: Ints, nanos: Ints, sign: int) -> None:
    """Add sales to their lines, or take them away with sign −1."""
    for index in range(len(lines)):
        sums, count, amount = totals[lines[index]], orders[index], max(nanos[index], _ZERO)
        low, high = amount & _LIMB, amount >> _BITS
        # (high·2³¹ + low)², of which each product has 62 bits.
        least, middle, most = low * low, low * high, high * high
        sums[0] += sign * count
        sums[1] += sign * count * count
        sums[2] += sign * low
        sums[3] += sign * high
        sums[4] += sign * (least & _LIMB)
        sums[5] += sign * ((least >> _BITS) + 2 * (middle & _LIMB))
        sums[6] += sign * (2 * (middle >> _BITS) + (most & _LIMB))
        sums[7] += sign * (most >> _BITS)
