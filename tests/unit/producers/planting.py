"""Planted traffic of one campaign, and the service's rules on it."""

import json
from collections.abc import Sequence
from hashlib import blake2b
from itertools import takewhile

import numpy as np

from models.authenticity.columns import NO_AGENT, NO_HASH, Interactions
from models.authenticity.judge import Judge
from models.authenticity.settings import Authenticity
from models.authenticity.texts import written
from models.kinds import ENGAGEMENTS, names
from models.times import HOUR, parse_time
from producers.plan import Plan
from producers.simulated import Proportions, SimulatedEvent
from producers.simulation import simulate
from tests.unit.producers.conftest import NOON, noon_demo

CAMPAIGN = "lumiere-glow"
NOTHING_WRONG = Proportions(duplicates=0, late=0, malformed=0, bots=0)
_KINDS = names(ENGAGEMENTS)


def planted(plan: Plan, hours: float, rate: float = 10) -> list[SimulatedEvent]:
    """Simulate one of the demo's campaigns, with what is planted in it."""
    (campaign,) = (one for one in noon_demo().campaigns if one.id == CAMPAIGN)
    events = simulate(3, [campaign], NOON, rate, NOTHING_WRONG, (), {CAMPAIGN: plan})
    return list(takewhile(lambda event: event.at < NOON + hours * HOUR, events))


def interactions(events: Sequence[SimulatedEvent]) -> list[SimulatedEvent]:
    """Choose what people, or those who are none, do one by one."""
    return [
        event
        for event in events
        if event.stands_for == 1
        and (event.type == "click" or (event.type == "engagement" and event.kind != "video_view"))
    ]


def reasons(events: Sequence[SimulatedEvent]) -> list[int]:
    """Judge interactions in their order: the number of what each is accused of or noted for, or 0."""
    by = Authenticity()
    told = Judge(lambda _: by).judge(_columns([json.loads(event.value) for event in events], by))
    found: list[int] = (told.reasons + told.noted).tolist()
    return found


def _columns(read: Sequence[dict[str, str]], by: Authenticity) -> Interactions:
    texts = [written(one.get("text", "")) for one in read]
    return Interactions(
        campaigns=np.zeros(len(read), np.int64),
        persons=_hashes([one.get("person_id", "") * bool(one.get("consent")) for one in read]),
        times=np.array([parse_time(one["event_time"]) for one in read]),
        kinds=np.array([_KINDS.index(one.get("kind", "click")) for one in read], np.int8),
        contents=_hashes([f"{one['influencer_id']}/{one['content_id']}" for one in read]),
        influencers=_hashes([one["influencer_id"] for one in read]),
        texts=_hashes([text.compared if text.words >= by.copied_text.words else "" for text in texts]),
        words=np.array([text.words if "text" in one else -1 for text, one in zip(texts, read, strict=True)]),
        agents=np.full(len(read), NO_AGENT, np.int8),
        live=np.array([by.is_live(one["channel"], one["format"]) for one in read]),
        counts=np.ones(len(read), np.int64),
    )


def _hashes(texts: Sequence[str]) -> "np.typing.NDArray[np.uint64]":
    hashed = [blake2b(text.encode(), digest_size=8).digest() if text else bytes(8) for text in texts]
    found = np.frombuffer(b"".join(hashed), np.uint64)
    assert NO_HASH == 0
    return found
