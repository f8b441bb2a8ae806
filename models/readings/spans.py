"""Stretches of time, and which part of the flight a window covers."""

from dataclasses import dataclass

from models.campaigns.campaign import Campaign
from models.windows import FLIGHT, LENGTHS, WindowName


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, in microseconds."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Return how long it is."""
        return self.end - self.start

    def share_of(self, other: "Span") -> float:
        """Return which part of another span, which is not empty, lies in this one."""
        return max(0, min(self.end, other.end) - max(self.start, other.start)) / other.length

    def within(self, other: "Span") -> "Span":
        """Cut this span to another; empty where they do not meet."""
        start = max(self.start, other.start)
        return Span(start, max(start, min(self.end, other.end)))


def flight_of(campaign: Campaign) -> Span:
    """Return the flight from its start to its end."""
    return Span(campaign.starts, campaign.ends)


def window_span(campaign: Campaign, window: WindowName, now: int) -> Span:
    """Return the part of the flight that a window covers now."""
    start = campaign.starts if window == FLIGHT else now - LENGTHS[window]
    return Span(start, now).within(flight_of(campaign))
