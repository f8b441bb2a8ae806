import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.events.schema import Adjustment, Conversion
from models.times import SECOND
from producers.collector.hooks.stripe import translate
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

HOOK = Hook.model_validate({"kind": "stripe", "secrets": [SECRET, OTHER_SECRET], "campaigns": ["glow"]})
SOON = NOON // SECOND + 2
JsonObject = dict[str, Any]


def event(
    kind: str, told: Mapping[str, Any], previous: Mapping[str, Any] | None = None, **fields: Any
) -> JsonObject:
    data = {"object": told, **({"previous_attributes": previous} if previous else {})}
    usual = {
        "id": "evt_1",
        "object": "event",
        "type": kind,
        "created": SOON,
        "livemode": True,
        "api_version": "2024-06-20",
    }
    return {**usual, "data": data, **fields}


def session(**fields: Any) -> JsonObject:
    """Return a session of Checkout: 124.90 paid, of which 20.00 are tax and 4.90 shipping."""
    person = {
        "name": PERSONAL,
        "email": PERSONAL,
        "phone": PERSONAL,
        "address": {"line1": PERSONAL, "city": PERSONAL},
    }
    usual = {
        "id": "cs_live_a1", "object": "checkout.session", "mode": "payment", "payment_status": "paid",
        "status": "complete", "created": NOON // SECOND, "currency": "eur", "amount_subtotal": 11500,
        "amount_total": 12490,
        "total_details": {"amount_discount": 1500, "amount_shipping": 490, "amount_tax": 2000},
        "payment_intent": "pi_3a", "invoice": None, "subscription": None, "client_reference_id": None,
        "customer_details": person, "customer_email": PERSONAL, "shipping_details": person,
        "metadata": {"kpi_click": click_id(), "gift": PERSONAL},
    }  # fmt: skip
    return {**usual, **fields}


def charge(**fields: Any) -> JsonObject:
    usual = {
        "id": "ch_3a", "object": "charge", "amount": 12490, "amount_refunded": 3000, "captured": True,
        "currency": "eur", "created": NOON // SECOND, "payment_intent": "pi_3a", "invoice": None,
        "refunded": False, "metadata": {}, "receipt_email": PERSONAL,
        "billing_details": {"name": PERSONAL, "email": PERSONAL},
    }  # fmt: skip
    return {**usual, **fields}


def header(raw: bytes, *secrets: str, at: int = SOON) -> str:
    macs = [
        hmac.new(one.encode(), str(at).encode() + b"." + raw, hashlib.sha256).hexdigest() for one in secrets
    ]
    return ",".join([f"t={at}", *(f"v1={one}" for one in macs), "v0=" + "0" * 64])


def sent(body: Mapping[str, Any], *secrets: str, at: int = SOON, hook: Hook = HOOK) -> Translated:
    raw = json.dumps(body).encode()
    headers = {"stripe-signature": header(raw, *(secrets or (SECRET,)), at=at), "user-agent": "Stripe/1.0"}
    return translate(incoming(raw, headers, now=SOON * SECOND), "pay", hook, attribution())


def told(translated: Translated) -> Conversion | Adjustment:
    (found,) = translated.events
    read = as_counted(found)
    assert isinstance(read, Conversion | Adjustment)
    return read


def completed(**fields: Any) -> Translated:
    return sent(event("checkout.session.completed", session(**fields)))


def test_a_paid_session_is_a_purchase_without_tax_and_shipping() -> None:
    found = told(completed())

    assert (found.order_id, found.revenue, found.currency, found.event_time) == ("pi_3a", 100.0, "EUR", NOON)
    assert (found.influencer_id, found.attributed_by, found.source) == ("ana", "click_id", "pay")


@pytest.mark.parametrize(
    "shipping", [{"amount_total": 490, "amount_tax": 82}, {"amount_total": 588, "amount_tax": 98}]
)
def test_tax_on_the_shipping_is_taken_out_once(shipping: JsonObject) -> None:
    """100.00 for goods and 20.00 tax on them; shipping with its tax within, and with it beside."""
    details = {"amount_shipping": 490, "amount_tax": 2000 + shipping["amount_tax"]}
    paid = 10000 + 2000 + shipping["amount_total"]

    found = told(completed(amount_total=paid, total_details=details, shipping_cost=shipping))

    assert found.revenue == 100.0


