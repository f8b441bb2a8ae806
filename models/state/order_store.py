"""All orders, and what they add to the counts of leaves and windows.

What an order counts changes when more is known of it: its former part is subtracted, the present one added.
Of a closed campaign only what its orders count in the flight is left.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from models.campaigns.campaign import CurrencyRates
from models.scopes import Leaf
from models.state.closing import Closing, Frozen
from models.state.leaves import Leaves
from models.state.orders import Order, OrderKey, Sale
from models.state.rhythm import Rhythm
from models.state.sale_sums import SaleSums
from models.tally import Tally, add, merge
from models.windows import FLIGHT, ROLLING, WINDOW_NAMES, WindowName

_LONGER = {shorter.name: longer for shorter, longer in pairwise(ROLLING)}
"""The next longer window of each but the last: its buckets are multiples of the shorter one's."""
Totals = dict[WindowName, Tally]
"""What orders count, by window."""


class OrderStore:
    """Orders by key, and the totals that follow from them.

    What leaves windows again is in a bucket of the shortest window that holds it, which hands it on to the
    next one when it leaves. `leaves` are told where sales count, `rhythm` what campaigns sell.
    """

    def __init__(self, rates: CurrencyRates | None, leaves: Leaves, rhythm: Rhythm) -> None:
        self.sales = SaleSums(leaves.campaign_number, rhythm)
        self._rates = rates
        self._leaves = leaves
        self._rhythm = rhythm
        self._orders: defaultdict[str, dict[OrderKey, Order]] = defaultdict(dict)
        self._foreign: defaultdict[str, set[OrderKey]] = defaultdict(set)
        self._totals: defaultdict[str, defaultdict[Leaf, Totals]] = defaultdict(_no_leaves)
        self._buckets: dict[WindowName, defaultdict[int, defaultdict[Leaf, Tally]]] = {
            window.name: defaultdict(lambda: defaultdict(dict)) for window in ROLLING
        }
        self._first: dict[WindowName, int] = {window.name: 0 for window in ROLLING}

    def use(self, rates: CurrencyRates | None) -> None:
        """Take changed currency rates; orders whose refunds need them are counted again."""
        self._restate(list(self._foreign), rates)

    def report(self, key: OrderKey, known: Order) -> bool:
        """Merge what one or more reports say of an order; return whether its sale was unknown before."""
        orders = self._orders[key.campaign]
        before = orders.get(key)
        after = known if before is None else before.merge(known)
        if after == before:
            return False
        self._place(before and before.sale, after.sale)
        if before is not None:
            self._count(key, before, -1)
        orders[key] = after
        self._count(key, after, +1)
        if after.foreign:
            self._foreign[key.campaign].add(key)
        return after.sale is not None and (before is None or before.sale is None)

    def take(
        self, keys: Sequence[OrderKey], orders: Sequence[Order], others: Collection[OrderKey]
    ) -> list[bool]:
        """Remember orders of which nothing was known, and which are not among others; return which these are.

        Nothing is counted: plain ones are counted among `sales`.
        """
        held = self._orders
        return [
            key not in others and held[key.campaign].setdefault(key, order) is order
            for key, order in zip(keys, orders, strict=True)
        ]

    def place(self, leaf: Leaf) -> int:
        """Return the number of a leaf where something counts, by which `sales` know it; else −1."""
        if leaf not in self._leaves:
            return -1
        # Leaves are listed in the order in which they sold first.
        self._totals[leaf.campaign].setdefault(leaf, _no_counts())
        return self.sales.place(leaf)

    def __len__(self) -> int:
        return sum(map(len, self._orders.values()))

    def __contains__(self, campaign: str) -> bool:
        """Return whether orders of a campaign are remembered."""
        return campaign in self._orders

    def close(self, closing: Closing) -> None:
        """Forget the orders of campaigns; what they count in the flight, by the closing's rates, stays."""
        gone = [campaign for campaign in closing.campaigns if campaign in self._orders]
        if not gone:
            return
        rates = self._rates
        self._restate(gone, closing.rates)
        self._rates = rates
        for campaign in gone:
            del self._orders[campaign]
            self._foreign.pop(campaign, None)
        for buckets in self._buckets.values():
            for leaves in buckets.values():
                for leaf in [leaf for leaf in leaves if leaf.campaign in gone]:
                    del leaves[leaf]
        self._add_frozen(self.sales.close(gone))
        self._rhythm.forget_orders(gone)
        for campaign in gone:
            totals = self._totals[campaign]
            for leaf in totals:
                totals[leaf] = _no_counts() | {FLIGHT: totals[leaf][FLIGHT]}

    def add_frozen(self, frozen: Frozen) -> None:
        """Add what forgotten orders count in the flight."""
        self._add_frozen(frozen.items())

    def expire(self, now: int) -> None:
        """Take out of each window what has left it by `now` (microseconds)."""
        self.sales.expire(now)
        for window in ROLLING:
            first = max(self._first[window.name], window.first_bucket(now))
            self._first[window.name] = first
            buckets = self._buckets[window.name]
            longer = _LONGER.get(window.name)
            for number in [number for number in buckets if number < first]:
                into = self._buckets[longer.name][number * window.bucket // longer.bucket] if longer else None
                for leaf, tally in buckets.pop(number).items():
                    add(self._totals[leaf.campaign][leaf][window.name], tally, -1)
                    if into is not None:
                        add(into[leaf], tally)

    def tally(self, leaf: Leaf, window: WindowName) -> Mapping[str, int]:
        """Return what orders add to a leaf in a window."""
        totals = self._totals[leaf.campaign].get(leaf, {})
        return merge([totals.get(window, {}), *self.sales.tallies(leaf, window)])

    def of_campaign(self, campaign: str) -> dict[Leaf, Totals]:
        """Return what orders add to each leaf of a campaign where one counts, by window."""
        found = {
            leaf: {window: {**counts} for window, counts in totals.items()}
            for leaf, totals in self._totals.get(campaign, {}).items()
        }
        for window in WINDOW_NAMES:
            for leaf, counts in self.sales.of_campaign(campaign, window):
                # Mostly plain sales of one line are all that a leaf has: then nothing is added up by name.
                if found[leaf][window]:
                    add(found[leaf][window], counts)
                else:
                    found[leaf][window] = counts
        return {leaf: totals for leaf, totals in found.items() if totals[FLIGHT]}

    def _add_frozen(self, frozen: Iterable[tuple[Leaf, Tally]]) -> None:
        for leaf, tally in frozen:
            add(self._totals[leaf.campaign][leaf][FLIGHT], tally)

    def _restate(self, campaigns: Iterable[str], rates: CurrencyRates | None) -> None:
        """Count orders of campaigns by other rates, where their refunds need them."""
        foreign = [(key, self._orders[name][key]) for name in campaigns for key in self._foreign[name]]
        for key, order in foreign:
            self._count(key, order, -1)
        self._rates = rates
        for key, order in foreign:
            self._count(key, order, +1)

    def _place(self, before: Sale | None, after: Sale | None) -> None:
        """Tell leaves where a sale counts, first the new one: a leaf that keeps a sale never is without."""
        if after == before or after is None:
            return
        self._leaves.sell(after.leaf, after.time)
        if before is not None:
            self._leaves.unsell(before.leaf, before.time)

    def _count(self, key: OrderKey, order: Order, sign: int) -> None:
        if order.sale is None:
            return
        leaf, time, counts = order.sale.leaf, order.sale.time, order.tally(key.kind, self._rates)
        totals = self._totals[leaf.campaign][leaf]
        add(totals[FLIGHT], counts, sign)
        self._rhythm.add_order(leaf.campaign, time, counts, sign)
        holders = [window for window in ROLLING if time // window.bucket >= self._first[window.name]]
        for window in holders:
            add(totals[window.name], counts, sign)
        if holders:
            shortest = holders[0]
            add(self._buckets[shortest.name][time // shortest.bucket][leaf], counts, sign)


def _no_leaves() -> defaultdict[Leaf, Totals]:
    return defaultdict(_no_counts)


def _no_counts() -> Totals:
    return {name: {} for name in WINDOW_NAMES}
