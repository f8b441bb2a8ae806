import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.events.schema import Adjustment, Conversion
from models.times import DAY, parse_time
from producers.collector.hooks.shopify import translate
from producers.collector.incoming import NotAccepted, Translated
from producers.collector.secrets import Hook
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

HOOK = Hook.model_validate(
    {"kind": "shopify", "secrets": [SECRET, OTHER_SECRET], "campaigns": ["glow", "dusk"]}
)
EUR = {"currency": "EUR"}


def money(amount: str) -> dict[str, Any]:
    """Write an amount as Shopify does: for the shop and for the buyer."""
    return {
        "shop_money": {"amount": amount, "currency_code": "EUR"},
        "presentment_money": {"amount": "999.99", "currency_code": "USD"},
    }


def order(**fields: Any) -> dict[str, Any]:
    """Return an order as `orders/paid` brings it: 100.00 for goods, 20.00 tax on them, 4.90 for shipping."""
    address = {
        "first_name": PERSONAL,
        "address1": PERSONAL,
        "city": PERSONAL,
        "phone": PERSONAL,
        "zip": "75001",
    }
    usual: dict[str, Any] = {
        "id": 5_940_139_491_234, "admin_graphql_api_id": "gid://shopify/Order/5940139491234", "name": "#1001",
        "order_number": 1001, "test": False, "cancelled_at": None, "financial_status": "paid", **EUR,
        "created_at": "2026-11-20T13:00:00+01:00", "processed_at": "2026-11-20T12:59:58+01:00",
        "updated_at": "2026-11-20T13:00:05+01:00", "email": PERSONAL, "contact_email": PERSONAL,
        "phone": PERSONAL, "browser_ip": PERSONAL,
        "client_details": {"user_agent": PERSONAL, "browser_ip": PERSONAL},
        "customer": {"id": 7, "email": PERSONAL, "first_name": PERSONAL, "default_address": address},
        "billing_address": address, "shipping_address": address, "note": PERSONAL,
        "taxes_included": False, "subtotal_price": "100.00", "current_subtotal_price": "80.00",
        "total_tax": "20.00", "total_price": "124.90", "total_discounts": "15.00",
        "subtotal_price_set": money("100.00"),
        "total_shipping_price_set": money("4.90"), "landing_site": "/products/serum?utm_source=instagram",
        "note_attributes": [{"name": "gift", "value": PERSONAL}], "discount_codes": [],
        "line_items": [{"id": 1, "name": "Serum", "price": "115.00", "quantity": 1,
                        "tax_lines": [{"price": "20.00", "rate": 0.2}]}],
        "refunds": [],
    }  # fmt: skip
    return {**usual, **fields}


def refund(**fields: Any) -> dict[str, Any]:
    """Return a refund as `refunds/create` brings it: a line of 40.00 with 8.00 tax, all of it paid back."""
    usual = {
        "id": 929_361_464, "order_id": 5_940_139_491_234, "created_at": "2026-11-22T10:00:00+01:00",
        "processed_at": "2026-11-22T10:00:00+01:00", "note": PERSONAL, "user_id": 4, "restock": True,
        "refund_line_items": [{"id": 1, "quantity": 1, "subtotal": 40.0, "total_tax": 8.0,
                               "subtotal_set": money("40.00"), "total_tax_set": money("8.00")}],
        "transactions": [{"id": 3, "kind": "refund", "status": "success", "amount": "48.00", "test": False,
                          **EUR}],
        "order_adjustments": [],
    }  # fmt: skip
    return {**usual, **fields}


def sent(
    body: Mapping[str, Any] | bytes,
    topic: str = "orders/paid",
    secret: str = SECRET,
    hook: Hook = HOOK,
    delivery: str = "b54557e4",
) -> Translated:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    mac = base64.b64encode(hmac.digest(secret.encode(), raw, hashlib.sha256)).decode()
    headers = {
        "x-shopify-topic": topic, "x-shopify-hmac-sha256": mac, "x-shopify-shop-domain": "glow.myshopify.com",
        "x-shopify-webhook-id": delivery, "user-agent": "Shopify-Captain-Hook",
    }  # fmt: skip
    return translate(incoming(raw, headers), "boutique", hook, attribution())


def told(translated: Translated) -> Conversion | Adjustment:
    (event,) = translated.events
    assert "user_agent" not in event
    read = as_counted(event)
    assert isinstance(read, Conversion | Adjustment)
    return read


def clicked() -> list[dict[str, str]]:
    return [{"name": "kpi_click", "value": click_id()}]


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


