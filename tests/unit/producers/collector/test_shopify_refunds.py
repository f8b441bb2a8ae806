"""What Shopify takes back: cancelled orders, and refunds, each once."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from models.events.schema import Adjustment
from models.times import DAY, parse_time
from producers.collector.incoming import NotAccepted, Translated
from tests.strategies import json_values
from tests.unit.producers.collector.attributing import (
    NOON,
    OTHER_SECRET,
    as_counted,
)
from tests.unit.producers.collector.shopify import EUR, HOOK, clicked, money, order, refund, sent, told


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


@given(st.dictionaries(st.sampled_from(sorted(refund())), json_values()))
def test_whatever_a_refund_holds_it_is_events_or_a_refusal(fields: dict[str, Any]) -> None:
    try:
        sent(refund(**fields), "refunds/create")
    except NotAccepted as refusal:
        assert refusal.status == 400
