"""Small campaigns and plain events: pages so short that they can be read many times a second."""

import json
import random
from datetime import datetime, timedelta
from typing import Any

from tests.system.support.traffic import Message

CAMPAIGNS = 16
"""So many that each of four partitions has some."""
REVISED = tuple(f"plain-{number}" for number in range(0, CAMPAIGNS, 3))
"""Campaigns of which platforms report running totals, and take some back: their counts may fall."""
_AGES = (timedelta(0), timedelta(minutes=20), timedelta(hours=3), timedelta(days=2))


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
    """Impressions and clicks of now, one leaf a campaign, some of them sent twice.

    Of some campaigns most are running totals, which rise, fall, stay and come late; those of one campaign go
    to one of the partitions that there are, for their order matters.
    """

    def __init__(self, seed: int, now: datetime, partitions: int) -> None:
        self._chance, self._partitions = random.Random(seed), partitions
        self._times = [f"{now - age:%Y-%m-%dT%H:%M:%SZ}" for age in _AGES]

    def messages(self, number: int) -> list[Message]:
        """Make this many messages, in no order."""
        made: list[Message] = []
        while len(made) < number:
            made += [self._message()] * self._chance.choices((1, 2), (95, 5))[0]
        self._chance.shuffle(made)
        return made[:number]

    def _message(self) -> Message:
        topic = self._chance.choice(("impressions", "clicks"))
        campaign = self._chance.choice(names())
        event: dict[str, str | int] = {
            "type": topic.removesuffix("s"),
            "event_id": f"{self._chance.getrandbits(64):016x}",
            "event_time": self._times[0],
            "campaign_id": campaign,
            "influencer_id": "ana",
            "content_id": "reel",
            "channel": "instagram",
        }
        partition = None
        if campaign in REVISED and self._chance.random() < 0.75:
            event |= {"event_time": self._chance.choices(self._times, (85, 5, 5, 5))[0], "source": "insights"}
            event |= {"total": self._chance.randrange(0, 500, 50)}
            partition = REVISED.index(campaign) % self._partitions
        return Message(topic, None, json.dumps(event).encode(), partition)
