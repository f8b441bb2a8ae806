"""The places that have series: a campaign, each influencer, content and channel of it, at one moment."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tests.system.support.costs import Invested, earned_media_value, invested, least_rate, revenue_of
from tests.system.support.document import Campaign, Document
from tests.system.support.ledger import WINDOWS
from tests.system.support.tally import Leaf, Tally, together

SCOPES = {
    "campaign": ("5m", "1h", "24h", "7d", "flight"),
    "channel": ("5m", "1h", "24h", "7d", "flight"),
    "format": ("5m", "1h", "24h", "7d", "flight"),
    "influencer": ("1h", "24h", "7d", "flight"),
    "content": ("24h", "flight"),
}
Identity = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Moment:
    """A campaign as it stands at one moment."""

    campaign: Campaign
    document: Document
    now: int
    tallies: dict[str, dict[Leaf, Tally]]
    seen: set[Leaf]

    def invested(self, window: str) -> Invested:
        """Return the money put in during a window."""
        begin = self.campaign.starts if window == "flight" else self.now - WINDOWS[window][0]
        return invested(self.campaign, self.document, (begin, self.now), self.tallies[window], self.seen)


@dataclass(frozen=True)
class Place:
    """What one scope's series of one window are computed from; money in the campaign's currency.

    `per_conversion` is the part of `spent` that conversions cost, `least_rate` what the cheapest one would.
    """

    scope: str
    labels: dict[str, str]
    tally: Tally
    spent: float
    per_conversion: float
    least_rate: float
    revenue: float
    media_value: float
    target_size: float | None

    @property
    def interactions(self) -> int:
        """Count interactions of every kind."""
        return sum(self.tally.interactions().values())

    @property
    def conversions(self) -> int:
        """Count conversions of every kind, net of cancellations."""
        return sum(self.tally.conversions.values())


def places(moment: Moment) -> Iterator[Place]:
    """Return every place of a campaign in every window that it is shown in."""
    for window in (*WINDOWS, "flight"):
        money = moment.invested(window)
        for scope in (scope for scope, windows in SCOPES.items() if window in windows):
            for identity, leaves in _groups(scope, moment, money).items():
                yield _place(scope, {**dict(identity), "window": window}, leaves, money, moment)


def _groups(scope: str, moment: Moment, money: Invested) -> dict[Identity, list[Leaf]]:
    groups: dict[Identity, list[Leaf]] = defaultdict(list)
    if scope == "campaign":
        groups[()] = []
    elif scope == "influencer":
        groups.update({(("influencer", name),): [] for name, _ in money.unplaced})
    elif scope == "content":
        named = [pair for pair in money.unplaced if pair[1]]
        groups.update({(("influencer", name), ("content", content)): [] for name, content in named})
    for leaf in moment.seen:
        groups[_identity(scope, leaf)].append(leaf)
    return groups


def _identity(scope: str, leaf: Leaf) -> Identity:
    influencer, content, channel, form = leaf
    return {
        "campaign": (),
        "influencer": (("influencer", influencer),),
        "content": (("influencer", influencer), ("content", content)),
        "channel": (("channel", channel),),
        "format": (("format", form),),
    }[scope]


def _place(scope: str, labels: dict[str, str], leaves: list[Leaf], money: Invested, moment: Moment) -> Place:
    tallies = moment.tallies[labels["window"]]
    inside = {leaf: tallies[leaf] for leaf in leaves if leaf in tallies}
    tally = together(inside.values())
    campaign, document = moment.campaign, moment.document
    placed = sum(money.leaves.get(leaf, 0.0) for leaf in leaves)
    return Place(
        scope=scope,
        labels={"campaign": campaign.id, **labels},
        tally=tally,
        spent=placed + _unplaced(scope, labels, money),
        per_conversion=sum(money.per_conversion.get(leaf, 0.0) for leaf in leaves),
        least_rate=least_rate(campaign, _influencers(labels, moment)),
        revenue=revenue_of(tally, document, campaign.currency),
        media_value=earned_media_value(inside, document, campaign),
        target_size=campaign.target["size"] if campaign.target else None,
    )


def _influencers(labels: dict[str, str], moment: Moment) -> set[str]:
    if "influencer" in labels:
        return {labels["influencer"]}
    return {cost["influencer"] for cost in moment.campaign.costs} | {leaf[0] for leaf in moment.seen}


def _unplaced(scope: str, labels: dict[str, str], money: Invested) -> float:
    if scope in ("channel", "format"):
        return 0.0
    return sum(
        amount
        for (influencer, content), amount in money.unplaced.items()
        if labels.get("influencer", influencer) == influencer and labels.get("content", content) == content
    )
