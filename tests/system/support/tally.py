"""What is counted: one leaf's numbers in one window, and how leaves add up."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tests.system.support.judging import Event

Leaf = tuple[str, str, str, str]
"""Influencer, content, channel and format."""


@dataclass
class Tally:
    """Counts of one leaf, or of several together."""

    impressions: int = 0
    identified: int = 0
    persons: set[str] = field(default_factory=set)
    targeted: set[str] = field(default_factory=set)
    clicks: int = 0
    engagements: Counter[str] = field(default_factory=Counter)
    video_views: int = 0
    rated: Counter[str] = field(default_factory=Counter)
    judged: int = 0
    suspicious: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    conversions: Counter[str] = field(default_factory=Counter)
    attributed: Counter[str] = field(default_factory=Counter)
    revenue: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By kind of conversion and currency; a kind is here if a conversion of it named its revenue, be it 0."""

    def add(self, event: Event) -> None:
        """Count one event; a sale as refunds left it."""
        self._judge(event)
        if event.type == "impression":
            self._expose(event)
        elif event.type == "click":
            self.clicks += event.count
        elif event.type == "engagement":
            self._engage(event)
        else:
            self._convert(event)

    def _judge(self, event: Event) -> None:
        self.judged += event.judged
        self.suspicious.update([event.reason] if event.reason else ())
        self.noted.update([event.noted] if event.noted else ())

    def _expose(self, event: Event) -> None:
        self.impressions += event.count
        if event.person is not None:
            self.identified += 1
            self.persons.add(event.person)
            if event.targeted:
                self.targeted.add(event.person)

    def _engage(self, event: Event) -> None:
        if event.kind == "video_view":
            self.video_views += event.count
        else:
            self.engagements[str(event.kind)] += event.count
        if event.sentiment:
            self.rated[event.sentiment] += event.count

    def _convert(self, event: Event) -> None:
        self.conversions[str(event.kind)] += event.count
        if event.attributed is not None:
            self.attributed[event.attributed] += event.count
        if event.revenue is not None:
            self.revenue[str(event.kind), str(event.currency)] += event.revenue  # type: ignore[assignment]  # a Counter adds floats too

    def interactions(self) -> Counter[str]:
        """Return interactions by kind: engagements but video views, and clicks."""
        return Counter({**self.engagements, "click": self.clicks})

    def actions(self) -> Counter[str]:
        """Return what an EMV card prices by the unit."""
        return Counter({**self.interactions(), "video_view": self.video_views})


def together(tallies: Iterable[Tally]) -> Tally:
    """Add tallies up; persons are a union."""
    total = Tally()
    for tally in tallies:
        total.impressions += tally.impressions
        total.identified += tally.identified
        total.persons |= tally.persons
        total.targeted |= tally.targeted
        total.clicks += tally.clicks
        total.engagements.update(tally.engagements)  # += would drop what is below 0
        total.video_views += tally.video_views
        total.rated += tally.rated
        total.judged += tally.judged
        total.suspicious += tally.suspicious
        total.noted += tally.noted
        total.conversions += tally.conversions
        total.attributed += tally.attributed
        total.revenue.update(tally.revenue)  # += would drop what is 0
    return total


def shown(tally: Tally) -> Tally:
    """Return what a window shows: 0 where a total took more away in it than was counted in it."""
    return replace(
        tally,
        impressions=max(0, tally.impressions),
        clicks=max(0, tally.clicks),
        video_views=max(0, tally.video_views),
        engagements=Counter({kind: max(0, count) for kind, count in tally.engagements.items()}),
    )
