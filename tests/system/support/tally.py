"""What is counted: one leaf's numbers in one window, and how leaves add up."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.system.support.judging import Event

Leaf = tuple[str, str, str]


@dataclass
class Tally:
    """Counts of one leaf, or of several together."""

    impressions: int = 0
    identified: int = 0
    persons: set[str] = field(default_factory=set)
    clicks: int = 0
    engagements: Counter[str] = field(default_factory=Counter)
    video_views: int = 0
    conversions: Counter[str] = field(default_factory=Counter)
    revenue: Counter[str] = field(default_factory=Counter)

    def add(self, event: Event) -> None:
        """Count one event."""
        if event.type == "impression":
            self.impressions += event.count
            if event.person is not None:
                self.identified += 1
                self.persons.add(event.person)
        elif event.type == "click":
            self.clicks += event.count
        elif event.type == "engagement" and event.kind == "video_view":
            self.video_views += event.count
        elif event.type == "engagement":
            self.engagements[str(event.kind)] += event.count
        else:
            self.conversions[str(event.kind)] += 1
            if event.revenue:
                self.revenue[str(event.currency)] += event.revenue  # type: ignore[assignment]

    def interactions(self) -> Counter[str]:
        """Give interactions by kind: engagements but video views, and clicks."""
        return self.engagements + Counter({"click": self.clicks})

    def actions(self) -> Counter[str]:
        """Give what an EMV card prices by the unit."""
        return self.interactions() + Counter({"video_view": self.video_views})


def together(tallies: Iterable[Tally]) -> Tally:
    """Add tallies up; persons are a union."""
    total = Tally()
    for tally in tallies:
        total.impressions += tally.impressions
        total.identified += tally.identified
        total.persons |= tally.persons
        total.clicks += tally.clicks
        total.engagements += tally.engagements
        total.video_views += tally.video_views
        total.conversions += tally.conversions
        total.revenue += tally.revenue
    return total
