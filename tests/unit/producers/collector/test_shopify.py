"""Shopify's orders: whose they are, what they bring, and when they count."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.collector.incoming import NotAccepted, Translated
from tests.strategies import json_values
from tests.unit.producers.collector.attributing import (
    NOON,
    OTHER_SECRET,
    SECRET,
    click_id,
)
from tests.unit.producers.collector.shopify import HOOK, clicked, order, refund, refused, sent, told


def test_a_paid_order_is_a_purchase_without_tax_and_shipping() -> None:
    event = told(sent(order(note_attributes=clicked())))

    assert (event.order_id, event.revenue, event.currency) == ("5940139491234", 100.0, "EUR")
    assert (event.kind, event.status, event.event_time) == ("purchase", "confirmed", NOON)
    assert (event.campaign_id, event.influencer_id, event.attributed_by) == ("glow", "ana", "click_id")
    assert (event.channel, event.format, event.source) == ("instagram", "reel", "boutique")


@pytest.mark.parametrize(
    ("lines", "revenue"),
    [
        ([{"tax_lines": [{"price": "10.00"}, {"price": "6.67"}]}], 83.33),
        ([], 80.0),
        ([{"tax_lines": []}], 80.0),
    ],
)
def test_tax_within_the_prices_is_taken_out(lines: list[Any], revenue: float) -> None:
    """Of the lines where they tell it, not that of the shipping."""
    event = told(sent(order(taxes_included=True, line_items=lines, note_attributes=clicked())))

    assert event.revenue == revenue


def test_the_address_that_the_visit_began_at_brings_the_click_id_too() -> None:
    event = told(sent(order(landing_site=f"/products/serum?a=b&kpi_click={click_id('ben-clip')}&c=d")))

    assert (event.influencer_id, event.attributed_by) == ("ben", "click_id")


def test_a_discount_code_attributes() -> None:
    event = told(sent(order(discount_codes=[{"code": "ana15", "amount": "15.00", "type": "percentage"}])))

    assert (event.campaign_id, event.influencer_id, event.attributed_by) == ("glow", "ana", "code")


def test_an_order_that_nothing_attributes_counts_only_where_the_shop_has_a_campaign() -> None:
    mine = HOOK.model_copy(update={"campaign": "glow"})
    anas = HOOK.model_copy(update={"campaign": "glow", "influencer": "ana"})

    assert sent(order()) == Translated((), ("no_campaign",))
    assert told(sent(order(), hook=mine)).influencer_id == "none"
    assert told(sent(order(), hook=anas)).attributed_by == "declared"


@pytest.mark.parametrize("bad", ["{{ click_id }}", "A" * 60, "nonsense"])
def test_a_bad_click_id_does_not_cost_the_order(bad: str) -> None:
    given = order(note_attributes=[{"name": "kpi_click", "value": bad}], discount_codes=[{"code": "BEN10"}])
    translated = sent(given)

    assert told(translated).influencer_id == "ben"
    assert len(translated.notes) == 1
    assert translated.notes[0] in ("unfilled_macro", "forged_click_id", "malformed_click_id")


@pytest.mark.parametrize("made_by", ["subscription_contract", "subscription_contract_checkout_one"])
def test_a_subscriptions_later_orders_are_no_new_ones(made_by: str) -> None:
    given = order(source_name=made_by, note_attributes=clicked(), discount_codes=[{"code": "ANA15"}])

    assert sent(given) == Translated((), ("renewal",))
    assert told(sent({**given, "source_name": "web"})).influencer_id == "ana"


@pytest.mark.parametrize("status", ["pending", "voided", "expired", None])
def test_an_order_that_is_not_placed_is_noted(status: str | None) -> None:
    assert sent(order(financial_status=status, note_attributes=clicked())) == Translated((), ("unpaid",))


def test_created_paid_updated_and_sent_again_are_one_event() -> None:
    given = order(note_attributes=clicked())
    later = {**given, "updated_at": "2026-11-21T13:00:00+01:00", "financial_status": "partially_refunded"}
    deliveries = [
        sent(given), sent(given, "orders/create"), sent(later, "orders/updated"),
        sent(given, secret=OTHER_SECRET), sent(given, delivery="another"),
    ]  # fmt: skip

    assert len({json.dumps(one.events) for one in deliveries}) == 1
    assert told(deliveries[0]).event_id != told(sent({**given, "id": 5})).event_id


def test_test_orders_do_not_count() -> None:
    tried = [{"kind": "refund", "status": "success", "amount": "1.00", "currency": "EUR", "test": True}]

    assert sent(order(test=True, note_attributes=clicked())) == Translated((), ("test_order",))
    assert sent(order(test=True), "orders/cancelled") == Translated((), ("test_order",))
    assert sent(refund(transactions=tried), "refunds/create") == Translated((), ("test_order",))


def test_a_topic_of_no_interest_is_accepted_and_noted() -> None:
    assert sent(order(), "products/update") == Translated((), ("ignored_topic",))
    assert sent(order(), "") == Translated((), ("ignored_topic",))


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_body_or_a_signature_with_any_byte_changed_is_refused(at: int, change: int) -> None:
    raw = bytearray(json.dumps(order()).encode())
    mac = base64.b64encode(hmac.digest(SECRET.encode(), bytes(raw), hashlib.sha256)).decode()
    headers = {"x-shopify-topic": "orders/paid", "x-shopify-hmac-sha256": mac}
    spoilt = bytearray(mac.encode())
    spoilt[at % len(spoilt)] ^= change
    text = spoilt.decode("latin-1")

    assert refused(bytes(raw), {**headers, "x-shopify-hmac-sha256": text}) == (401, "bad_signature")
    raw[at % len(raw)] ^= change
    assert refused(bytes(raw), headers) == (401, "bad_signature")


def test_no_signature_and_that_of_another_shop_are_refused() -> None:
    assert refused(b"{}", {"x-shopify-topic": "orders/paid"}) == (401, "bad_signature")
    with pytest.raises(NotAccepted, match="bad_signature"):
        sent(order(), secret="the secret of another shop")


@pytest.mark.parametrize("field", ["id", "created_at"])
def test_a_body_that_lacks_what_an_order_has_is_refused(field: str) -> None:
    given = {name: value for name, value in order(processed_at=None).items() if name != field}
    with pytest.raises(NotAccepted) as error:
        sent(given)

    assert (error.value.status, error.value.reason, error.value.field) == (400, "missing_field", field)


@given(
    st.dictionaries(st.sampled_from(sorted(order())), json_values()),
    st.sampled_from(["orders/paid", "orders/cancelled"]),
)
def test_whatever_an_order_holds_it_is_events_or_a_refusal(fields: dict[str, Any], topic: str) -> None:
    try:
        sent(order(**fields), topic)
    except NotAccepted as refusal:
        assert refusal.status == 400


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"{", b"[" * 100_000, b'{"a": NaN}', b'{"a": 1e99999999999999999999}', b"\xff"],
)
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(NotAccepted) as error:
        sent(body)

    assert error.value.status == 400
