"""Events as producers send them, for benchmarks: about 350 bytes each, from a seed."""

import json
import os
import platform
from pathlib import Path
from random import Random
from typing import Any

from models.topics import EventType

CAMPAIGNS = 50
_INFLUENCERS = 10
_CONTENTS = 4
_PERSONS = 1_000_000
_TYPES: list[EventType] = ["impression"] * 60 + ["click"] * 20 + ["engagement"] * 15 + ["conversion"] * 5
_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

Record = tuple[EventType, bytes]


def record(random: Random) -> Record:
    """Make one event of the two minutes before 13:00 of 10 November 2026."""
    event_type = random.choice(_TYPES)
    campaign = random.randrange(CAMPAIGNS)
    influencer = min(int(random.paretovariate(1)), _INFLUENCERS)
    content = random.randrange(_CONTENTS)
    fields = {
        "type": event_type,
        "event_id": f"{random.getrandbits(128):032x}",
        "event_time": f"2026-11-10T12:{random.randrange(58, 60)}:{random.uniform(10, 59):06.3f}Z",
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