@pytest.mark.parametrize(
    ("currency", "paid"),
    [
        ("eur", 1234.56),
        ("jpy", 123456),
        ("krw", 123456),
        ("kwd", 123.456),
        ("isk", 1234.56),
        ("ugx", 1234.56),
    ],
)
def test_amounts_are_in_the_least_unit_of_their_currency(currency: str, paid: float) -> None:
    found = told(completed(currency=currency, amount_total=123456, total_details=None))

    assert (found.revenue, found.currency) == (paid, currency.upper())


def test_a_payment_link_carries_the_click_id_as_its_reference() -> None:
    assert told(completed(metadata={}, client_reference_id=click_id("ben-clip"))).influencer_id == "ben"
    assert completed(metadata={}, client_reference_id="cart_4711").notes == ("no_campaign",)


def test_a_code_comes_in_the_metadata() -> None:
    found = told(completed(metadata={"kpi_code": "ANA15"}))

    assert (found.influencer_id, found.attributed_by) == ("ana", "code")


def test_what_is_not_paid_yet_counts_once_it_is() -> None:
    unpaid = session(payment_status="unpaid")

    assert sent(event("checkout.session.completed", unpaid)) == Translated((), ("unpaid",))
    later = sent(event("checkout.session.async_payment_succeeded", session(), id="evt_2", created=SOON + 9))
    assert later == completed()


def test_a_free_order_is_a_purchase_of_nothing() -> None:
    nothing = {"amount_discount": 11500, "amount_shipping": 0, "amount_tax": 0}
    found = told(
        completed(
            payment_status="no_payment_required", amount_total=0, total_details=nothing, payment_intent=None
        )
    )

    assert (found.revenue, found.order_id) == (0.0, "cs_live_a1")


def test_a_subscription_counts_once_under_its_first_invoice() -> None:
    first = {"mode": "subscription", "payment_intent": None, "invoice": "in_1", "subscription": "sub_1"}
    refund = event("charge.refunded", charge(invoice="in_1"), {"amount_refunded": 0})

    assert told(completed(**first)).order_id == told(sent(refund)).order_id == "in_1"
    assert sent(event("invoice.paid", {"id": "in_2", "billing_reason": "subscription_cycle"})).notes == (
        "ignored_topic",
    )
    assert completed(mode="setup") == Translated((), ("ignored_topic",))


