"""The topics and what each carries."""

from typing import Literal

EventType = Literal["impression", "click", "engagement", "conversion"]

INPUT_TOPICS: dict[str, EventType] = {
    "impressions": "impression",
    "clicks": "click",
    "engagements": "engagement",
    "conversions": "conversion",
}
DEAD_LETTERS = "dead-letters"
REINJECTED = "dead-letters-reinjected"
"""Which dead letters were sent again; internal."""
FORWARDED = "forwarded"
"""Events that came on another partition than their campaign's; internal."""


def topic_of(event_type: EventType) -> str:
    """Name the input topic, without prefix, of an event type."""
    return f"{event_type}s"
