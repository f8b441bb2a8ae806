"""Ways to spoil a good event: each with the topics it fits and the reason (or reasons) of its refusal."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

Fields = dict[str, Any]
EVERY = ("impressions", "clicks", "engagements", "conversions")
PLACED = EVERY[:3]


@dataclass(frozen=True)
class Spoiling:
    """One way; `field` is what the dead letter's message must name, empty where no field is at fault."""

    name: str
    spoil: Callable[[Fields], bytes | None]
    reasons: frozenset[str]
    topics: tuple[str, ...] = EVERY
    field: str = ""


def encode(fields: Fields) -> bytes:
    """Write an event as JSON."""
    return json.dumps(fields, ensure_ascii=False).encode()


def _whole(name: str, reasons: str, value: bytes | None) -> Spoiling:
    return Spoiling(name, lambda _: value, frozenset(reasons.split()))


def _set(name: str, reasons: str, field: str, value: Any, topics: tuple[str, ...] = EVERY) -> Spoiling:
    return Spoiling(
        name, lambda event: encode({**event, field: value}), frozenset(reasons.split()), topics, field
    )


def _without(field: str, topics: tuple[str, ...] = EVERY) -> Spoiling:
    def spoil(event: Fields) -> bytes:
        return encode({name: value for name, value in event.items() if name != field})

    return Spoiling(f"without {field}", spoil, frozenset({"missing_field"}), topics, field)


def _raw(name: str, reasons: str, field: str, literal: bytes, topics: tuple[str, ...] = EVERY) -> Spoiling:
    """Put bytes that json.dumps would not write where a field's value stands."""

    def spoil(event: Fields) -> bytes:
        return encode({**event, field: "@@"}).replace(b'"@@"', literal)

    return Spoiling(name, spoil, frozenset(reasons.split()), topics, field)


def _moved(name: str, reason: str, now: datetime, offset: timedelta) -> Spoiling:
    time = (now + offset).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _set(name, reason, "event_time", time)


def _adjustment(name: str, reason: str, field: str, **words: Any) -> Spoiling:
    """Make an adjustment of the fields that it must have, and of words that spoil it."""

    def spoil(event: Fields) -> bytes:
        required = ("type", "event_id", "event_time", "campaign_id", "order_id")
        return encode({name: event[name] for name in required} | words)

    return Spoiling(name, spoil, frozenset({reason}), ("conversions",), field)


def _unreadable() -> list[Spoiling]:
    return [
        _whole("empty", "not_json", b""),
        _whole("no value", "not_json", None),
        _whole("words", "not_json", b"hello, is this thing on?"),
        _whole("bytes that are no UTF-8", "not_json", b'{"type": "\xff\xfe"}'),
        _whole("half an object", "not_json", b'{"type": "impression", "event_id'),
        _whole("two objects", "not_json", b"{} {}"),
        _whole("an array", "not_an_object", b'[{"type": "impression"}]'),
        _whole("a string", "not_an_object", b'"impression"'),
        _whole("a number", "not_an_object", b"12"),
        _whole("null", "not_an_object", b"null"),
        _raw("NaN", "not_json", "revenue", b"NaN", ("conversions",)),
        _raw("Infinity", "not_json", "count", b"-Infinity"),
        _raw("a control character as it is", "not_json", "source", b'"a\x01b"'),
        _raw("a leading zero", "not_json", "count", b"007"),
        _set("too large", "too_large", "note", "x" * 65_536),
    ]


def _mistyped() -> list[Spoiling]:
    return [
        _set("another topic's type", "wrong_type", "type", "pageview"),
        _set("type as a number", "wrong_type", "type", 3),
        _set("type null", "missing_field", "type", None),
        *(_without(field) for field in ("type", "event_id", "event_time", "campaign_id")),
        *(_without(field, PLACED) for field in ("influencer_id", "content_id", "channel")),
        _without("kind", ("engagements", "conversions")),
        _without("order_id", ("conversions",)),
        _set("influencer null", "missing_field", "influencer_id", None, PLACED),
        _set("an id as a number", "invalid_field", "event_id", 12),
        _set("an empty id", "invalid_field", "event_id", ""),
        _set("an id of 65 signs", "invalid_field", "event_id", "é" * 65),
        _set("a space in a name", "invalid_field", "campaign_id", "summer glow"),
        _set("a line's end after a name", "invalid_field", "influencer_id", "ana\n"),
        _set("a name not in ASCII", "invalid_field", "channel", "ｔiktok"),
        _set("digits not in ASCII", "invalid_field", "event_time", "２０２６-11-01T12:00:00Z"),
        _set("a time without zone", "invalid_field", "event_time", "2026-11-01T12:00:00"),
        _set("a time as a number", "invalid_field", "event_time", 1_790_000_000),
        _set("a day that does not exist", "invalid_field", "event_time", "2026-02-30T12:00:00Z"),
        _set("a time before 2000", "invalid_field", "event_time", "1999-12-31T23:59:59Z"),
        _set("a person of 129 signs", "invalid_field", "person_id", "p" * 129),
        _set("a person as a number", "invalid_field", "person_id", 4_915_112_345_678),
        _set("consent in words", "invalid_field", "consent", "true"),
        _set("consent as a number", "invalid_field", "consent", 1),
    ]


