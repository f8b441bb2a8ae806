"""A batch of Segment's as a whole: ids, clocks, consent, and what is refused by its place."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.times import HOUR, MINUTE, SECOND, parse_time
from producers.collector.incoming import NotAccepted
from producers.collector.persons import person_id
from producers.collector.segment import translate
from tests.strategies import json_values
from tests.unit.producers.collector.attributing import (
    NOON,
    attribution,
    incoming,
)
from tests.unit.producers.collector.segments import SALT, JsonObject, changed, refused, sent, told, track


@pytest.mark.parametrize("kind", ["identify", "page", "screen", "group", "alias", "", None, 3])
def test_what_says_nothing_of_contents_is_refused_by_its_place(kind: Any) -> None:
    assert refused(track(), {**track(), "type": kind}, track()) == [None, ("unsupported_type", "type"), None]


def test_other_events_and_other_values_are_refused_by_their_place() -> None:
    messages = [
        track("Product Viewed"),
        7,
        None,
        {**track(), "messageId": ""},
        {**track(), "timestamp": "now"},
        track(),
    ]

    assert refused(*messages) == [
        ("unsupported_event", "event"), ("not_an_object", None), ("not_an_object", None),
        ("missing_field", "messageId"), ("invalid_field", "timestamp"), None,
    ]  # fmt: skip


def test_a_long_message_id_becomes_a_short_one_that_is_always_the_same() -> None:
    one, other = told({**track(), "messageId": "m" * 65}), told({**track(), "messageId": "m" * 66})

    assert one == told({**track(), "messageId": "m" * 65})
    assert len(one["event_id"]) == 32
    assert one["event_id"] != other["event_id"]


@pytest.mark.parametrize(
    ("timestamp", "sent_at", "expected"),
    [
        ("2026-11-20T11:00:00Z", "2026-11-20T12:00:00Z", NOON - HOUR),
        ("2026-11-20T16:00:00Z", "2026-11-20T16:30:00Z", NOON - 30 * MINUTE),
        ("2020-01-01T00:00:00Z", "2020-01-01T00:00:10Z", NOON - 10 * SECOND),
        ("2026-11-20T12:00:09Z", "2026-11-20T12:00:01Z", NOON),
        ("2026-11-20T10:00:00Z", None, parse_time("2026-11-20T10:00:00Z")),
        (None, "2020-01-01T00:00:00Z", NOON),
    ],
)
def test_the_senders_clock_is_set_right_by_when_it_sent(
    timestamp: str | None, sent_at: str | None, expected: int
) -> None:
    event = told({**track(), "timestamp": timestamp, "sentAt": sent_at})

    assert parse_time(event["event_time"]) == expected


def test_what_a_batch_says_holds_for_its_messages() -> None:
    message = {name: value for name, value in track().items() if name not in ("sentAt", "context")}
    (event,) = sent(message, sentAt="2026-11-20T11:30:00Z").messages

    assert isinstance(event, dict)
    assert parse_time(event["event_time"]) == NOON - 30 * MINUTE


def test_a_batchs_own_id_is_none_of_its_messages() -> None:
    message = {name: value for name, value in track().items() if name != "messageId"}

    found = sent(message, message, messageId="of-the-batch").messages

    reasons = [(one.reason, one.field) for one in found if isinstance(one, NotAccepted)]
    assert reasons == [("missing_field", "messageId")] * 2


def test_more_messages_than_may_be_are_not_even_looked_at() -> None:
    with pytest.raises(NotAccepted) as caught:
        sent(*[{}] * 1001)

    assert (caught.value.status, caught.value.reason) == (413, "too_many_events")


def test_a_clock_that_is_ahead_by_millennia_is_refused_by_its_message() -> None:
    assert refused(track(), {**track(), "sentAt": "5000-01-01T00:00:00Z"}) == [
        None,
        ("invalid_field", "timestamp"),
    ]


@pytest.mark.parametrize("consent", [True, False, None, "true"])
def test_a_person_is_named_only_with_consent_and_by_a_pseudonym(consent: Any) -> None:
    event = told(changed(consent=consent))

    if consent is True:
        assert (event["person_id"], event["consent"]) == (person_id("anon-1", SALT, "glow"), True)
    else:
        assert event.keys().isdisjoint({"person_id", "consent"})


@pytest.mark.parametrize(
    ("purposes", "named"),
    [({"Analytics": True, "Advertising": False}, True), ({"measurement": True}, True),
     ({"Advertising": True}, False), ({"Analytics": False}, False), ({}, False),
     ({"Analytics": "yes"}, False)],
)  # fmt: skip
def test_consent_managers_say_whether_a_person_is_measured(purposes: JsonObject, named: bool) -> None:
    message = {**track(context={"consent": {"categoryPreferences": purposes}}), "userId": "u-1"}
    event = told(message)

    assert event.get("person_id") == (person_id("u-1", SALT, "glow") if named else None)


def test_a_single_message_is_a_batch_of_one_and_nothing_else_is_a_batch() -> None:
    raw = json.dumps(track()).encode()

    assert translate(incoming(raw), "web", SALT, attribution()) == sent(track())
    for body in (b"{}", b'{"batch": 1}', b"[]", b"x"):
        with pytest.raises(NotAccepted):
            translate(incoming(body), "web", SALT, attribution())


@given(
    st.dictionaries(
        st.sampled_from(sorted(track())),
        json_values() | st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
    ),
    st.dictionaries(
        st.sampled_from(["order_id", "revenue", "currency", "coupon", "kpi_click", "channel"]), json_values()
    ),
    st.sampled_from(["Order Completed", "Order Refunded", "Promotion Viewed"]),
)
def test_whatever_a_message_holds_it_is_an_event_or_a_refusal(
    fields: JsonObject, properties: JsonObject, event: str
) -> None:
    (found,) = sent({**changed(event, **properties), **fields}).messages

    assert isinstance(found, dict | NotAccepted)
