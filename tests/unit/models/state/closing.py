"""What the tests of closing are made of: two campaigns, one of which is over long before the other."""

from collections.abc import Sequence
from typing import Any

from models.campaigns.registry import Registry
from models.state.delta import Delta
from models.state.delta_format import decode_delta, encode_delta
from models.state.shard_state import ShardState
from models.times import DAY
from tests.unit.models.building import (
    GLOW,
    Feed,
    campaign,
    new_state,
    reached,
    registry,
)

TARGET = {"size": 10, "audience": {"country": "FR"}}
GLOWING = campaign(target=TARGET)
BOTH = registry(GLOWING, campaign(id="snow", name="Snow", ends="2029-01-01T00:00:00Z"))
END = GLOWING.ends + GLOWING.adjustments_until
OVER = END + DAY
PROLONGED = registry(campaign(target=TARGET, ends="2028-01-01T00:00:00Z"), BOTH.campaigns["snow"])
PERSON: dict[str, Any] = {"consent": True, "audience": {"country": "FR"}}


def fed(known: Registry = BOTH) -> Feed:
    """Return a state where both campaigns have had a person, an order and a refund."""
    feed = Feed(new_state(known))
    for name in known.campaigns:
        feed.send("impression", campaign_id=name, person_id="p1", **PERSON)
        feed.send("conversion", campaign_id=name, order_id="o1", revenue=100.0, currency="EUR")
        refund: dict[str, Any] = {"status": "refunded", "revenue": 10.0, "currency": "USD"}
        feed.send("conversion", campaign_id=name, order_id="o1", **refund)
    return feed


def cut(state: ShardState, now: int = OVER) -> list[Delta]:
    """Cut twice at a time: what was pending, and what is told of campaigns that were closed by it."""
    state.expire(now)
    return [delta for delta in (state.cut(), state.cut()) if delta is not None]


def held(state: ShardState) -> tuple[object, ...]:
    """Count what is remembered of people and orders."""
    for _ in range(8):
        state._memory.reach._reach.refresh()
    return len(state._memory.orders), len(state._memory.reach._slots._slots), len(state._memory.reach._reach)


def replayed(deltas: Sequence[Delta], known: Registry = BOTH, now: int = OVER) -> ShardState:
    state = new_state(known)
    state.expire(now)
    for delta in deltas:
        state.replay(decode_delta(encode_delta(delta)))
    return state


def reach(state: ShardState) -> float:
    return float(reached(state, GLOW, "flight").value)
