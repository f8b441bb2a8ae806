"""Campaigns that are over: their people and orders are forgotten, what they show stays.

A campaign is closed between two deltas, and the later one says so: what came before counts as it is known
then, what comes after is added to it. So replaying or merging deltas in their order forgets the same things
at the same point.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from models.campaigns.campaign import Campaign, CurrencyRates
from models.campaigns.registry import Registry
from models.scopes import Leaf
from models.state.orders import Order, OrderKey
from models.tally import Tally, add
from models.times import DAY

SLACK = DAY
"""How long after the last event of a campaign can count it is closed; and from one closing to the next."""

Frozen = dict[Leaf, Tally]
"""What orders that are forgotten count in the flight, by leaf."""


class Closing(NamedTuple):
    """Which campaigns are closed, and the currency rates that their refunds are counted by for good."""

    campaigns: frozenset[str]
    rates: CurrencyRates | None


NOTHING = Closing(frozenset(), None)


def is_over(campaign: Campaign, now: int) -> bool:
    """Return whether nothing of a campaign has counted any more for a day."""
    return now >= campaign.counts_until + SLACK


class Lifetimes:
    """When campaigns were closed: a late event opens one again, which is closed again a day later."""

    def __init__(self) -> None:
        self._closed: dict[str, int] = {}
        self._due: frozenset[str] = frozenset()

    def look(self, registry: Registry, now: int, holds: Callable[[str], bool]) -> None:
        """Find the campaigns to close: those that are over and hold something.

        One that the registry does not have is not over: the registry may have been lost.
        """
        over = {campaign.id for campaign in registry.campaigns.values() if is_over(campaign, now)}
        self._closed = {campaign: when for campaign, when in self._closed.items() if campaign in over}
        due = {campaign for campaign in over if self._closed.get(campaign, now - SLACK) <= now - SLACK}
        held = frozenset(filter(holds, due))
        self._closed |= dict.fromkeys(held, now)
        self._due = self._due & over | held

    def take(self, rates: CurrencyRates | None) -> Closing:
        """Return what is to be closed now, once."""
        due, self._due = self._due, frozenset()
        return Closing(due, rates) if due else NOTHING


def closed_after(closings: Sequence[Closing]) -> list[frozenset[str]]:
    """Return for each of several deltas, by their closings, the campaigns that a later one closes."""
    after: list[frozenset[str]] = [frozenset()]
    for closing in reversed(closings[1:]):
        after.append(after[-1] | closing.campaigns)
    return after[::-1]


def freeze(orders: dict[OrderKey, Order], closing: Closing, frozen: Frozen, firsts: dict[Leaf, int]) -> None:
    """Move orders of closed campaigns to what they count, and to the times of the first events of leaves."""
    if not closing.campaigns:
        return
    for key in [key for key in orders if key.campaign in closing.campaigns]:
        order = orders.pop(key)
        if order.sale is not None:
            leaf, time = order.sale.leaf, order.sale.time
            firsts[leaf] = min(firsts.get(leaf, time), time)
            add(frozen.setdefault(leaf, {}), order.tally(key.kind, closing.rates))