def _out_of_range() -> list[Spoiling]:
    sales = ("conversions",)
    return [
        _set("count in words", "invalid_field", "count", "12"),
        _set("count true", "invalid_field", "count", True),
        _set("count 0", "invalid_field", "count", 0),
        _set("count beyond a million", "invalid_field", "count", 1_000_001),
        _set("half a count", "invalid_field", "count", 1.5),
        _set("a huge count", "invalid_field", "count", 10**40),
        *(
            _set(f"a total of {total!r}", "invalid_field", "total", total, PLACED)
            for total in ("12", -1, 1.5, 10**12 + 1)
        ),
        Spoiling(
            "a total beside a count",
            lambda event: encode({**event, "count": 2, "total": 3}),
            frozenset({"invalid_field"}),
            PLACED,
            "total",
        ),
        _set("an unknown kind", "invalid_field", "kind", "applause", ("engagements", "conversions")),
        _set("revenue in words", "invalid_field", "revenue", "12.50", sales),
        _set("revenue true", "invalid_field", "revenue", True, sales),
        _set("revenue below zero", "invalid_field", "revenue", -0.01, sales),
        _set("revenue beyond 1e12", "invalid_field", "revenue", 1_000_000_000_001, sales),
        _set("a currency in words", "invalid_field", "currency", "euro", sales),
        _set("an attribution by guessing", "invalid_field", "attributed_by", "guess", sales),
        _set("an unknown status", "invalid_field", "status", "paid", sales),
        _set("an order of 129 signs", "invalid_field", "order_id", "o" * 129, sales),
        _raw("revenue beyond floats", "invalid_field not_json", "revenue", b"1e999", sales),
        _raw("half a surrogate", "invalid_field not_json", "person_id", rb'"p\ud800"'),
        _raw("a count of 5000 digits", "invalid_field not_json", "count", b"9" * 5000),
    ]


def _not_admitted(now: datetime) -> list[Spoiling]:
    revenue = {"revenue": 10.5, "currency": "JPY"}
    return [
        _moved("an hour ahead", "future", now, timedelta(hours=1)),
        _set("a campaign nobody knows", "unknown_campaign", "campaign_id", "nobody-knows"),
        _set("an influencer not listed", "unknown_influencer", "influencer_id", "zoe"),
        _moved("before the flight", "outside_flight", now, timedelta(days=-100)),
        Spoiling(
            "a currency without a rate",
            lambda event: encode({**event, **revenue}),
            frozenset({"unknown_currency"}),
            ("conversions",),
            "currency",
        ),
    ]


def _adjusted(now: datetime) -> list[Spoiling]:
    ahead, before = ((now + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ") for days in (1, -100))
    unknown, negative = {"revenue": 3, "currency": "JPY"}, {"revenue": -1, "currency": "EUR"}
    return [
        _adjustment("cancelled what?", "missing_field", "order_id", status="cancelled", order_id=None),
        _adjustment("a refund without currency", "missing_field", "currency", status="refunded", revenue=5),
        _adjustment("a refund below zero", "invalid_field", "revenue", status="refunded", **negative),
        _adjustment("a refund without a rate", "unknown_currency", "currency", status="refunded", **unknown),
        _adjustment("a refund tomorrow", "future", "event_time", status="refunded", event_time=ahead),
        _adjustment(
            "cancelled before", "outside_flight", "event_time", status="cancelled", event_time=before
        ),
        _adjustment("only confirmed", "missing_field", "kind", status="confirmed"),
    ]


def ways(now: datetime) -> list[Spoiling]:
    """Return every way to spoil a good event of the campaign `spring`."""
    return [*_unreadable(), *_mistyped(), *_out_of_range(), *_not_admitted(now), *_adjusted(now)]
