"""What a campaign has cost in a window, by scope.

Flat fees accrue evenly over the flight and `spend` over its own dates, both only within the flight;
`cpm`, `cpc`, `cpa` and `revenue_share` follow the window's counts. What names no content is shared evenly
over the influencer's contents seen so far, and a content's share evenly over its channels.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.campaigns import Campaign, Cost, CurrencyRates
from models.leaf import Leaf, Scope, scopes_of
from models.money import MICROS, exchange_rate
from models.tally import Tally, by_suffix
from models.windows import FLIGHT, LENGTHS, WindowName

Seen = Mapping[str, Mapping[str, frozenset[str]]]
"""Channels seen by content, by influencer."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, in microseconds."""

    start: int
    end: int

    def share_of(self, other: "Span") -> float:
        """Tell which part of another span lies in this one."""
        overlap = min(self.end, other.end) - max(self.start, other.start)
        return max(0, overlap) / (other.end - other.start)

    def within(self, other: "Span") -> "Span":
        """Cut this span to another; empty where they do not meet."""
        start = max(self.start, other.start)
        return Span(start, max(start, min(self.end, other.end)))


def window_span(campaign: Campaign, window: WindowName, now: int) -> Span:
    """Give the part of the flight that a window covers now."""
    start = campaign.starts if window == FLIGHT else now - LENGTHS[window]
    return Span(start, now).within(Span(campaign.starts, campaign.ends))


def leaves_seen(leaves: Iterator[Leaf]) -> Seen:
    """Order a campaign's leaves by influencer and content."""
    seen: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for leaf in leaves:
        seen[leaf.influencer][leaf.content].add(leaf.channel)
    return {who: {what: frozenset(where) for what, where in posts.items()} for who, posts in seen.items()}


def invested(
    campaign: Campaign, span: Span, tallies: Mapping[Leaf, Tally], seen: Seen, rates: CurrencyRates | None
) -> dict[Scope, float | None] | None:
    """Give what each scope has cost in a span, in the campaign's currency; None where no cost is known.

    A scope that no cost touches is not in the answer: it has cost 0. One whose share of a revenue cannot be
    converted is None.
    """
    if not campaign.costs:
        return None
    total: defaultdict[Scope, float] = defaultdict(float)
    for cost in campaign.costs:
        for scopes, amount in _fixed(campaign, cost, span, seen):
            for scope in scopes:
                total[scope] += amount
    unknown: set[Scope] = set()
    for leaf, tally in tallies.items():
        costs = [cost for cost in campaign.costs if _covers(cost, leaf)]
        gained = revenue(tally, campaign.currency, rates)
        if gained is None and any(cost.revenue_share for cost in costs):
            unknown.update(scopes_of(leaf))
        for scope in scopes_of(leaf):
            total[scope] += sum(_variable(cost, tally, gained or 0.0) for cost in costs)
    return {scope: None if scope in unknown else amount for scope, amount in total.items()}


def revenue(tally: Tally, currency: str, rates: CurrencyRates | None) -> float | None:
    """Convert a tally's net revenue into a currency; None where a rate is not known."""
    total = 0.0
    for source, micros in by_suffix(tally, "revenue").items():
        rate = exchange_rate(rates, source, currency)
        if rate is None:
            return None
        total += micros * rate
    return total / MICROS


def _covers(cost: Cost, leaf: Leaf) -> bool:
    return cost.influencer == leaf.influencer and cost.content in (None, leaf.content)


def _variable(cost: Cost, tally: Tally, gained: float) -> float:
    conversions = sum(by_suffix(tally, "conversions").values())
    amount = cost.cpm * tally.get("impressions", 0) / 1000 + cost.cpc * tally.get("clicks", 0)
    return amount + cost.cpa * conversions + cost.revenue_share * gained


def _fixed(campaign: Campaign, cost: Cost, span: Span, seen: Seen) -> Iterator[tuple[list[Scope], float]]:
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
        channels = posts.get(content, frozenset())
        if not channels:
            scopes = _unseen(campaign.id, cost.influencer)
            yield [*scopes, Scope("content", (campaign.id, cost.influencer, content))], amount / len(contents)
        for channel in sorted(channels):
            leaf = Leaf(campaign.id, cost.influencer, content, channel)
            yield list(scopes_of(leaf)), amount / len(contents) / len(channels)


def _unseen(campaign: str, influencer: str) -> list[Scope]:
    return [Scope("campaign", (campaign,)), Scope("influencer", (campaign, influencer))]
