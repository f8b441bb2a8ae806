"""What a campaign has cost in a window, by scope.

Flat fees accrue evenly over the flight and `spend` over its own dates, both only within the flight;
`cpm`, `cpc`, `cpa` and `revenue_share` follow the window's counts. What names no content is shared evenly
over the influencer's contents seen so far, and a content's share evenly over its channels.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.campaigns.campaign import Campaign, Cost, CurrencyRates
from models.campaigns.money import MICROS, exchange_rate
from models.kpis.figures import Invested
from models.scopes import Leaf, ScopeKey, scopes_of
from models.tally import Tally, by_suffix
from models.windows import FLIGHT, LENGTHS, WindowName

Seen = Mapping[str, Mapping[str, Sequence[Leaf]]]
"""Leaves seen by content, by influencer."""
_BELOW_CONTENT = Leaf._fields.index("content") + 1


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, in microseconds."""

    start: int
    end: int

    def share_of(self, other: "Span") -> float:
        """Return which part of another span lies in this one."""
        overlap = min(self.end, other.end) - max(self.start, other.start)
        return max(0, overlap) / (other.end - other.start)

    def within(self, other: "Span") -> "Span":
        """Cut this span to another; empty where they do not meet."""
        start = max(self.start, other.start)
        return Span(start, max(start, min(self.end, other.end)))


def window_span(campaign: Campaign, window: WindowName, now: int) -> Span:
    """Return the part of the flight that a window covers now."""
    start = campaign.starts if window == FLIGHT else now - LENGTHS[window]
    return Span(start, now).within(Span(campaign.starts, campaign.ends))


def leaves_seen(leaves: Iterable[Leaf]) -> Seen:
    """Order a campaign's leaves by influencer and content."""
    seen: defaultdict[str, defaultdict[str, list[Leaf]]] = defaultdict(lambda: defaultdict(list))
    for leaf in leaves:
        seen[leaf.influencer][leaf.content].append(leaf)
    return seen


def invested(
    campaign: Campaign, span: Span, tallies: Mapping[Leaf, Tally], seen: Seen, rates: CurrencyRates | None
) -> dict[ScopeKey, Invested | None] | None:
    """Return what each scope has cost in a span; None where no cost is known.

    A scope that no cost touches is not in the answer: it has cost 0. One whose share of a revenue cannot be
    converted is None.
    """
    if not campaign.costs:
        return None
    fixed: defaultdict[ScopeKey, float] = defaultdict(float)
    by_conversion: defaultdict[ScopeKey, float] = defaultdict(float)
    unknown: set[ScopeKey] = set()
    for cost in campaign.costs:
        for scopes, amount in _accrued(campaign, cost, span, seen):
            for scope in scopes:
                fixed[scope] += amount
    of_influencer = _by_influencer(campaign.costs)
    for leaf, tally in tallies.items():
        costs = [cost for cost in of_influencer[leaf.influencer] if cost.content in (None, leaf.content)]
        exposure = sum(_by_exposure(cost, tally) for cost in costs)
        results = _by_conversions(costs, tally, campaign.currency, rates)
        for scope in scopes_of(leaf):
            fixed[scope] += exposure
            by_conversion[scope] += results or 0.0
            if results is None:
                unknown.add(scope)
    least = least_cpas(campaign, seen)
    return {
        scope: None if scope in unknown else Invested(amount, by_conversion[scope], least.get(scope, 0.0))
        for scope, amount in fixed.items()
    }


def least_cpas(campaign: Campaign, seen: Seen) -> dict[ScopeKey, float]:
    """Return the least `cpa` rate that one conversion costs, by influencer and for the campaign.

    A rate of one content is no least: the conversion may come by another. The campaign's influencers are
    those that it lists, otherwise those seen or with a cost.
    """
    rates: defaultdict[str, float] = defaultdict(float)
    for cost in campaign.costs:
        rates[cost.influencer] += cost.cpa if cost.content is None else 0.0
    everybody = campaign.influencers or {*rates, *seen}
    return {
        ScopeKey("campaign", (campaign.id,)): min(rates.get(name, 0.0) for name in everybody),
        **{ScopeKey("influencer", (campaign.id, name)): rate for name, rate in rates.items()},
    }


def revenue(tally: Tally, currency: str, rates: CurrencyRates | None) -> float | None:
    """Convert a tally's net revenue into a currency; None where a rate is not known."""
    total = 0.0
    for source, micros in by_suffix(tally, "revenue").items():
        rate = exchange_rate(rates, source, currency)
        if rate is None:
            return None
        total += micros * rate
    return total / MICROS


def _by_influencer(costs: Iterable[Cost]) -> defaultdict[str, list[Cost]]:
    found: defaultdict[str, list[Cost]] = defaultdict(list)
    for cost in costs:
        found[cost.influencer].append(cost)
    return found


def _by_exposure(cost: Cost, tally: Tally) -> float:
    return cost.cpm * tally.get("impressions", 0) / 1000 + cost.cpc * tally.get("clicks", 0)


def _by_conversions(
    costs: Sequence[Cost], tally: Tally, currency: str, rates: CurrencyRates | None
) -> float | None:
    """Sum what conversions made due; None where a share of a revenue without a rate is."""
    conversions = sum(by_suffix(tally, "conversions").values())
    share = sum(cost.revenue_share for cost in costs)
    gained = revenue(tally, currency, rates) if share else 0.0
    return None if gained is None else sum(cost.cpa for cost in costs) * conversions + share * gained


def _accrued(
    campaign: Campaign, cost: Cost, span: Span, seen: Seen
) -> Iterator[tuple[Sequence[ScopeKey], float]]:
    amount = cost.flat_fee * span.share_of(Span(campaign.starts, campaign.ends))
    if cost.from_ is not None and cost.to is not None:
        amount += cost.spend * span.share_of(Span(cost.from_, cost.to))
    if not amount:
        return
    posts = seen.get(cost.influencer, {})
    contents = [cost.content] if cost.content is not None else sorted(posts)
    if not contents:
        yield _unseen(campaign.id, cost.influencer), amount
    for content in contents:
        leaves = posts.get(content, ())
        if not leaves:
            alone = ScopeKey("content", (campaign.id, cost.influencer, content))
            yield [*_unseen(campaign.id, cost.influencer), alone], amount / len(contents)
        for leaf, share in _shares(leaves, amount / len(contents)):
            yield scopes_of(leaf), share


def _shares(
    leaves: Sequence[Leaf], amount: float, field: int = _BELOW_CONTENT
) -> Iterator[tuple[Leaf, float]]:
    """Share an amount evenly over channels, and a channel's share over what tells its leaves apart."""
    if field == len(Leaf._fields):
        yield from ((leaf, amount) for leaf in leaves[:1])
        return
    groups: defaultdict[str, list[Leaf]] = defaultdict(list)
    for leaf in leaves:
        groups[leaf[field]].append(leaf)
    for name in sorted(groups):
        yield from _shares(groups[name], amount / len(groups), field + 1)


def _unseen(campaign: str, influencer: str) -> list[ScopeKey]:
    return [ScopeKey("campaign", (campaign,)), ScopeKey("influencer", (campaign, influencer))]
