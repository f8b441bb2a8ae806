"""Events as producers send them, for benchmarks: about 350 bytes each, from a seed."""

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from models.topics import EventType

CAMPAIGNS = 50
_INFLUENCERS = 10
_CONTENTS = 4
_PERSONS = 1_000_000


def _mix(*shares: tuple[EventType, int]) -> list[EventType]:
    return [event_type for event_type, share in shares for _ in range(share)]


_TYPES = _mix(("impression", 60), ("click", 20), ("engagement", 15), ("conversion", 5))
OF_PEERS = _mix(("impression", 90), ("engagement", 6), ("click", 3), ("conversion", 1))
"""The mix that other engines were measured with."""
_NOON = datetime(2026, 11, 10, 13, tzinfo=UTC)
_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

Record = tuple[EventType, bytes]


def record(
    random: Random,
    now: datetime = _NOON,
    types: Sequence[EventType] = _TYPES,
    campaigns: int = CAMPAIGNS,
) -> Record:
    """Make one event of the two minutes before a time, by default 13:00 of 10 November 2026."""
    event_type = random.choice(types)
    then = now - timedelta(seconds=random.uniform(0, 110))
    campaign = random.randrange(campaigns)
    influencer = min(int(random.paretovariate(1)), _INFLUENCERS)
    content = random.randrange(_CONTENTS)
    fields = {
        "type": event_type,
        "event_id": f"{random.getrandbits(128):032x}",
        "event_time": then.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "campaign_id": f"campaign-{campaign}",
        "influencer_id": f"influencer-{campaign}-{influencer}",
        "content_id": f"reel-{content}",
        "channel": ("instagram", "tiktok", "youtube")[content % 3],
        "person_id": f"person-{int(_PERSONS * random.random() ** 1.5):08}",
        "consent": random.random() < 0.8,
    }
    return event_type, json.dumps(fields | _more(random, event_type), separators=(",", ":")).encode()


def machine() -> str:
    """Name the processor, and how many there are."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text().splitlines() if about.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return f"{(names or [platform.processor() or platform.machine()])[0]}, {os.cpu_count()} cores"


def _more(random: Random, event_type: EventType) -> dict[str, Any]:
    if event_type == "conversion":
        order = f"order-{random.getrandbits(32)}"
        revenue = random.randrange(9999) / 100
        return {"kind": "purchase", "order_id": order, "revenue": revenue, "currency": "EUR"}
    if event_type == "engagement":
        return {"kind": "comment", "text": "So lovely! Where did you get it?", "user_agent": _AGENT}
    if event_type == "click" or random.random() < 0.5:
        return {"user_agent": _AGENT}
    audience = {"country": random.choice(["FR", "BE", "DE"]), "language": "fr-FR", "age_band": "18-24"}
    return {"audience": audience | {"gender": "female", "interests": ["beauty", "travel"]}}