def test_a_cancelled_order_is_taken_back_once_however_it_is_told() -> None:
    given = order(note_attributes=clicked(), cancelled_at="2026-11-21T13:00:00+01:00")
    event = told(sent(given, "orders/cancelled"))

    assert (event.status, event.order_id, event.event_time) == ("cancelled", "5940139491234", NOON + DAY)
    assert sent(given, "orders/updated") == sent(given, "orders/cancelled")
    assert event.event_id != told(sent(order(note_attributes=clicked()))).event_id


def test_a_refund_gives_back_what_its_lines_cost_in_each_campaign_of_the_shop() -> None:
    events = [as_counted(event) for event in sent(refund(), "refunds/create").events]

    assert [event.campaign_id for event in events] == ["dusk", "glow"]
    for event in events:
        assert isinstance(event, Adjustment)
        assert (event.order_id, event.revenue, event.currency) == ("5940139491234", 40.0, "EUR")
        assert (event.status, event.event_time) == ("refunded", parse_time("2026-11-22T09:00:00Z"))


def amount(**fields: Any) -> float | None:
    event = as_counted(sent(refund(**fields), "refunds/create").events[0])
    assert isinstance(event, Adjustment)
    return event.revenue


def test_a_refund_is_at_most_what_was_paid_back() -> None:
    paid = {"kind": "refund", "status": "success", **EUR}

    assert amount(transactions=[{**paid, "amount": "30.00"}]) == 30.0
    assert amount(transactions=[{**paid, "amount": "30.00"}, {**paid, "amount": "5.00"}]) == 35.0
    assert amount(transactions=[]) == 40.0
    assert amount(refund_line_items=[], transactions=[{**paid, "amount": "12.50"}]) == 12.5
    assert amount(transactions=[{**paid, "amount": "30.00", "status": "failure"}]) == 40.0
    assert amount(transactions=[{**paid, "amount": "30.00", "currency": "USD"}]) == 40.0


@given(
    st.decimals("5.00", "99999", places=2),
    st.sampled_from(["0.055", "0.081", "0.10", "0.20", "0.25"]),
    st.booleans(),
)
def test_a_refund_gives_back_its_lines_without_tax_wherever_prices_have_it(
    net: Decimal, rate: str, within: bool
) -> None:
    """As much as their sale brought. Of less than 5.00, half a cent of rounding may hide where the tax is."""
    tax = round(net * Decimal(rate), 2)
    cost, paid = net + tax if within else net, {"kind": "refund", "status": "success", **EUR}
    line = {
        "subtotal_set": money(str(cost)), "total_tax_set": money(str(tax)),
        "line_item": {"tax_lines": [{"rate": float(rate), "price": str(tax)}]},
    }  # fmt: skip
    given_back = amount(refund_line_items=[line], transactions=[{**paid, "amount": str(net + tax)}])

    assert given_back == float(net)


def test_two_refunds_of_an_order_are_two_events_and_each_is_one_however_often_it_comes() -> None:
    one, other = sent(refund(), "refunds/create"), sent(refund(id=2), "refunds/create")

    assert one == sent(refund(), "refunds/create", secret=OTHER_SECRET)
    assert one.events[0]["event_id"] != other.events[0]["event_id"]


def test_a_refund_of_nothing_and_one_of_no_campaign_are_noted() -> None:
    unknown = HOOK.model_copy(update={"campaigns": None})

    assert sent(refund(refund_line_items=[], transactions=[]), "refunds/create").notes == (
        "nothing_refunded",
    )
    assert sent(refund(), "refunds/create", hook=unknown) == Translated((), ("no_campaign",))


def test_test_orders_do_not_count() -> None:
    tried = [{"kind": "refund", "status": "success", "amount": "1.00", "currency": "EUR", "test": True}]

    assert sent(order(test=True, note_attributes=clicked())) == Translated((), ("test_order",))
    assert sent(order(test=True), "orders/cancelled") == Translated((), ("test_order",))
    assert sent(refund(transactions=tried), "refunds/create") == Translated((), ("test_order",))


def test_a_topic_of_no_interest_is_accepted_and_noted() -> None:
    assert sent(order(), "products/update") == Translated((), ("ignored_topic",))
    assert sent(order(), "") == Translated((), ("ignored_topic",))


def refused(body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    with pytest.raises(NotAccepted) as error:
        translate(incoming(body, headers), "boutique", HOOK, attribution())
    return error.value.status, error.value.reason


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


@given(st.dictionaries(st.sampled_from(sorted(refund())), json_values()))
def test_whatever_a_refund_holds_it_is_events_or_a_refusal(fields: dict[str, Any]) -> None:
    try:
        sent(refund(**fields), "refunds/create")
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
