"""What was invested between two moments, by leaf: the contract's rules for each kind of cost."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.system.support.document import Campaign, Document, convert, microseconds
from tests.system.support.tally import Leaf, Tally

Span = tuple[int, int]


@dataclass
class Invested:
    """Money by leaf, and what no leaf bears yet: fees by influencer and content (empty: none named).

    `per_conversion` is the part of `leaves` that conversions cost: `cpa` and `revenue_share`.
    """

    leaves: dict[Leaf, float] = field(default_factory=lambda: defaultdict(float))
    per_conversion: dict[Leaf, float] = field(default_factory=lambda: defaultdict(float))
    unplaced: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def invested(
    campaign: Campaign, document: Document, span: Span, tallies: Mapping[Leaf, Tally], seen: set[Leaf]
) -> Invested:
    """Work out the money for a span of time: accrued fees, and prices of what `tallies` counted in it."""
    flight = (campaign.starts, campaign.ends)
    within = (max(span[0], flight[0]), min(span[1], flight[1]))
    result = Invested()
    for cost in campaign.costs:
        amount = cost.get("flat_fee", 0.0) * _overlap(within, flight) / (flight[1] - flight[0])
        if "spend" in cost:
            dates = (microseconds(cost["from"]), microseconds(cost["to"]))
            amount += cost["spend"] * _overlap(within, dates) / (dates[1] - dates[0])
        _share(result, amount, cost["influencer"], cost.get("content"), seen)
        for leaf, tally in tallies.items():
            if leaf[0] == cost["influencer"] and cost.get("content") in (None, leaf[1]):
                by_result = _by_result(cost, tally, document, campaign.currency)
                result.leaves[leaf] += _by_exposure(cost, tally) + by_result
                result.per_conversion[leaf] += by_result
    return result


def least_rate(campaign: Campaign, influencers: Iterable[str]) -> float:
    """Return what the cheapest conversion among some influencers would cost by `cpa`, 0 where one has none.

    A rate of one content is not among them: the conversion may come by another.
    """
    return min((_rate(campaign, name) for name in influencers), default=0.0)


def _rate(campaign: Campaign, influencer: str) -> float:
    costs = [cost for cost in campaign.costs if cost["influencer"] == influencer and "content" not in cost]
    return sum(float(cost.get("cpa", 0.0)) for cost in costs)


def _share(
    result: Invested, amount: float, influencer: str, content: str | None, seen: Iterable[Leaf]
) -> None:
    """Share evenly over contents, a content's share over its channels, a channel's over its formats."""
    formats: dict[str, dict[str, list[Leaf]]] = defaultdict(lambda: defaultdict(list))
    for leaf in seen:
        if leaf[0] == influencer and content in (None, leaf[1]):
            formats[leaf[1]][leaf[2]].append(leaf)
    if not formats:
        result.unplaced[influencer, content or ""] += amount
    for channels in formats.values():
        for leaves in channels.values():
            for leaf in leaves:
                result.leaves[leaf] += amount / len(formats) / len(channels) / len(leaves)


def _by_exposure(cost: Mapping[str, float], tally: Tally) -> float:
    return cost.get("cpm", 0.0) * tally.impressions / 1000 + cost.get("cpc", 0.0) * tally.clicks


def _by_result(cost: Mapping[str, float], tally: Tally, document: Document, currency: str) -> float:
    share = cost.get("revenue_share", 0.0) * revenue_of(tally, document, currency)
    return cost.get("cpa", 0.0) * sum(tally.conversions.values()) + share


def revenue_of(tally: Tally, document: Document, currency: str) -> float:
    """Add up a tally's revenue in one currency."""
    return sum(convert(document, amount, origin, currency) for origin, amount in tally.revenue.items())


def earned_media_value(tallies: Mapping[Leaf, Tally], document: Document, campaign: Campaign) -> float:
    """Value every leaf's actions by its channel's rates on the campaign's card."""
    card = document.cards[campaign.card]
    total = 0.0
    for (_, _, channel, _), tally in tallies.items():
        rates = card["channels"].get(channel, card["channels"].get("default", {}))
        total += rates.get("impression", 0.0) * tally.impressions / 1000
        total += sum(rates.get(action, 0.0) * count for action, count in tally.actions().items())
    return convert(document, total, card["currency"], campaign.currency)
