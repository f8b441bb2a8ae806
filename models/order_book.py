"""All orders, and what they add to the counts of leaves and windows.

What an order counts changes when more is known of it: its former part is taken away, the present one added.
"""

from collections import defaultdict
from collections.abc import Mapping

from models.campaigns import CurrencyRates
from models.leaf import Leaf
from models.orders import Order
from models.tally import Tally, add
from models.windows import FLIGHT, ROLLING, WINDOW_NAMES, WindowName

OrderKey = tuple[str, str]
"""Campaign and order id."""


class OrderBook:
    """Orders by key, and the totals that follow from them."""

    def __init__(self, rates: CurrencyRates | None) -> None:
        self._rates = rates
        self._orders: dict[OrderKey, Order] = {}
        self._foreign: set[OrderKey] = set()
        self._totals: defaultdict[Leaf, dict[WindowName, Tally]] = defaultdict(_no_counts)
        self._buckets: dict[WindowName, defaultdict[int, defaultdict[Leaf, Tally]]] = {
            window.name: defaultdict(lambda: defaultdict(dict)) for window in ROLLING
        }
        self._first: dict[WindowName, int] = {window.name: 0 for window in ROLLING}

    def use(self, rates: CurrencyRates | None) -> None:
        """Take changed currency rates; orders whose refunds need them are counted anew."""
        for key in self._foreign:
            self._count(self._orders[key], -1)
        self._rates = rates
        for key in self._foreign:
            self._count(self._orders[key], +1)

    def report(self, key: OrderKey, known: Order) -> None:
        """Merge what a report, or several, tell of an order."""
        before = self._orders.get(key)
        after = known if before is None else before.merge(known)
        if after == before:
            return
        if before is not None:
            self._count(before, -1)
        self._orders[key] = after
        self._count(after, +1)
        if after.foreign:
            self._foreign.add(key)

    def expire(self, now: int) -> None:
        """Take what has left its window by `now` (microseconds) out of it."""
        for window in ROLLING:
            first = max(self._first[window.name], window.first_bucket(now))
            self._first[window.name] = first
            buckets = self._buckets[window.name]
            for number in [number for number in buckets if number < first]:
                for leaf, tally in buckets.pop(number).items():
                    add(self._totals[leaf][window.name], tally, -1)

    def tally(self, leaf: Leaf, window: WindowName) -> Mapping[str, int]:
        """Give what orders add to a leaf's window."""
        windows = self._totals.get(leaf)
        return windows.get(window, {}) if windows else {}

    def _count(self, order: Order, sign: int) -> None:
        if order.sale is None:
            return
        leaf, time, counts = order.sale.leaf, order.sale.time, order.tally(self._rates)
        totals = self._totals[leaf]
        add(totals[FLIGHT], counts, sign)
        for window in ROLLING:
            bucket = time // window.bucket
            if bucket >= self._first[window.name]:
                add(self._buckets[window.name][bucket][leaf], counts, sign)
                add(totals[window.name], counts, sign)


def _no_counts() -> dict[WindowName, Tally]:
    return {name: {} for name in WINDOW_NAMES}
