"""What hypothesis draws from: JSON, and logs of events as producers send them."""

import json
from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from models.times import DAY, HOUR, MINUTE
from models.topics import EventType, topic_of
from tests.unit.models.building import BOT, BROWSER, NOON, rfc3339

EVENT_TYPES: tuple[EventType, ...] = ("impression", "click", "engagement", "conversion")
ADDITIVE: tuple[EventType, ...] = ("impression", "click", "engagement")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def json_values() -> SearchStrategy[Any]:
    """Draw whatever JSON can hold."""
    numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    return st.recursive(
        st.none() | st.booleans() | numbers | TEXTS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=6,
    )


@dataclass(frozen=True)
class Sent:
    """One record as a producer sent it: type of its topic, arrival, value."""

    type: EventType
    arrival: int
    value: bytes

    @property
    def topic(self) -> str:
        """Name its topic."""
        return topic_of(self.type)


def logs(most: int = 40, types: tuple[EventType, ...] = EVENT_TYPES) -> SearchStrategy[list[Sent]]:
    """Draw records of campaign `glow` that arrived before noon, with ids that all differ.

    They come from a seed: hypothesis shrinks how many there are, and is far quicker than by drawing fields.
    """
    return st.builds(
        lambda seed, size: _log(Random(seed), size, types), st.integers(0, 2**32), st.integers(0, most)
    )


def _log(random: Random, size: int, types: tuple[EventType, ...]) -> list[Sent]:
    return [_record(random, f"e{number}", random.choice(types)) for number in range(size)]


def _record(random: Random, event_id: str, event_type: EventType) -> Sent:
    arrival = NOON - _age(random)
    fields = {
        "type": event_type,
        "event_id": event_id,
        "event_time": rfc3339(arrival - random.choice([0, 0, _age(random), _age(random), -MINUTE])),
        "campaign_id": "glow",
        "influencer_id": random.choice(["ana", "ana", "ben"]),
        "content_id": random.choice(["reel-1", "reel-1", "reel-2"]),
        "channel": random.choice(["instagram", "instagram", "TikTok"]),
        **(_conversion(random) if event_type == "conversion" else _exposure(random, event_type)),
    }
    if random.random() < 0.05:
        del fields["campaign_id"]
    return Sent(event_type, arrival, json.dumps(fields).encode())


def _age(random: Random) -> int:
    return random.randrange(random.choice([2 * MINUTE, 3 * HOUR, 2 * DAY]))


def _exposure(random: Random, event_type: EventType) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "person_id": f"p{random.randrange(5)}",
        "consent": random.choice([True, True, True, False, None]),
        "count": random.choice([1, 1, 1, 7]),
        "user_agent": random.choice([BROWSER] * 9 + [BOT]),
    }
    if event_type == "engagement":
        fields |= {"kind": random.choice(["like", "comment", "video_view"]), **_said(random)}
    return fields


def _said(random: Random) -> dict[str, Any]:
    said = {
        "text": random.choice([None, None, "lovely", "d\u00e9\u00e7ue", 'so "so"', ""]),
        "language": random.choice([None, "en", "fr-CA"]),
        "sentiment": random.choice([None] * 5 + ["positive", "negative"]),
    }
    return {name: value for name, value in said.items() if value is not None}


def _conversion(random: Random) -> dict[str, Any]:
    status = random.choice(["confirmed", "confirmed", "confirmed", "refunded", "cancelled"])
    fields: dict[str, Any] = {"order_id": f"o|{random.randrange(5)}", "status": status}
    if status == "confirmed":
        fields["kind"] = random.choice(["purchase", "signup"])
    if random.random() < 0.8:
        fields |= {"revenue": random.randrange(10_000) / 100, "currency": random.choice(["EUR", "USD"])}
    return fields
