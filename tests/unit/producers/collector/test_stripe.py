"""Stripe's payments and refunds: whose they are, what they bring, and that each counts once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.collector.incoming import NotAccepted, Translated
from tests.strategies import json_values
from tests.unit.producers.collector.attributing import (
    NOON,
    PERSONAL,
    click_id,
)
from tests.unit.producers.collector.stripe import (
    SOON,
    JsonObject,
    charge,
    completed,
    credit_note,
    event,
    intent,
    listed,
    sent,
    session,
    told,
)


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


def test_a_payment_intent_counts_only_where_it_is_marked_and_as_its_sessions_order() -> None:
    assert sent(event("payment_intent.succeeded", intent(metadata={}))) == Translated((), ("ignored_topic",))
    found, session_of_it = told(sent(event("payment_intent.succeeded", intent()))), told(completed())
    assert found.order_id == session_of_it.order_id
    assert found.event_id != session_of_it.event_id, "both are heard of, and the session's revenue counts"


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