def intent(**fields: Any) -> JsonObject:
    """Return the payment of a session, made a minute after it, of which it knows no tax."""
    usual = {"id": "pi_3a", "created": NOON // SECOND + 60, "currency": "eur", "amount_received": 12490}
    return {**usual, "metadata": {"kpi_click": click_id()}, **fields}


def test_a_payment_intent_counts_only_where_it_is_marked_and_as_its_sessions_order() -> None:
    assert sent(event("payment_intent.succeeded", intent(metadata={}))) == Translated((), ("ignored_topic",))
    found, session_of_it = told(sent(event("payment_intent.succeeded", intent()))), told(completed())
    assert found.order_id == session_of_it.order_id
    assert found.event_id != session_of_it.event_id, "both are heard of, and the session's revenue counts"


def credit_note(**fields: Any) -> JsonObject:
    usual = {
        "id": "cn_1", "object": "credit_note", "invoice": "in_1", "currency": "eur", "amount": 3600,
        "total": 3600, "total_excluding_tax": 3000, "created": NOON // SECOND, "metadata": {},
        "refunds": [{"refund": "re_1", "amount_refunded": 3600}], "customer": PERSONAL,
    }  # fmt: skip
    return {**usual, **fields}


def test_a_subscriptions_refund_is_found_by_its_credit_note_where_charges_name_no_invoice() -> None:
    noted = event("credit_note.created", credit_note(), api_version="2025-03-31.basil")
    found, again = told(sent(noted)), told(sent({**noted, "id": "evt_9"}))

    assert (found.status, found.order_id, found.revenue, found.currency) == ("refunded", "in_1", 30.0, "EUR")
    assert found.event_id == again.event_id
    assert found.event_id != told(sent({**noted, "data": {"object": credit_note(id="cn_2")}})).event_id
    untaxed = event("credit_note.created", credit_note(total_excluding_tax=None), api_version="2026-01-28.x")
    assert told(sent(untaxed)).revenue == 36.0


def test_where_charges_name_their_invoice_credit_notes_say_nothing_more() -> None:
    """The refund would be taken back twice."""
    assert sent(event("credit_note.created", credit_note())) == Translated((), ("ignored_topic",))


def listed(*refunds: tuple[str, int]) -> JsonObject:
    data = [{"id": name, "object": "refund", "amount": amount, "currency": "eur", "status": "succeeded"}
            for name, amount in refunds]  # fmt: skip
    return {"object": "list", "data": data}


def test_each_listed_refund_is_an_event_of_its_own_however_often_it_is_listed() -> None:
    first = sent(event("charge.refunded", charge(refunds=listed(("re_1", 1000)))))
    second = sent(event("charge.refunded", charge(refunds=listed(("re_2", 2000), ("re_1", 1000)))))

    assert [(one["order_id"], one["revenue"], one["status"]) for one in second.events] == [
        ("pi_3a", 20.0, "refunded"), ("pi_3a", 10.0, "refunded"),
    ]  # fmt: skip
    assert first.events[0] == second.events[1]
    failed = listed(("re_1", 1000)) | {"data": [{**listed(("re_1", 1000))["data"][0], "status": "failed"}]}
    assert sent(event("charge.refunded", charge(refunds=failed, amount_refunded=0))) == Translated((), ())


def test_where_refunds_are_not_listed_what_is_new_is_taken_back() -> None:
    first = told(sent(event("charge.refunded", charge(amount_refunded=1000), {"amount_refunded": 0})))
    second = told(sent(event("charge.refunded", charge(amount_refunded=3000), {"amount_refunded": 1000})))

    assert (first.revenue, second.revenue) == (10.0, 20.0)
    assert first.event_id != second.event_id


def test_tests_do_not_count_and_other_events_are_noted() -> None:
    assert sent(event("checkout.session.completed", session(), livemode=False)) == Translated(
        (), ("test_order",)
    )
    assert sent(event("customer.created", {"email": PERSONAL})) == Translated((), ("ignored_topic",))


@pytest.mark.parametrize("secrets", [(SECRET,), (OTHER_SECRET,), ("an old one that is gone", OTHER_SECRET)])
def test_either_secret_signs_and_stripe_may_sign_with_several(secrets: tuple[str, ...]) -> None:
    body = event("checkout.session.completed", session())

    assert sent(body, *secrets) == completed()


def refused(raw: bytes, signature: str) -> tuple[int, str]:
    with pytest.raises(NotAccepted) as error:
        translate(
            incoming(raw, {"stripe-signature": signature}, now=SOON * SECOND), "pay", HOOK, attribution()
        )
    return error.value.status, error.value.reason


RAW = json.dumps(event("checkout.session.completed", session())).encode()


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_body_with_any_byte_changed_is_refused(at: int, change: int) -> None:
    spoilt = bytearray(RAW)
    spoilt[at % len(spoilt)] ^= change

    assert refused(bytes(spoilt), header(RAW, SECRET)) == (401, "bad_signature")


@given(st.integers(2, 76), st.sampled_from("0123456789abcdef"))
def test_a_signature_with_any_digit_changed_is_refused(at: int, digit: str) -> None:
    """The time is signed, too."""
    signature = header(RAW, SECRET).partition(",v0")[0]
    changed = signature[:at] + digit + signature[at + 1 :]

    assert changed == signature or refused(RAW, changed) == (401, "bad_signature")


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_signature_of_more_than_five_minutes_ago_or_ahead_is_refused(seconds: int) -> None:
    assert refused(RAW, header(RAW, SECRET, at=SOON + seconds)) == (401, "stale_signature")
    near = seconds - seconds // 300
    assert sent(event("checkout.session.completed", session()), at=SOON + near) == completed()


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "t=",
        "v1=" + "0" * 64,
        f"t={SOON}",
        f"t={SOON},v1=",
        "t=x,v1=y",
        f"t={SOON},v0=" + "0" * 64,
        ",,=,",
    ],
)
def test_a_header_that_is_no_signature_is_refused(signature: str) -> None:
    assert refused(RAW, signature) == (401, "bad_signature")


_FIELDS = {*session(), *charge(), *credit_note(), "refunds", "shipping_cost"}


@given(
    st.sampled_from(
        ["checkout.session.completed", "payment_intent.succeeded", "charge.refunded", "credit_note.created"]
    ),
    st.dictionaries(st.sampled_from(sorted(_FIELDS)), json_values()),
)
def test_whatever_an_object_holds_it_is_events_or_a_refusal(kind: str, fields: JsonObject) -> None:
    drawn = {**session(), **charge(), **credit_note(), **fields}
    try:
        sent(event(kind, drawn, api_version="2025-03-31.basil"))
    except NotAccepted as refusal:
        assert refusal.status == 400
