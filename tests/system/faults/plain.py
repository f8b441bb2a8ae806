"""Small campaigns and plain events: pages so short that they can be read many times a second."""

import json
import random
from datetime import datetime, timedelta
from typing import Any

from tests.system.support.traffic import Message

CAMPAIGNS = 16
"""So many that each of four partitions has some."""


def plain_campaigns(now: datetime) -> dict[str, Any]:
    """Describe the campaigns: they run, cost nothing, and list nobody."""
    starts, ends = (f"{now + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}" for days in (-3, 30))
    flight = {"starts": starts, "ends": ends, "currency": "EUR", "emv_card": "clicks"}
    card = {"currency": "EUR", "channels": {"default": {"click": 0.1}}}
    return {
        "emv_cards": {"clicks": card},
        "campaigns": [{"id": name, "name": name, **flight} for name in names()],
    }


def names() -> list[str]:
    """Name the campaigns."""
    return [f"plain-{number}" for number in range(CAMPAIGNS)]


class PlainTraffic:
    """Impressions and clicks of now, one leaf a campaign, some of them sent twice."""

    def __init__(self, seed: int, now: datetime) -> None:
        self._chance = random.Random(seed)
        self._now = f"{now:%Y-%m-%dT%H:%M:%SZ}"

    def messages(self, number: int) -> list[Message]:
        """Make this many messages, in no order."""
        made: list[Message] = []
        while len(made) < number:
            made += [self._message()] * self._chance.choices((1, 2), (95, 5))[0]
        self._chance.shuffle(made)
        return made[:number]

    def _message(self) -> Message:
        topic = self._chance.choice(("impressions", "clicks"))
        event = {
            "type": topic.removesuffix("s"),
            "event_id": f"{self._chance.getrandbits(64):016x}",
            "event_time": self._now,
            "campaign_id": self._chance.choice(names()),
            "influencer_id": "ana",
            "content_id": "reel",
            "channel": "instagram",
        }
        return Message(topic, None, json.dumps(event).encode())
