"""A fixed input of every kind of event, and the deltas that it makes: not a bit of them may change.

`python -m tests.unit.models.state.recording` records anew, after a change of the format.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from models.core.records import records_of
from models.events.batch import Batch
from models.kinds import CONVERSIONS, ENGAGEMENTS, POLARITIES
from models.state.delta_format import encode_delta
from models.times import DAY, HOUR, MINUTE, SECOND
from models.topics import EventType, topic_of
from tests.unit.models.building import BOT, BROWSER, NOON, campaign, new_state, payload, registry, rfc3339

RECORDED = sorted((Path(__file__).parent / "recorded").glob("*.delta"))
_TYPES: tuple[EventType, ...] = ("impression", "impression", "click", "engagement", "conversion")
_AGES = (0, 0, 5 * SECOND, MINUTE, HOUR, DAY + HOUR, -MINUTE, -HOUR, 20 * DAY)
_ODD = (b"", b"[]", b"{", b'{"type": "impression"}', "ÿ".encode("latin-1"))
_KINDS = {
    "engagement": [kind.name for kind in ENGAGEMENTS if kind.event],
    "conversion": [kind.name for kind in CONVERSIONS],
}
Coming = tuple[str, int, list[bytes], list[int], list[int]]


def deltas() -> list[bytes]:
    """Apply the input to a new state, which is cut after each third of it."""
    target = {"size": 1000, "audience": {"country": ["FR"], "interests": ["tea"]}}
    known = registry(
        campaign(target=target),
        campaign(id="luz", influencers=["ana", "ben"]),
        campaign(id="far"),
        campaign(id="over", starts="2026-10-01T00:00:00Z", ends="2026-11-09T00:00:00Z"),
    )
    state = new_state(known, max_leaves=12, owner=lambda name: int(name == "far"))
    cut = []
    for number, third in enumerate(_thirds(Random(1))):
        state.expire(NOON + number * HOUR)
        for topic, partition, values, offsets, arrivals in third:
            state.apply(Batch(topic, partition, records_of(values, offsets, arrivals)))
        delta = state.cut()
        assert delta is not None
        cut.append(encode_delta(delta))
    return cut


def _thirds(random: Random) -> Iterator[list[Coming]]:
    offsets: defaultdict[str, int] = defaultdict(int)
    for number in range(3):
        now = NOON + number * HOUR
        coming = []
        for event_type in _TYPES:
            topic, partition = topic_of(event_type), random.randrange(2)
            size = random.randint(1, 120)
            values = [_value(random, event_type, now) for _ in range(size)]
            first = offsets[f"{topic}{partition}"]
            offsets[f"{topic}{partition}"] += size
            coming.append((topic, partition, values, list(range(first, first + size)), [now] * size))
        yield coming


def _value(random: Random, event_type: EventType, now: int) -> bytes:
    if random.random() < 0.05:
        return random.choice(_ODD)
    time = now - random.choice(_AGES) - random.randrange(SECOND)
    fields: dict[str, Any] = {
        "event_id": f"e{random.randrange(400)}",
        "event_time": rfc3339(time),
        "campaign_id": random.choice(["glow", "glow", "glow", "luz", "far", "over", "none"]),
        "influencer_id": random.choice(["ana", "ben", "cleo"]),
        "content_id": random.choice(["reel-1", "reel-2", "post"]),
        "channel": random.choice(["instagram", "TikTok"]),
        "format": random.choice(["reel", "Story", None]),
        "person_id": random.choice([f"p{random.randrange(60)}", f"p{random.randrange(60)}", "null", None]),
        "consent": random.choice([True, True, False, None]),
        "count": random.choice([1, 1, 1, None, 7, 1_000_000]),
        **_more(random, event_type),
    }
    if event_type != "conversion" and random.random() < 0.2:
        place = {"campaign_id": "glow", "influencer_id": "ana", "content_id": "reel-1", "format": None}
        total = random.randrange(random.choice([9, 10**12]))
        fields |= place | {"count": None, "total": total, "source": random.choice([None, "insights"])}
    given = {name: value for name, value in fields.items() if value is not None}
    return json.dumps(payload(event_type, **given)).encode()


def _more(random: Random, event_type: EventType) -> dict[str, Any]:
    if event_type == "conversion":
        priced = random.random() < 0.5
        return {
            "kind": random.choice(_KINDS[event_type]),
            "order_id": random.choice([None, *(f"o{random.randrange(20)}" for _ in range(4))]),
            "status": random.choice([None, "confirmed", "cancelled", "refunded"]),
            "revenue": random.randrange(9999) / 100 if priced else None,
            "currency": random.choice(["EUR", "USD", "JPY"]) if priced else None,
        }
    more: dict[str, Any] = {"user_agent": random.choice([None, "", BROWSER, BROWSER, BOT])}
    if event_type == "engagement":
        polarities = [polarity.name for polarity in POLARITIES]
        return more | {
            "kind": random.choice(_KINDS[event_type]),
            "sentiment": random.choice([None, *polarities]),
        }
    if event_type == "impression":
        country = random.choice(["FR", "DE", 5])
        audience = {"country": country, "interests": random.choice([["tea"], ["tea", "art"], []])}
        return more | {"audience": random.choice([None, audience])}
    return more


if __name__ == "__main__":
    for number, data in enumerate(deltas(), start=1):
        Path(__file__).with_name("recorded").joinpath(f"{number}.delta").write_bytes(data)
