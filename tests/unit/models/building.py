"""Small valid things that tests change one part of."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from models.admission.rules import counting
from models.campaigns.campaign import Campaign, CurrencyRates, EmvCard
from models.campaigns.registry import Registry
from models.core.json_lines import read_lines
from models.core.records import records_of
from models.events.batch import Batch, Smalls
from models.events.forms import leaf_rules
from models.events.leaf_index import LeafFacts, LeafIndex
from models.events.parsing import Refusal, parse_event
from models.events.schema import Event
from models.readings.reading import read_campaign
from models.readings.scope_reading import Reading
from models.scopes import Leaf, ScopeKey
from models.sentiment.asking import Texts
from models.state.shard_state import Applied, Owner, ShardState
from models.statistics.intervals import Estimate
from models.tally import Tally
from models.times import parse_time
from models.topics import INPUT_TOPICS, EventType, topic_of
from models.windows import WindowName

KEY = bytes(range(16))
NOON = parse_time("2026-11-10T12:00:00Z")
LEAF = Leaf("glow", "ana", "reel-1", "instagram")
GLOW = ScopeKey("campaign", ("glow",))
RATES = CurrencyRates(date="2026-11-01", base="EUR", rates={"USD": 1.25, "GBP": 0.8})
MODEL = "by-length-1"
BOT = "Googlebot/2.1 (+http://www.google.com/bot.html)"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

_TYPICAL: dict[EventType, dict[str, Any]] = {
    "impression": {"content_id": "reel-1", "channel": "instagram"},
    "click": {"content_id": "reel-1", "channel": "instagram"},
    "engagement": {"content_id": "reel-1", "channel": "instagram", "kind": "like"},
    "conversion": {"content_id": "reel-1", "channel": "instagram", "kind": "purchase", "order_id": "o1"},
}


def campaign(**fields: Any) -> Campaign:
    """Declare a campaign of November 2026 in euro, with these fields changed."""
    usual = {
        "id": "glow",
        "name": "Glow",
        "starts": "2026-11-01T00:00:00Z",
        "ends": "2026-12-01T00:00:00Z",
        "currency": "EUR",
    }
    return Campaign.model_validate({**usual, **fields})


def registry(
    *campaigns: Campaign, rates: CurrencyRates | None = RATES, cards: dict[str, EmvCard] | None = None
) -> Registry:
    """Register campaigns; without any, the usual one."""
    named = {one.id: one for one in campaigns or (campaign(),)}
    return Registry(version=1, currency_rates=rates, emv_cards=cards or {}, campaigns=named)


def rfc3339(time: int) -> str:
    """Write a time to the microsecond, as a producer would."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time)).isoformat()


def payload(event_type: EventType, **fields: Any) -> dict[str, Any]:
    """Return a valid event of a type at noon, with these fields changed."""
    usual = {
        "type": event_type,
        "event_id": "e1",
        "event_time": rfc3339(NOON),
        "campaign_id": "glow",
        "influencer_id": "ana",
    }
    return {**usual, **_TYPICAL[event_type], **fields}


def raw(event_type: EventType, **fields: Any) -> bytes:
    """Return the bytes of such an event."""
    return json.dumps(payload(event_type, **fields)).encode()


def event(event_type: EventType, **fields: Any) -> Event:
    """Return such an event, parsed."""
    parsed = parse_event(event_type, raw(event_type, **fields))
    assert not isinstance(parsed, Refusal), parsed
    return parsed


def leaf_index() -> LeafIndex:
    """Make an index of leaves for shard 0, which has every campaign of the usual registry."""
    known = registry()
    return LeafIndex(leaf_rules(), lambda leaf: LeafFacts(*counting(leaf, known), -1), KEY)


def new_state(
    known: Registry | None = None,
    *,
    key: bytes = KEY,
    assume_consent: bool = False,
    max_leaves: int = 1000,
    judge_bytes: int = 256_000_000,
    owner: Owner | None = None,
) -> ShardState:
    """Return an empty state, of shard 0 where an owner tells shards apart."""
    return ShardState(
        known or registry(),
        key=key,
        assume_consent=assume_consent,
        duplicate_ids=1000,
        max_leaves=max_leaves,
        judge_bytes=judge_bytes,
        owner=owner,
    )


def verdicts(texts: Texts) -> Smalls:
    """Rate texts in a way that a test can foresee, some as UNTOLD."""
    return np.array([len(text) % 4 - 1 for text in read_lines(texts.texts)], np.int8)


def apply_rated(state: ShardState, batch: Batch) -> Applied:
    """Apply a batch, and rate its texts at once."""
    applied = state.apply(batch)
    if applied.unrated:
        state.rate(applied.unrated, verdicts(applied.unrated.texts), MODEL)
    return applied


class Feed:
    """Apply events to a state as they would come by one partition, each with its own id."""

    def __init__(self, state: ShardState, partition: int = 0) -> None:
        self.state = state
        self.partition = partition
        self._offsets = dict.fromkeys(INPUT_TOPICS, 0)

    def send(self, event_type: EventType, arrival: int = NOON, **fields: Any) -> str:
        """Judge and apply one event; give its outcome."""
        topic = topic_of(event_type)
        offset = self._offsets[topic]
        self._offsets[topic] += 1
        fields.setdefault("event_id", f"{self.partition}-{topic}-{offset}")
        before = Counter(self.state.outcomes(topic))
        value = raw(event_type, **fields)
        self.state.apply(Batch(topic, self.partition, records_of([value], [offset], [arrival])))
        changed = Counter(self.state.outcomes(topic)) - before
        (outcome,) = [name.removeprefix("outcome:") for name in changed if name.startswith("outcome:")]
        return outcome


def readings(state: ShardState, now: int = NOON) -> dict[tuple[ScopeKey, WindowName], Reading]:
    """Read every scope and window of every campaign that a state knows."""
    return {
        (reading.scope, reading.window): reading
        for one in state.registry.campaigns.values()
        for reading in read_campaign(state, one, state.registry, now)
    }


def reached(state: ShardState, scope: ScopeKey, window: str) -> Estimate:
    """Return the distinct people of a scope in a window."""
    return Estimate(*(float(column[0]) for column in state.reach(state.slots([scope]), window)))


def reached_of_target(state: ShardState, scope: ScopeKey, window: str) -> Estimate:
    """Return those of them who belong to the target."""
    return Estimate(*(float(column[0]) for column in state.reach(state.target_slots([scope]), window)))


def tally(state: ShardState, scope: ScopeKey = GLOW, window: str = "flight") -> Tally:
    """Return what a scope shows."""
    return dict(readings(state)[scope, window].figures.tally)
