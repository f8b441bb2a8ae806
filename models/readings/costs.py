"""What a campaign costs, by scope: in a window, and over the whole flight.

A flat fee accrues evenly from the first event of whom it pays for to the flight's end, a `spend` over its own
dates within the flight; `cpm`, `cpc`, `cpa` and `revenue_share` follow the window's counts.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from models.campaigns.campaign import Campaign, Cost
from models.readings.keys import Keys
from models.readings.shares import influencer_of
from models.readings.spans import Span, flight_of
from models.scopes import ScopeKey, ScopeName
from models.statistics.gamma import Floats
from models.windows import FLIGHT, WindowName

RATES = ("cpm", "cpc", "cpa", "revenue_share")
"""What a result may cost."""


@dataclass(frozen=True, slots=True)
class FixedCost:
    """What time makes due: an amount, to whom, and the span that it accrues over.

    Without a span it does not accrue; over an empty one it is due at once, in the flight and no other window.
    """

    payee: ScopeKey
    amount: float
    over: Span | None

    def accrued(self, window: WindowName, span: Span) -> float:
        """Return what a window's part of the flight has made due."""
        if self.over is None:
            return 0.0
        if not self.over.length:
            return self.amount if window == FLIGHT else 0.0
        return self.amount * span.share_of(self.over)


@dataclass(frozen=True, slots=True)
class Costs:
    """A campaign's costs, with what all its windows have in common.

    `fixed` are the flat fees and spends of the whole flight. The rates of influencers and of contents are
    lines of `RATES`, by number of their key. `least_cpa` is the least `cpa` rate that one conversion costs,
    by influencer and for the campaign.
    """

    campaign: Campaign
    fixed: Sequence[FixedCost]
    influencer_rates: Floats
    content_rates: Floats
    least_cpa: Mapping[ScopeKey, float]

    @property
    def payees(self) -> list[ScopeKey]:
        """Whom fees and spends pay for."""
        return list(dict.fromkeys(cost.payee for cost in self.fixed))

    def accrued(self, window: WindowName, span: Span) -> Floats:
        """Return what a window's part of the flight has made due, by payee."""
        return self._by_payee([cost.accrued(window, span) for cost in self.fixed])

    def whole(self) -> Floats:
        """Return the fees and spends of the whole flight, by payee."""
        return self._by_payee([cost.amount for cost in self.fixed])

    def _by_payee(self, amounts: Iterable[float]) -> Floats:
        found = dict.fromkeys(self.payees, 0.0)
        for cost, amount in zip(self.fixed, amounts, strict=True):
            found[cost.payee] += amount
        return np.array(list(found.values()), np.float64)


def payee_of(campaign: Campaign, cost: Cost) -> ScopeKey:
    """Return whom a cost pays for: an influencer, or the content that it names."""
    if cost.content is None:
        return ScopeKey("influencer", (campaign.id, cost.influencer))
    return ScopeKey("content", (campaign.id, cost.influencer, cost.content))


def costs_of(campaign: Campaign, keys: Keys) -> Costs:
    """Work out what all windows of a campaign have in common."""
    numbers = np.flatnonzero(keys.seen("influencer")).tolist()
    seen = (keys.key("influencer", number).ids[1] for number in numbers)
    return Costs(
        campaign,
        list(_fixed_costs(campaign, keys)),
        _rates(campaign, keys, "influencer"),
        _rates(campaign, keys, "content"),
        least_cpas(campaign, seen),
    )


def least_cpas(campaign: Campaign, seen: Iterable[str]) -> dict[ScopeKey, float]:
    """Return the least `cpa` rate that one conversion costs, by influencer and for the campaign.

    A rate of one content is no least: the conversion may come by another. The campaign's influencers are
    those that it lists, otherwise those seen or with a cost.
    """
    rates: defaultdict[str, float] = defaultdict(float)
    for cost in campaign.costs:
        rates[cost.influencer] += cost.cpa if cost.content is None else 0.0
    everybody = campaign.influencers or chain(rates, seen)
    return {
        ScopeKey("campaign", (campaign.id,)): _least(rates.get(name, 0.0) for name in everybody),
        **{ScopeKey("influencer", (campaign.id, name)): rate for name, rate in rates.items()},
    }


def _least(rates: Iterable[float]) -> float:
    """Return the least of some rates; 0 of none, and as soon as one is 0: there may be 100 000."""
    least = math.inf
    for rate in rates:
        least = min(least, rate)
        if not least:
            break
    return 0.0 if least == math.inf else least


def fixed_payees(campaign: Campaign) -> Iterator[ScopeKey]:
    """List whom fees and spends within the flight pay for, and whose contents they are."""
    flight = flight_of(campaign)
    for cost in campaign.costs:
        dates = _dates_of(cost)
        if cost.flat_fee or (dates is not None and dates.within(flight).length):
            payee = payee_of(campaign, cost)
            yield from (payee, influencer_of(payee))


def _fixed_costs(campaign: Campaign, keys: Keys) -> Iterator[FixedCost]:
    flight = flight_of(campaign)
    for cost in campaign.costs:
        payee = payee_of(campaign, cost)
        if cost.flat_fee:
            first = keys.first_of(payee)
            over = None if first is None else Span(first, flight.end).within(flight)
            yield FixedCost(payee, cost.flat_fee, over)
        dates = _dates_of(cost)
        if dates is not None and dates.within(flight).length:
            yield FixedCost(payee, cost.spend * flight.share_of(dates), dates.within(flight))


def _dates_of(cost: Cost) -> Span | None:
    """Return the dates of a spend; None where there is none."""
    return (
        Span(cost.from_, cost.to) if cost.spend and cost.from_ is not None and cost.to is not None else None
    )


def _rates(campaign: Campaign, keys: Keys, scope: ScopeName) -> Floats:
    """Return the rates of a scope's payees by the number of their key; the last, for −1, are 0."""
    found = np.zeros((len(RATES), keys.count(scope) + 1))
    for cost in campaign.costs:
        payee = payee_of(campaign, cost)
        if payee.name == scope:
            for number in keys.numbers([payee]):
                found[:, number] += [getattr(cost, rate) for rate in RATES]
    return found
