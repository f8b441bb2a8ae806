"""What was invested between two moments, by leaf: the contract's rules for each kind of cost."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.system.support.document import Campaign, Document, convert, microseconds
from tests.system.support.tally import Leaf, Tally

Span = tuple[int, int]
Tallies = Mapping[Leaf, Tally]
Firsts = Mapping[Leaf, int]
"""The leaves that were seen, and when first."""
NO_NAMES = {"none", "__other__"}
"""What stands for contents, channels and formats that have no name of their own."""


@dataclass
class Money:
    """Money by leaf, and what no leaf bears yet: costs by influencer and content (empty: none named).

    What impressions and clicks cost is apart, `exposed`: totals take away from it, of several leaves together
    not below 0.
    """

    leaves: dict[Leaf, float] = field(default_factory=lambda: defaultdict(float))
    exposed: dict[Leaf, float] = field(default_factory=lambda: defaultdict(float))
    unplaced: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def invested(
    campaign: Campaign, document: Document, span: Span, tallies: Tallies, seen: Firsts, flight: bool = True
) -> Money:
    """Work out the money for a span of time: accrued fees, and prices of what `tallies` counted in it.

    `flight`: the span is that of the whole flight to date, which bears a fee that fell due after its end.
    """
    result = Money()
    for cost in campaign.costs:
        amount = _fee(cost, campaign, span, seen, flight) + _spend(cost, campaign, span)
        _share(result, amount, cost, seen)
        _price(result, cost, tallies, document, campaign.currency)
    return result


def committed(campaign: Campaign, document: Document, tallies: Tallies, seen: Firsts) -> Money:
    """Work out what is owed whatever comes: all fees and spends of the flight, and results so far."""
    result = Money()
    for cost in campaign.costs:
        whole = _spend(cost, campaign, (campaign.starts, campaign.ends))
        _share(result, cost.get("flat_fee", 0.0) + whole, cost, seen)
        _price(result, cost, tallies, document, campaign.currency)
    return result


def _fee(cost: Mapping[str, float], campaign: Campaign, span: Span, seen: Firsts, flight: bool) -> float:
    """Accrue a flat fee from the first event of whom it pays for to the flight's end."""
    times = [time for leaf, time in seen.items() if _pays_for(cost, leaf)]
    fee, first = cost.get("flat_fee", 0.0), min(times, default=None)
    if first is None:
        return 0.0
    if first >= campaign.ends:
        return fee * flight
    return fee * _overlap(span, (first, campaign.ends)) / (campaign.ends - first)


def _spend(cost: Mapping[str, float | str], campaign: Campaign, span: Span) -> float:
    """Accrue a spend over its own dates, within the flight."""
    if "spend" not in cost:
        return 0.0
    dates = microseconds(str(cost["from"])), microseconds(str(cost["to"]))
    within = max(span[0], campaign.starts), min(span[1], campaign.ends)
    return float(cost["spend"]) * _overlap(within, dates) / (dates[1] - dates[0])


def _pays_for(cost: Mapping[str, object], leaf: Leaf) -> bool:
    return leaf[0] == cost["influencer"] and cost.get("content") in (None, leaf[1])


def _share(result: Money, amount: float, cost: Mapping[str, str], seen: Iterable[Leaf]) -> None:
    """Share evenly over contents, a content's share over its channels, a channel's over its formats."""
    bearing = _bearing([leaf for leaf in seen if _pays_for(cost, leaf)], range(1, 4))
    if not bearing:
        result.unplaced[cost["influencer"], cost.get("content") or ""] += amount
    for leaf, share in bearing.items():
        result.leaves[leaf] += amount * share


def _bearing(leaves: list[Leaf], levels: range) -> dict[Leaf, float]:
    """Give each leaf its share, level by level; what has no name has a share only where nothing else is."""
    if not levels:
        return dict.fromkeys(leaves, 1.0)
    names = {leaf[levels[0]] for leaf in leaves}
    names = names - NO_NAMES or names
    shares: dict[Leaf, float] = {}
    for name in names:
        inner = _bearing([leaf for leaf in leaves if leaf[levels[0]] == name], levels[1:])
        shares |= {leaf: share / len(names) for leaf, share in inner.items()}
    return shares


def _price(
    result: Money, cost: Mapping[str, float], tallies: Tallies, document: Document, currency: str
) -> None:
    for leaf, tally in tallies.items():
        if _pays_for(cost, leaf):
            exposure = cost.get("cpm", 0.0) * tally.impressions / 1000 + cost.get("cpc", 0.0) * tally.clicks
            share = cost.get("revenue_share", 0.0) * revenue_of(tally, document, currency)
            result.exposed[leaf] += exposure
            result.leaves[leaf] += cost.get("cpa", 0.0) * sum(tally.conversions.values()) + share


def revenue_of(tally: Tally, document: Document, currency: str, campaign: Campaign | None = None) -> float:
    """Add up a tally's revenue in one currency; of a campaign's goals alone where one is given."""
    return sum(
        convert(document, amount, origin, currency)
        for (kind, origin), amount in tally.revenue.items()
        if campaign is None or campaign.aims_at(kind)
    )


def earned_media_value(
    leaves: list[Leaf], tallies: Tallies, document: Document, campaign: Campaign
) -> float | None:
    """Value leaves' actions by their channels' rates on the campaign's card.

    None where the card has no rates for any of the leaves' channels.
    """
    card = document.cards[campaign.card]
    values = []
    for leaf in leaves:
        rates = card["channels"].get(leaf[2], card["channels"].get("default", {}))
        tally = tallies.get(leaf, Tally())
        actions = {**tally.actions(), "impression": tally.impressions / 1000}
        values += [rate * actions.get(action, 0) for action, rate in rates.items()]
    return convert(document, max(0.0, sum(values)), card["currency"], campaign.currency) if values else None
