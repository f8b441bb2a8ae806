"""What a campaign costs, by scope: in a window, and over the whole flight.

A flat fee accrues evenly from the first event of whom it pays for to the flight's end, a `spend` over its own
dates within the flight; `cpm`, `cpc`, `cpa` and `revenue_share` follow the window's counts.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.campaigns.campaign import Campaign, Cost, CurrencyRates
from models.kpis.figures import Invested
from models.readings.results import by_conversions, by_exposure
from models.readings.shares import Seen, seen_of, shares
from models.readings.spans import Span, flight_of
from models.scopes import ALL_SCOPES, Leaf, ScopeKey, ScopeName, keys_among
from models.tally import Tally
from models.windows import FLIGHT, WindowName

FirstTime = Callable[[Leaf], int | None]
"""Returns when the first event of a leaf happened, in microseconds."""


@dataclass(frozen=True, slots=True)
class FixedCost:
    """What time makes due: an amount, the span that it accrues over, and the share of it by scope.

    Without a span it does not accrue; over an empty one it is due at once, in the flight and no other window.
    """

    amount: float
    over: Span | None
    shares: Mapping[ScopeKey, float]

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

    `committed` are, by scope, the flat fees and spends of the whole flight. `keys_of` lists the keys of the
    scopes that are asked for to which a leaf adds.
    """

    campaign: Campaign
    rates: CurrencyRates | None
    fixed: Sequence[FixedCost]
    committed: Mapping[ScopeKey, float]
    least_cpa: Mapping[ScopeKey, float]
    keys_of: Callable[[Leaf], list[ScopeKey]]


def costs_of(
    campaign: Campaign,
    seen: Seen,
    first_time: FirstTime,
    rates: CurrencyRates | None,
    scopes: frozenset[ScopeName] = frozenset(ALL_SCOPES),
) -> Costs:
    """Work out what all windows of a campaign have in common, for some scopes."""
    fixed = list(_fixed_costs(campaign, seen, first_time, scopes))
    whole: defaultdict[ScopeKey, float] = defaultdict(float)
    for cost in fixed:
        for scope, share in cost.shares.items():
            whole[scope] += cost.amount * share
    return Costs(campaign, rates, fixed, whole, least_cpas(campaign, seen), keys_among(scopes))


def invested(
    costs: Costs, window: WindowName, span: Span, tallies: Mapping[Leaf, Tally]
) -> dict[ScopeKey, Invested | None] | None:
    """Return what each scope has cost in a window's part of the flight; None where no cost is known.

    A scope that no cost touches is not in the answer: it has cost 0. One whose share of a revenue cannot be
    converted is None.
    """
    if not costs.campaign.costs:
        return None
    fees: defaultdict[ScopeKey, float] = defaultdict(float)
    for cost in costs.fixed:
        amount = cost.accrued(window, span)
        for scope, share in cost.shares.items():
            fees[scope] += amount * share
    results = _results(costs, tallies)
    return {
        scope: _invested(fees[scope], results[scope], costs.least_cpa.get(scope, 0.0))
        for scope in {**fees, **results}
    }


def committed(costs: Costs, scope: ScopeKey, flight: Invested | None) -> float | None:
    """Return what a scope will have cost for sure: its fees and spends of the whole flight, results so far.

    `flight` is what it has cost in the flight; None where that is not known.
    """
    return None if flight is None else costs.committed.get(scope, 0.0) + flight.variable


def least_cpas(campaign: Campaign, seen: Iterable[str]) -> dict[ScopeKey, float]:
    """Return the least `cpa` rate that one conversion costs, by influencer and for the campaign.

    A rate of one content is no least: the conversion may come by another. The campaign's influencers are
    those that it lists, otherwise those seen or with a cost.
    """
    rates: defaultdict[str, float] = defaultdict(float)
    for cost in campaign.costs:
        rates[cost.influencer] += cost.cpa if cost.content is None else 0.0
    everybody = campaign.influencers or {*rates, *seen}
    return {
        ScopeKey("campaign", (campaign.id,)): min((rates.get(name, 0.0) for name in everybody), default=0.0),
        **{ScopeKey("influencer", (campaign.id, name)): rate for name, rate in rates.items()},
    }


def _fixed_costs(
    campaign: Campaign, seen: Seen, first_time: FirstTime, scopes: frozenset[ScopeName]
) -> Iterator[FixedCost]:
    flight = flight_of(campaign)
    for cost in campaign.costs:
        dates = None if cost.from_ is None or cost.to is None else Span(cost.from_, cost.to)
        borne = shares(campaign.id, cost, seen, scopes) if cost.flat_fee or cost.spend else {}
        if cost.flat_fee:
            times = [time for leaf in seen_of(cost, seen) if (time := first_time(leaf)) is not None]
            over = Span(min(times), flight.end).within(flight) if times else None
            yield FixedCost(cost.flat_fee, over, borne)
        if cost.spend and dates is not None and dates.within(flight).length:
            yield FixedCost(cost.spend * flight.share_of(dates), dates.within(flight), borne)


@dataclass(slots=True)
class _Results:
    """What results have cost: `other` by impressions, clicks and conversions of no goal."""

    other: float = 0.0
    goals: float = 0.0
    known: bool = True


def _results(costs: Costs, tallies: Mapping[Leaf, Tally]) -> defaultdict[ScopeKey, _Results]:
    found: defaultdict[ScopeKey, _Results] = defaultdict(_Results)
    of_influencer = _by_influencer(costs.campaign.costs)
    for leaf, tally in tallies.items():
        paid = of_influencer.get(leaf.influencer, ())
        due = [cost for cost in paid if cost.content in (None, leaf.content)]
        if due:
            own = _results_of(due, tally, costs)
            for scope in costs.keys_of(leaf):
                total = found[scope]
                total.other += own.other
                total.goals += own.goals
                total.known = total.known and own.known
    return found


def _results_of(due: Sequence[Cost], tally: Tally, costs: Costs) -> _Results:
    currency, goals = costs.campaign.currency, costs.campaign.goals
    every = by_conversions(due, tally, currency, costs.rates)
    aimed = every if goals is None else by_conversions(due, tally, currency, costs.rates, goals)
    if every is None or aimed is None:
        return _Results(known=False)
    return _Results(sum(by_exposure(cost, tally) for cost in due) + every - aimed, aimed)


def _invested(fees: float, results: _Results, least_cpa: float) -> Invested | None:
    return Invested(fees + results.other, results.goals, least_cpa, fees) if results.known else None


def _by_influencer(costs: Iterable[Cost]) -> Mapping[str, list[Cost]]:
    found: defaultdict[str, list[Cost]] = defaultdict(list)
    for cost in costs:
        found[cost.influencer].append(cost)
    return found
