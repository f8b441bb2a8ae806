"""Bytes to an event, fast: a Struct derived from the event's model, with the verdict of models.parsing.

The Struct has the model's fields and values; but `event_time` is an aware datetime (models.times.micros).
msgspec reads it; where it refuses or is not known to judge as the model does, the model has the last word.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from operator import attrgetter
from re import Pattern
from typing import Annotated, Any

import msgspec
from pydantic import BaseModel

from models.derive import Derived, Special, derive
from models.events import Adjustment, Conversion, Event, asked_for, models_of, read_event_time
from models.parsing import Refusal, parse_event
from models.times import moment
from models.topics import EventType

# The Structs are made at run time: no type checker knows them.
EventStruct = Any
Check = Callable[[EventStruct], None]

_SPECIAL = {
    # msgspec rounds what is below a microsecond, and takes +0100: its text is looked at first.
    "event_time": Special(read_event_time, msgspec.Raw),
    # msgspec changes no text. By its pattern it is ASCII, of which Python's lower() is pydantic's.
    "channel": Special("to_lower", str),
}
# pydantic refuses what msgspec skips unread: more than 200 levels (402 brackets, and an event without them
# has more than 110 bytes), numbers of more than 4300 digits, what is not UTF-8.
_SURELY_SHALLOW = 512
_DEEPEST = 200
_LONGEST = 4096
_MOST_KNOWN = 65_536

_decode_time: Callable[[bytes], datetime] = msgspec.json.Decoder(
    Annotated[datetime, msgspec.Meta(tz=True)]
).decode
_decode_text = msgspec.json.Decoder(str).decode


class UnsureError(ValueError):
    """msgspec took what the model may refuse."""


@cache
def decoder(event_type: EventType) -> Callable[[bytes], EventStruct]:
    """Give what reads the values of a topic's records.

    It raises ValueError (msgspec's are such) or RecursionError where the event is refused or it is unsure:
    then `read_event` knows.
    """
    first, *others = [_reader(model) for model in models_of(event_type)]
    for other in others:
        first = _either(first, other)
    return first


def read_event(event_type: EventType, raw: bytes | None) -> EventStruct | Refusal:
    """Read one record's value, with the same verdict as `parse_event`."""
    try:
        return decoder(event_type)(raw or b"")
    except (ValueError, RecursionError):
        event = parse_event(event_type, raw)
    return event if isinstance(event, Refusal) else _as_struct(event)


@cache
def _derived(model: type[Event]) -> Derived:
    return derive(model, _SPECIAL)


def _reader(model: type[Event]) -> Callable[[bytes], EventStruct]:
    derived = _derived(model)
    decode = msgspec.json.Decoder(derived.struct).decode
    checks = _checks(model, derived)

    def read(raw: bytes) -> EventStruct:
        if len(raw) > _SURELY_SHALLOW:
            _require_shallow(raw)
        if not raw.isascii():
            raw.decode()
        event = decode(raw)
        event.event_time = _moment(bytes(event.event_time))
        for check in checks:
            check(event)
        if event.channel is not None:
            event.channel = event.channel.lower()
        return event

    return read


def _either(
    one: Callable[[bytes], EventStruct], other: Callable[[bytes], EventStruct]
) -> Callable[[bytes], EventStruct]:
    def read(raw: bytes) -> EventStruct:
        try:
            return one(raw)
        except ValueError:
            return other(raw)

    return read


def _require_shallow(raw: bytes) -> None:
    if len(raw) > _LONGEST or raw.count(b"[") + raw.count(b"{") > _DEEPEST:
        raise UnsureError("too long, or too deep")


def _moment(text: bytes) -> datetime:
    """Read a time that stands quoted in JSON; what may be beside the rule is left to the rule itself.

    With at most 6 digits below the second, a text ends in Z within 29 bytes or in an offset within 34.
    """
    if (text[-2:] == b'Z"' and len(text) <= 29) or (text[-4:-3] == b":" and len(text) <= 34):
        time = _decode_time(text)
        if 2000 < time.year < 9999:
            return time
    return moment(read_event_time(_decode_text(text)))


def _checks(model: type[Event], derived: Derived) -> list[Check]:
    checks = [_matching(derived.patterns)]
    for name, nested in derived.nested.items():
        checks.append(_matching_within(name, nested.patterns))
    if model in (Conversion, Adjustment):
        checks.append(_require_complete)
    return checks


def _matching(patterns: Mapping[str, Pattern[str]]) -> Check:
    """Give a check of an object's texts, which remembers those that matched: they repeat."""
    texts_of, matches = attrgetter(*patterns), list(patterns.values())
    known: set[tuple[str | None, ...]] = set()

    def check(found: EventStruct) -> None:
        texts = texts_of(found)
        if texts in known:
            return
        for pattern, text in zip(matches, texts, strict=True):
            if text is not None and not pattern.fullmatch(text):
                raise UnsureError("a text does not match its pattern")
        if len(known) >= _MOST_KNOWN:
            known.clear()
        known.add(texts)

    return check


def _matching_within(name: str, patterns: Mapping[str, Pattern[str]]) -> Check:
    matching, part_of = _matching(patterns), attrgetter(name)

    def check(event: EventStruct) -> None:
        part = part_of(event)
        if part is not None:
            matching(part)

    return check


def _require_complete(event: EventStruct) -> None:
    for name in asked_for(event.kind, event.revenue):
        if getattr(event, name) is None:
            raise UnsureError("lacks a field that others ask for")


def _as_struct(event: Event) -> EventStruct:
    found = _copy(_derived(type(event)), event)
    found.event_time = moment(event.event_time)
    return found


def _copy(derived: Derived, source: BaseModel) -> EventStruct:
    values = dict(source)
    for name, nested in derived.nested.items():
        if values[name] is not None:
            values[name] = _copy(nested, values[name])
    return derived.struct(**values)
