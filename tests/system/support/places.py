"""The places that have series: a campaign, each influencer, content and channel of it, at one moment."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tests.system.support.costs import Firsts, Money, committed, earned_media_value, invested, revenue_of
from tests.system.support.document import Campaign, Document
from tests.system.support.ledger import WINDOWS
from tests.system.support.tally import Leaf, Tally, shown, together

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
    seen: Firsts

    def invested(self, window: str) -> Money:
        """Return the money put in during a window."""
        flight = window == "flight"
        begin = self.campaign.starts if flight else self.now - WINDOWS[window][0]
        tallies = self.tallies[window]
        return invested(self.campaign, self.document, (begin, self.now), tallies, self.seen, flight)

    def committed(self) -> Money:
        """Return the money owed whatever comes."""
        return committed(self.campaign, self.document, self.tallies["flight"], self.seen)


@dataclass(frozen=True)
class Place:
    """What one scope's series of one window are computed from; money in the campaign's currency.

    `committed` is there in the flight alone. `goals`: conversions of the kinds that the campaign aims at;
    `gain`: their revenue, None where none of them named any. `media_value`: None where nothing has a rate.
    """

    scope: str
    labels: dict[str, str]
    tally: Tally
    spent: float
    committed: float | None
    revenue: float
    goals: int
    gain: float | None
    media_value: float | None
    target_size: float | None

    @property
    def interactions(self) -> int:
        """Count interactions of every kind."""
        return sum(self.tally.interactions().values())


def places(moment: Moment) -> Iterator[Place]:
    """Return every place of a campaign in every window that it is shown in."""
    for window in (*WINDOWS, "flight"):
        money = moment.invested(window), moment.committed() if window == "flight" else None
        for scope in (scope for scope, windows in SCOPES.items() if window in windows):
            for identity, leaves in _groups(scope, moment, money[0]).items():
                yield _place(scope, {**dict(identity), "window": window}, leaves, money, moment)


def _groups(scope: str, moment: Moment, money: Money) -> dict[Identity, list[Leaf]]:
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


def _place(
    scope: str, labels: dict[str, str], leaves: list[Leaf], money: tuple[Money, Money | None], moment: Moment
) -> Place:
    tallies = moment.tallies[labels["window"]]
    tally = shown(together(tallies[leaf] for leaf in leaves if leaf in tallies))
    campaign, document, (spent, owed) = moment.campaign, moment.document, money
    valued = any(campaign.aims_at(kind) for kind, _ in tally.revenue)
    return Place(
        scope=scope,
        labels={"campaign": campaign.id, **labels},
        tally=tally,
        spent=_borne(scope, labels, leaves, spent),
        committed=None if owed is None else _borne(scope, labels, leaves, owed),
        revenue=revenue_of(tally, document, campaign.currency),
        goals=sum(count for kind, count in tally.conversions.items() if campaign.aims_at(kind)),
        gain=revenue_of(tally, document, campaign.currency, campaign) if valued else None,
        media_value=earned_media_value(leaves, tallies, document, campaign),
        target_size=campaign.target["size"] if campaign.target else None,
    )


def _borne(scope: str, labels: dict[str, str], leaves: list[Leaf], money: Money) -> float:
    exposed = sum(money.exposed.get(leaf, 0.0) for leaf in leaves)
    placed = sum(money.leaves.get(leaf, 0.0) for leaf in leaves) + max(0.0, exposed)
    if scope in ("channel", "format"):
        return placed
    return placed + sum(
        amount
        for (influencer, content), amount in money.unplaced.items()
        if labels.get("influencer", influencer) == influencer and labels.get("content", content) == content
    )
