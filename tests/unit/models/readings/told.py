"""A state that was told what its leaves have counted: sums are easier to check where counts are given."""

from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from models.campaigns.campaign import Campaign, CurrencyRates
from models.core.columns import COLUMN, COLUMNS, Ints, numbers
from models.kpis.clusters import BUCKETS
from models.kpis.figures import Figures
from models.readings.keys import Keys
from models.readings.reading import read_campaign
from models.scopes import Leaf, ScopeKey
from models.state.counts import Counts
from models.state.held import Held, held
from models.state.leaves import Leaves
from models.state.order_store import OrderStore
from models.state.repeats import NOBODY
from models.state.rhythm import SERIES
from models.state.shard_state import ShardState
from models.tally import Tally
from models.windows import WINDOW_NAMES, WindowName
from tests.unit.models.building import registry


class Told:
    """Leaves with the times of their first events, and what they have counted in every window."""

    def __init__(self, first: Mapping[Leaf, int], tallies: Mapping[Leaf, Tally]) -> None:
        self._tallies = tallies
        self._leaves = list(first)
        leaves = self._numbers = Leaves(1000)
        counts = Counts(leaves)
        counts.see(numbers([leaves.row_for(leaf) for leaf in first]), numbers(list(first.values())))
        found = held("glow", leaves, counts, OrderStore(None, leaves, counts.rhythm))
        orders = [dict.fromkeys(WINDOW_NAMES, self._of(leaf, orders=True)) for leaf in first]
        self._held = found._replace(sold=np.arange(len(first)), orders=orders)

    def held(self, _: str) -> Held:
        return self._held

    def sums(self, _: WindowName, rows: Ints, of_row: Ints, length: int) -> Ints:
        found = np.zeros((length, len(COLUMNS)), np.int64)
        for row, number in zip(rows.tolist(), of_row.tolist(), strict=True):
            if number >= 0:
                for name, count in self._of(self._leaves[row], orders=False).items():
                    found[number, COLUMN[name]] += count
        return found

    def of_sites(self, window: WindowName, sites: Ints) -> Ints:
        rows = np.arange(len(self._numbers))
        found = self.sums(window, rows, self._numbers.site_of_row[rows].astype(np.int64), self._numbers.sites)
        return found[sites]

    def slots(self, keys: list[ScopeKey]) -> Ints:
        return numbers([0] * len(keys))

    target_slots = slots

    def reach(self, slots: Ints, _: WindowName) -> list[Any]:
        return [np.zeros(len(slots))] * 3

    def repeated(self, *_: str) -> Any:
        return NOBODY

    def rhythm(self, *_: Any) -> Ints:
        return np.zeros((BUCKETS, len(SERIES)), np.int64)

    def taken(self, _: str) -> Tally:
        return {}

    def _of(self, leaf: Leaf, *, orders: bool) -> Tally:
        tally = self._tallies.get(leaf, {})
        return {name: count for name, count in tally.items() if (name not in COLUMN) == orders}


def keys_of(first: Mapping[Leaf, int], *others: ScopeKey) -> Keys:
    """Return the keys of leaves with the times of their first events, and others."""
    return Keys(Told(first, {}).held(""), others)


def read(
    declared: Campaign,
    now: int,
    first: Mapping[Leaf, int],
    tallies: Mapping[Leaf, Tally],
    rates: CurrencyRates | None,
) -> dict[tuple[ScopeKey, WindowName], Figures]:
    """Read every scope and window of a campaign whose leaves have counted that."""
    state, known = cast(ShardState, Told(first, tallies)), registry(declared, rates=rates)
    return {(one.scope, one.window): one.figures for one in read_campaign(state, declared, known, now)}
