"""What the tests of running totals are made of: a state at noon, and totals that come to it."""

from typing import Any

from models.state.shard_state import ShardState
from models.topics import EventType
from tests.unit.models.building import NOON, Feed, new_state, rfc3339


def fed(state: ShardState | None = None) -> Feed:
    """Return a state, a new one unless given, at noon."""
    feed = Feed(state or new_state())
    feed.state.expire(NOON)
    return feed


def total(feed: Feed, number: int, age: int = 0, event_type: EventType = "impression", **fields: Any) -> str:
    """Send a total of so many microseconds ago."""
    return feed.send(event_type, total=number, event_time=rfc3339(NOON - age), **fields)
