"""Everything that a worker runs compiled, compiled before it is needed: by a small batch of every kind.

Numba compiles a function when it is first called with arguments of some types: in the midst of work,
everybody would wait for it, ten seconds at worst.
"""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from models.campaigns.campaign import Campaign
from models.campaigns.registry import Registry
from models.core.code_cache import cache_in
from models.core.columns import numbers
from models.core.hashing import KEY_BYTES
from models.core.octets import padded
from models.core.record_batches import read_batches
from models.core.record_writing import write_records
from models.core.records import records_of
from models.events.batch import Batch
from models.reach.people import touch_counts
from models.reach.reach import Reach
from models.readings.reading import read_campaign
from models.readings.subject import subject_of
from models.state.compaction import compact
from models.state.delta_format import decode_delta, encode_delta
from models.state.shard_state import ShardState
from models.times import HOUR, parse_time
from models.topics import EventType, topic_of
from streams.worker.code_store import CodeStore

_NOON = parse_time("2026-11-10T12:00:00Z")
_LATER = _NOON + 2 * HOUR
_OWN, _OTHER = "own", "other"
_CAMPAIGN: dict[str, Any] = {
    "id": _OWN, "name": "Own", "currency": "EUR",
    "starts": "2026-11-01T00:00:00Z", "ends": "2026-12-01T00:00:00Z",
    "target": {"size": 1000, "audience": {"country": ["FR"]}},
    "authenticity": {"no_exposure": "on"},
}  # fmt: skip
_LEAF = {"influencer_id": "ana", "content_id": "reel", "channel": "instagram", "format": "reel"}
_SENT = {"event_time": "2026-11-10T11:59:59.123+00:00", **_LEAF}
_WHO = {"person_id": "p", "consent": True, "user_agent": "Mozilla/5.0", "audience": {"country": "FR"}}
_ORDER = {"kind": "purchase", "order_id": "o", "revenue": 9.9, "currency": "EUR"}
# So many people that every table grows.
_CROWD = 4000
_EVENTS: dict[EventType, list[dict[str, Any]]] = {
    "impression": [_WHO, {"count": 3}, *({**_WHO, "person_id": f"p{number}"} for number in range(_CROWD))],
    "click": [_WHO, {"count": 3}],
    "engagement": [
        {"kind": "comment", "sentiment": "positive", **_WHO},
        {"kind": "reply", "text": "what a lovely cream this is", "language": "en", **_WHO},
        {"kind": "like"},
    ],
    "conversion": [{**_ORDER, **_WHO}, {**_ORDER, "status": "refunded"}],
}
# A name that is escaped, which the model reads; what nobody can read; what is no text at all.
_ODD = (b'{"\\u0074ype": "click"}', b"{", b"\xff")


def compile_all(store: CodeStore) -> Iterator[str]:
    """Compile, or take from the store, all that is compiled; before each step yield what it is for."""
    cache_in(store)
    yield "fetching"
    records, places, _ = read_batches(padded(), [])
    write_records(records, places, np.arange(0), 0, 0)
    state = _state()
    for event_type in _EVENTS:
        topic, values = topic_of(event_type), _values(event_type)
        yield topic
        for partition in (0, 1):
            records = records_of(values, range(len(values)), [_NOON] * len(values))
            applied = state.apply(Batch(topic, partition, records))
            if applied.unrated:
                state.rate(applied.unrated, np.zeros(applied.unrated.texts.number, np.int8), "")
    # Called of itself only where there are many slots.
    touch_counts(Reach().windows, numbers([]), numbers([]))
    yield "storing and reading"
    delta, restored = state.cut(), _state()
    assert delta is not None
    restored.replay(decode_delta(encode_delta(compact(delta, _NOON))))
    restored.judge.take_back()
    for one in (state, restored):
        one.expire(_LATER)
        campaign = one.registry.campaigns[_OWN]
        read_campaign(one, campaign, one.registry, _LATER)
        subject_of(one, campaign, one.registry, _LATER).activity("content")
    store.tidy()


async def compile_aside(store: CodeStore) -> None:
    """Compile everything in another thread: whoever asks meanwhile is answered."""
    steps = compile_all(store)
    # Step by step: a worker that is told to stop need not wait for the last one.
    while await asyncio.to_thread(next, steps, None):
        pass


def _state() -> ShardState:
    campaigns = [Campaign.model_validate({**_CAMPAIGN, "id": name}) for name in (_OWN, _OTHER)]
    return ShardState(
        Registry(version=1, campaigns={one.id: one for one in campaigns}),
        key=bytes(KEY_BYTES),
        assume_consent=True,
        duplicate_ids=10 * _CROWD,
        max_leaves=1000,
        owner=[_OWN, _OTHER].index,
    )


def _values(event_type: EventType) -> list[bytes | None]:
    """Make records: of the shard's campaign, of another's, a duplicate of the first, odd ones, and none."""
    made = [
        # Ids differ by type, too: what is a duplicate is not counted.
        json.dumps(
            {
                **_SENT,
                "type": event_type,
                "campaign_id": campaign,
                **fields,
                "event_id": f"{event_type}-{number}",
            }
        )
        for campaign in (_OWN, _OTHER)
        for number, fields in enumerate(_EVENTS[event_type])
    ]
    return [*(text.encode() for text in (*made, made[0])), *_ODD, None]
