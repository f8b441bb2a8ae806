"""What would become of an event if it arrived now: by the models and rules that the workers judge by."""

import json
from dataclasses import dataclass

import msgspec

from models.admission.rules import refuse_now
from models.campaigns.registry import Registry
from models.events.parsing import Refusal, read_event
from models.events.schema import Event
from models.topics import INPUT_TOPICS, EventType, topic_of
from producers.collector.durable import Outgoing
from producers.collector.limits import DEPTH, EVENT

_TYPES: dict[str, EventType] = {one: one for one in INPUT_TOPICS.values()}
_WORDS = ", ".join(_TYPES)


@dataclass(frozen=True, slots=True)
class Accepted:
    """An event that would count, and its record."""

    event: Event
    record: Outgoing


class _Typed(msgspec.Struct):
    type: str | None = None


def judge(raw: bytes, registry: Registry | None, now: int) -> Accepted | Refusal:
    """Judge an event as JSON; without a registry not by its campaign, which a worker does later."""
    too_large = _too_large(raw)
    if too_large:
        return Refusal("too_large", f"event: {too_large}")
    event_type = _type_of(raw)
    if not isinstance(event_type, str):
        return event_type
    read = read_event(event_type, raw)
    if isinstance(read, Refusal):
        return read
    refusal = refuse_now(read.event, now, registry)
    if refusal is not None:
        return refusal
    return Accepted(read.event, Outgoing(topic_of(event_type), read.event.campaign_id.encode(), raw))


def field_of(refusal: Refusal) -> str | None:
    """Name the field that a refusal is about; None where it is the whole event."""
    field = refusal.message.partition(":")[0]
    return None if field == "event" else field


def _type_of(raw: bytes) -> EventType | Refusal:
    try:
        said: object = msgspec.json.decode(raw, type=_Typed).type
    except (msgspec.MsgspecError, RecursionError):
        said = _read_slowly(raw)
        if isinstance(said, Refusal):
            return said
    if said is None:
        return Refusal("missing_field", "type: required")
    known = _TYPES.get(said) if isinstance(said, str) else None
    return known or Refusal("wrong_type", f"type: must be one of {_WORDS}")


def _read_slowly(raw: bytes) -> object:
    """Return the type of an event that holds half a character, which may be read all the same."""
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict):
        return data.get("type")
    refusal = read_event("impression", raw)
    return refusal if isinstance(refusal, Refusal) else None


def _too_large(raw: bytes) -> str:
    if len(raw) > EVENT:
        return f"must be at most {EVENT} bytes, is {len(raw)}"
    # Few events have so many braces that it pays to look where they are.
    if raw.count(b"{") + raw.count(b"[") > DEPTH and _depth(raw) > DEPTH:
        return f"must be nested at most {DEPTH} deep"
    return ""


def _depth(raw: bytes) -> int:
    """Return how deep JSON is nested; braces within texts are none."""
    deepest = depth = 0
    in_text = escaped = False
    for byte in raw:
        if in_text:
            in_text = escaped or byte != 0x22
            escaped = not escaped and byte == 0x5C
        elif byte == 0x22:
            in_text = True
        elif byte in b"{[":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"}]":
            depth -= 1
    return deepest
