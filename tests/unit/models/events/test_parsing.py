"""Parsing is total: any bytes are an event or a refusal, and a refusal tells nothing personal."""

import json
from typing import Any, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.events.parsing import Read, Reason, Refusal, parse_event, read_event
from models.events.schema import MAX_BYTES, Adjustment, Click, Conversion, Engagement, Impression
from models.topics import EventType
from tests.strategies import EVENT_TYPES, json_values
from tests.unit.models.building import NOON, event, payload, raw

TYPES = st.sampled_from(EVENT_TYPES)
FIELDS = sorted({name for kind in (Impression, Engagement, Conversion) for name in kind.model_fields})
PERSONAL = ("person_id", "order_id", "text", "user_agent", "audience", "event_id", "language", "gender")


def refusal(event_type: EventType, value: bytes | None) -> Refusal:
    found = parse_event(event_type, value)
    assert isinstance(found, Refusal), found
    return found


@given(TYPES, st.none() | st.binary(max_size=200))
@example("impression", b"\xef\xbb\xbf{}")
@example("impression", b'{"a": "\\ud800"}')
@example("click", b"[" * MAX_BYTES)
@example("click", b'{"a":' * 10_000)
@example("conversion", b"1" * MAX_BYTES)
@example("engagement", b'{"count": ' + b"1" * 6000 + b"}")
def test_any_bytes_are_refused_and_raise_nothing(event_type: EventType, value: bytes | None) -> None:
    assert refusal(event_type, value).reason in get_args(Reason)


@given(TYPES, json_values())
def test_any_json_is_refused_and_raises_nothing(event_type: EventType, value: Any) -> None:
    assert refusal(event_type, json.dumps(value).encode()).reason in get_args(Reason)


@given(TYPES, st.dictionaries(st.sampled_from(FIELDS), json_values(), max_size=4))
def test_a_valid_event_with_any_fields_replaced_raises_nothing(
    event_type: EventType, changed: dict[str, Any]
) -> None:
    found = parse_event(event_type, raw(event_type, **changed))

    if isinstance(found, Refusal):
        assert found.reason in ("wrong_type", "missing_field", "invalid_field")
    else:
        assert found.type == event_type


SECRETS = st.text(st.characters(categories=["L"]), min_size=12, max_size=16)


@given(
    TYPES,
    st.sampled_from(PERSONAL),
    SECRETS,
    st.sampled_from(
        [
            lambda secret: [secret],
            lambda secret: {secret: secret},
            lambda secret: {"country": secret, "gender": secret * 9, "interests": [secret * 9]},
            lambda secret: secret * 6000,
            lambda secret: secret * 40,
            lambda secret: f"{secret}\n",
        ]
    ),
)
def test_no_message_repeats_a_personal_value(
    event_type: EventType, name: str, secret: str, spoil: Any
) -> None:
    found = parse_event(event_type, json.dumps(payload(event_type, **{name: spoil(secret)})).encode())

    if isinstance(found, Refusal):
        assert secret not in found.message


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_the_shortest_valid_event_of_each_type_is_read(event_type: EventType) -> None:
    assert event(event_type).event_time == NOON


def test_unknown_fields_are_ignored() -> None:
    assert event("click", surprise={"deep": [1]}) == event("click")


@pytest.mark.parametrize("name", ["person_id", "consent", "audience", "user_agent", "count", "source"])
def test_a_null_field_is_an_absent_one(name: str) -> None:
    assert event("impression", **{name: None}) == event("impression")


def test_a_channel_is_lower_cased() -> None:
    found = event("impression", channel="TikTok")

    assert isinstance(found, Impression)
    assert found.channel == "tiktok"


@pytest.mark.parametrize(
    "written",
    [
        "1999-12-31T23:59:59.999999999Z",
        "2000-01-01T00:30:00+01:00",
        "2026-11-10T12:00:00+01:60",
        "9999-12-31T23:59:59-01:00",
    ],
)
def test_a_time_before_2000_or_that_no_utc_clock_shows_is_refused(written: str) -> None:
    assert refusal("click", raw("click", event_time=written)).reason == "invalid_field"


def test_a_conversion_without_content_and_channel_is_at_none() -> None:
    data = {
        name: value for name, value in payload("conversion").items() if name not in ("content_id", "channel")
    }
    found = parse_event("conversion", json.dumps(data).encode())

    assert isinstance(found, Conversion)
    assert (found.content_id, found.channel) == ("none", "none")


@pytest.mark.parametrize("status", ["cancelled", "refunded"])
def test_an_adjustment_needs_no_influencer(status: str) -> None:
    bare = {
        name: payload("conversion")[name]
        for name in ("type", "event_id", "event_time", "campaign_id", "order_id")
    }

    assert isinstance(parse_event("conversion", json.dumps(bare | {"status": status}).encode()), Adjustment)


def test_all_missing_fields_are_named_at_once() -> None:
    found = refusal("engagement", b'{"type": "engagement", "event_id": "e", "event_time": 5}')

    assert found.reason == "missing_field"
    assert found.message == "campaign_id, influencer_id, content_id, channel, kind: required"


def test_all_invalid_fields_are_named_at_once() -> None:
    found = refusal("click", raw("click", count=0, campaign_id="a b"))

    assert found.reason == "invalid_field"
    assert [part.split(":")[0] for part in found.message.split("; ")] == ["campaign_id", "count"]


def test_the_largest_record_is_read_and_one_byte_more_is_not() -> None:
    fits = raw("click").ljust(MAX_BYTES)

    assert isinstance(parse_event("click", fits), Click)
    assert refusal("click", fits + b" ").reason == "too_large"


@pytest.mark.parametrize(
    ("fields", "ignored"),
    [
        ({"text": "so goo\ud83d", "source": "app"}, ["text"]),
        ({"user_agent": "\udc00", "sentiment": "\ud83d"}, ["user_agent", "sentiment"]),
        ({"caption": "\ud83d", "\ud83d": 1}, []),
    ],
)
def test_half_a_character_in_what_only_describes_or_is_unknown_costs_no_event(
    fields: dict[str, Any], ignored: list[str]
) -> None:
    found = read_event("engagement", raw("engagement", kind="comment", **fields))

    assert isinstance(found, Read)
    assert sorted(found.ignored) == sorted(ignored)


def test_half_a_character_in_a_part_of_the_audience_costs_that_part() -> None:
    audience = {"country": "FR", "interests": ["skin", "\ud83d"], "\udc00": 1}
    found = read_event("impression", raw("impression", audience=audience))

    assert isinstance(found, Read)
    assert isinstance(found.event, Impression)
    assert found.event.audience is not None
    assert (found.event.audience.country, found.ignored) == ("FR", ["audience.interests"])


@pytest.mark.parametrize("name", ["event_id", "campaign_id", "person_id", "channel"])
def test_half_a_character_in_what_counts_is_no_json(name: str) -> None:
    given = raw("impression", **{name: "a\ud83d", "user_agent": "\ud83d"})

    assert refusal("impression", given).reason == "not_json"
