"""WooCommerce's orders and refunds: whose they are, what they bring, and that each counts once."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.times import DAY, parse_time
from producers.collector.hooks.woocommerce import translate
from producers.collector.incoming import NotAccepted, Translated
from tests.strategies import json_values
from tests.unit.producers.collector.attributing import (
    NOON,
    OTHER_SECRET,
    PERSONAL,
    SECRET,
    as_counted,
    attribution,
    click_id,
    incoming,
)
from tests.unit.producers.collector.woocommerce import HOOK, order, sent, told


def test_an_order_is_a_purchase_without_tax_and_shipping() -> None:
    event = told(sent(order()))

    assert (event.order_id, event.revenue, event.currency, event.event_time) == ("4750", 100.0, "EUR", NOON)
    assert (event.campaign_id, event.influencer_id, event.attributed_by) == ("glow", "ana", "click_id")
    assert event.source == "shop"


def test_the_address_that_the_visit_began_at_brings_the_click_id_too() -> None:
    address = f"https://shop.example/?utm_source=tiktok&kpi_click={click_id('ben-clip')}"
    meta = [{"key": "_wc_order_attribution_session_entry", "value": address}]

    assert told(sent(order(meta_data=meta))).influencer_id == "ben"


def test_a_coupon_attributes() -> None:
    event = told(sent(order(meta_data=[], coupon_lines=[{"id": 9, "code": "ana15", "discount": "15.00"}])))

    assert (event.influencer_id, event.attributed_by) == ("ana", "code")


def test_created_and_updated_and_sent_again_are_one_event() -> None:
    later = order(
        status="completed", date_modified_gmt="2026-11-25T12:00:00", date_paid_gmt="2026-11-25T12:00:00"
    )
    deliveries = [sent(order()), sent(later, "order.updated"), sent(order(), secret=OTHER_SECRET)]

    assert len({json.dumps(one.events) for one in deliveries}) == 1


@pytest.mark.parametrize("status", ["pending", "on-hold", "failed", "checkout-draft", "trash", None])
def test_an_order_that_is_not_paid_is_noted_and_may_be_paid_later(status: str | None) -> None:
    assert sent(order(status=status), "order.updated") == Translated((), ("unpaid",))


def test_a_draft_without_times_is_accepted() -> None:
    """A shop ends a webhook whose calls fail again and again."""
    assert sent(order(status="checkout-draft", date_created_gmt=None)) == Translated((), ("unpaid",))


def test_a_subscriptions_later_orders_are_no_new_ones() -> None:
    """They copy what the first one brought."""
    renewed = {"id": 3, "key": "_subscription_renewal", "value": "4711"}

    assert sent(order(meta_data=[*order()["meta_data"], renewed])) == Translated((), ("renewal",))


def test_what_a_shop_tells_again_once_a_campaign_is_over_is_not_counted_anew() -> None:
    """Workers have forgotten the order, and would take it for another."""
    last = parse_time("2027-01-15T00:00:00Z")

    assert sent(order(), "order.updated", now=last - 1).events == sent(order()).events
    assert sent(order(), "order.updated", now=last) == Translated((), ("forgotten_order",))


def test_a_cancelled_order_is_taken_back() -> None:
    event = told(sent(order(status="cancelled"), "order.updated"))

    assert (event.status, event.order_id, event.event_time) == ("cancelled", "4750", NOON + DAY)
    assert event.revenue is None


def test_each_refund_takes_its_share_of_what_was_paid_for_goods() -> None:
    """12.49 of 124.90 is a tenth: 10.00 of 100.00."""
    first = {"id": 1, "reason": PERSONAL, "total": "-12.49"}
    once = sent(order(refunds=[first]), "order.updated")
    twice = sent(
        order(refunds=[first, {"id": 2, "reason": "", "total": "-112.41"}], status="refunded"),
        "order.updated",
    )

    assert [event.get("status", "sold") for event in twice.events] == ["sold", "refunded", "refunded"]
    assert [event["revenue"] for event in twice.events] == [100.0, 10.0, 90.0]
    assert twice.events[:2] == once.events
    assert len({event["event_id"] for event in twice.events}) == 3
    assert all(as_counted(event) for event in twice.events)


def test_the_ping_that_a_new_webhook_sends_is_accepted_without_a_signature() -> None:
    assert translate(incoming(b"webhook_id=17"), "shop", HOOK, attribution()) == Translated((), ("ping",))


@pytest.mark.parametrize("topic", ["order.deleted", "order.restored", "customer.created", ""])
def test_a_topic_of_no_interest_is_accepted_and_noted(topic: str) -> None:
    assert sent(order(), topic) == Translated((), ("ignored_topic",))


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_body_or_a_signature_with_any_byte_changed_is_refused(at: int, change: int) -> None:
    raw = bytearray(json.dumps(order()).encode())
    mac = base64.b64encode(hmac.digest(SECRET.encode(), bytes(raw), hashlib.sha256)).decode()
    spoilt = bytearray(mac.encode())
    spoilt[at % len(spoilt)] ^= change

    assert reason(bytes(raw), spoilt.decode("latin-1")) == (401, "bad_signature")
    raw[at % len(raw)] ^= change
    assert reason(bytes(raw), mac) == (401, "bad_signature")


def reason(raw: bytes, mac: str) -> tuple[int, str]:
    headers = {"x-wc-webhook-topic": "order.created", "x-wc-webhook-signature": mac}
    with pytest.raises(NotAccepted) as error:
        translate(incoming(raw, headers), "shop", HOOK, attribution())
    return error.value.status, error.value.reason


@pytest.mark.parametrize("body", [b"", b"webhook_id=17&x=1", b"webhook_id=", b"[]"])
def test_what_is_no_ping_must_be_signed(body: bytes) -> None:
    assert reason(body, "") == (401, "bad_signature")


@given(st.dictionaries(st.sampled_from(sorted(order())), json_values()))
def test_whatever_an_order_holds_it_is_events_or_a_refusal(fields: dict[str, Any]) -> None:
    try:
        sent(order(**fields), "order.updated")
    except NotAccepted as refusal:
        assert refusal.status == 400
