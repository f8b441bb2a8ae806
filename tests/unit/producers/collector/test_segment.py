import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from models.times import HOUR, MINUTE, SECOND, parse_time
from producers.collector.incoming import NotAccepted
from producers.collector.persons import person_id
from producers.collector.segment import Batch, translate
from tests.strategies import json_values
from tests.unit.producers.collector.attributing import (
    NOON,
    PERSONAL,
    as_counted,
    attribution,
    click_id,
    incoming,
)

SALT = SecretStr("the salt of people's ids")
UTM = {"name": "glow", "source": "instagram", "medium": "influencer"}
JsonObject = dict[str, Any]


def track(
    event: str = "Order Completed", context: Mapping[str, Any] | None = None, **fields: Any
) -> JsonObject:
    """Return a message as a library of Segment sends it: the usual order, declared as ana's."""
    properties = {
        "order_id": "o-1", "revenue": 84.9, "currency": "EUR", "campaign_id": "glow", "influencer_id": "ana",
        "content_id": "reel-1", "channel": "Instagram", "email": PERSONAL,
    }  # fmt: skip
    usual = {
        "type": "track", "event": event, "messageId": "m-1", "anonymousId": "anon-1",
        "properties": properties,
        "timestamp": "2026-11-20T11:00:00.000Z", "sentAt": "2026-11-20T12:00:00.000Z",
        "context": {"userAgent": "Firefox/140.0", "ip": PERSONAL, "traits": {"email": PERSONAL},
                    **(context or {})},
    }  # fmt: skip
    return {**usual, **fields}


def changed(event: str = "Order Completed", **properties: Any) -> JsonObject:
    """Return the usual message with properties in place; None: without it."""
    message = track(event)
    kept = {**message["properties"], **properties}
    return {**message, "properties": {name: value for name, value in kept.items() if value is not None}}


def sent(*messages: Any, **beside: Any) -> Batch:
    body = {"batch": list(messages), "writeKey": "x", **beside}
    return translate(incoming(json.dumps(body).encode()), "web", SALT, attribution())


def told(message: Mapping[str, Any]) -> JsonObject:
    (event,) = sent(message).messages
    assert not isinstance(event, NotAccepted), event.reason
    as_counted(event)
    return event


def refused(*messages: Any) -> list[tuple[str, str | None] | None]:
    found = sent(*messages).messages
    return [(one.reason, one.field) if isinstance(one, NotAccepted) else None for one in found]


def test_an_order_completed_is_a_purchase() -> None:
    event = told(track())

    assert (event["type"], event["kind"], event["order_id"], event["event_id"]) == (
        "conversion",
        "purchase",
        "o-1",
        "m-1",
    )
    assert (event["campaign_id"], event["influencer_id"], event["attributed_by"]) == (
        "glow",
        "ana",
        "declared",
    )
    assert (event["revenue"], event["currency"], event["source"]) == (84.9, "EUR", "web")
    assert "user_agent" not in event


@pytest.mark.parametrize(
    ("properties", "revenue"),
    [({"revenue": None, "subtotal": 70}, 70.0), ({"revenue": "39.95"}, 39.95),
     ({"revenue": None}, None), ({"revenue": 0}, 0.0),
     ({"revenue": None, "total": 100, "tax": 16.5, "shipping": "4.90"}, 78.6)],
)  # fmt: skip
def test_revenue_is_without_tax_and_shipping(properties: JsonObject, revenue: float | None) -> None:
    assert told(changed(**properties)).get("revenue") == revenue


def test_revenue_needs_a_currency_and_is_not_below_zero() -> None:
    assert refused(changed(currency=None), changed(revenue=-1)) == [
        ("missing_field", "currency"), ("invalid_field", "revenue"),
    ]  # fmt: skip


def test_click_id_and_coupon_attribute_before_what_is_declared() -> None:
    page = {"page": {"url": f"https://shop.example/?kpi_click={click_id('ben-clip')}"}}
    batch = sent(changed(kpi_click=click_id("ben-clip")), track(context=page), changed(coupon="ben10"))

    found = [one for one in batch.messages if isinstance(one, dict)]
    assert [(one["influencer_id"], one["attributed_by"]) for one in found] == [
        ("ben", "click_id"), ("ben", "click_id"), ("ben", "code"),
    ]  # fmt: skip


def test_bad_click_ids_and_conflicts_are_noted() -> None:
    assert sent(changed(kpi_click="{click}"), changed(kpi_click=click_id(), coupon="BEN10")).notes == (
        "unfilled_macro", "conflict",
    )  # fmt: skip


def test_the_utm_parameters_of_a_link_say_whose_it_is() -> None:
    bare: dict[str, Any] = dict.fromkeys(("campaign_id", "influencer_id", "content_id", "channel"))
    from_link = {"campaign": {**UTM, "content": "ana-reel-1"}}
    message = {**changed("Order Completed", **bare), "context": from_link}
    other = {
        **changed("Order Completed", **bare),
        "context": {"campaign": {**UTM, "medium": "email", "content": "ana-reel-1"}},
    }

    event = told(message)
    assert (event["campaign_id"], event["influencer_id"], event["content_id"]) == ("glow", "ana", "reel-1")
    assert (event["channel"], event["format"]) == ("instagram", "reel")
    assert refused(other) == [("no_campaign", "campaign_id")]


def test_what_a_links_address_says_itself_is_what_its_visitors_bring() -> None:
    bare: dict[str, Any] = dict.fromkeys(("campaign_id", "influencer_id", "content_id", "channel"))
    brought = {"campaign": {**UTM, "source": "mine", "content": "ben-clip"}}

    event = told({**changed("Order Completed", **bare), "context": brought})

    assert (event["influencer_id"], event["content_id"], event["channel"]) == ("ben", "clip", "tiktok")


@pytest.mark.parametrize(
    ("name", "status"), [("Order Refunded", "refunded"), ("order cancelled", "cancelled")]
)
def test_an_order_is_taken_back(name: str, status: str) -> None:
    event = told(track(name))

    assert (event["status"], event["order_id"], event["campaign_id"]) == (status, "o-1", "glow")
    assert event.get("revenue") == (84.9 if status == "refunded" else None)
    assert refused(changed(name, order_id=None)) == [("missing_field", "order_id")]


def test_promotions_are_impressions_and_clicks() -> None:
    seen, clicked = told(track("Promotion Viewed")), told(track("Promotion Clicked"))

    assert (seen["type"], clicked["type"]) == ("impression", "click")
    assert (seen["influencer_id"], seen["channel"], seen["user_agent"]) == (
        "ana",
        "Instagram",
        "Firefox/140.0",
    )
    assert "order_id" not in seen
    assert refused(changed("Promotion Viewed", campaign_id=None)) == [("missing_field", "campaign_id")]


def test_a_sign_up_needs_no_order() -> None:
    event = told(changed("Signed Up", order_id=None, revenue=None))

    assert (event["kind"], "order_id" in event) == ("signup", False)


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


def test_a_user_id_that_means_nobody_leaves_the_other_id() -> None:
    event = told(changed(consent=True) | {"userId": "undefined"})

    assert event["person_id"] == person_id("anon-1", SALT, "glow")


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
