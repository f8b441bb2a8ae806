"""Orders: whatever arrives, in whatever order and however often, the same is known in the end."""

from functools import reduce
from itertools import permutations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.campaigns.money import MICROS
from models.events.schema import Adjustment, Conversion
from models.readings.results import revenue
from models.state.orders import (
    Order,
    Refund,
    Sale,
    decode_order,
    encode_order,
    order_of_adjustment,
    order_of_sale,
)
from tests.unit.models.building import LEAF, NOON, RATES, event

OTHER = LEAF._replace(content="reel-2")
MONEY = st.integers(0, 3).map(lambda amount: amount * MICROS)
CURRENCIES = st.sampled_from(["EUR", "USD"])
SALES = st.builds(
    Sale,
    st.integers(NOON, NOON + 2),
    st.sampled_from("abc"),
    st.sampled_from([LEAF, OTHER]),
    st.sampled_from(["purchase", "signup"]),
    MONEY,
    CURRENCIES | st.none(),
)
REFUNDS = st.builds(Refund, MONEY, CURRENCIES) | st.just(Refund(None, None))
ORDERS = st.builds(
    Order, st.none() | SALES, st.booleans(), st.dictionaries(st.sampled_from("xyz"), REFUNDS, max_size=3)
)


def sale(time: int = NOON, revenue: float | None = 10.0, **fields: object) -> Order:
    money = {} if revenue is None else {"revenue": revenue, "currency": "EUR"}
    found = event("conversion", **{**money, **fields})
    assert isinstance(found, Conversion)
    return order_of_sale(found, time, LEAF)


def adjustment(status: str, event_id: str = "a", **fields: object) -> Order:
    found = event("conversion", status=status, event_id=event_id, **fields)
    assert isinstance(found, Adjustment)
    return order_of_adjustment(found)


def refund(amount: float, event_id: str = "a", currency: str = "EUR") -> Order:
    return adjustment("refunded", event_id, revenue=amount, currency=currency)


def net(*reports: Order) -> float:
    return reduce(Order.merge, reports).net_revenue(RATES) / MICROS


@given(ORDERS, ORDERS)
def test_merging_is_commutative(one: Order, other: Order) -> None:
    assert one.merge(other) == other.merge(one)


@given(ORDERS, ORDERS, ORDERS)
def test_merging_is_associative(one: Order, two: Order, three: Order) -> None:
    assert one.merge(two).merge(three) == one.merge(two.merge(three))


@given(ORDERS, ORDERS)
def test_merging_the_same_again_changes_nothing(one: Order, other: Order) -> None:
    both = one.merge(other)

    assert one.merge(one) == one
    assert both.merge(other) == both


@given(ORDERS)
def test_an_order_survives_storing(order: Order) -> None:
    assert decode_order(msgspec.msgpack.decode(msgspec.msgpack.encode(encode_order(order)))) == order


@given(ORDERS)
def test_net_revenue_is_never_negative_nor_more_than_the_sale(order: Order) -> None:
    most = order.sale.revenue if order.sale else 0

    assert 0 <= order.net_revenue(RATES) <= most


def test_the_earliest_report_wins_whichever_comes_first() -> None:
    reports = [
        Order(Sale(NOON + 1, "a", LEAF, "purchase", 1, "EUR")),
        Order(Sale(NOON, "c", LEAF, "purchase", 2, "EUR")),
        Order(Sale(NOON, "b", OTHER, "purchase", 3, "EUR")),
    ]

    for arrangement in permutations(reports):
        assert reduce(Order.merge, arrangement).sale == reports[2].sale


def test_a_sale_counts_as_a_conversion_and_its_revenue() -> None:
    assert sale().tally(RATES) == {
        "orders:purchase": 1,
        "conversions:purchase": 1,
        "valued:purchase": 1,
        "revenue:purchase:EUR": 10 * MICROS,
    }


def test_a_sale_without_revenue_is_a_conversion_all_the_same() -> None:
    assert sale(revenue=None).tally(RATES) == {"orders:purchase": 1, "conversions:purchase": 1}


def test_an_adjustment_without_its_sale_counts_nowhere() -> None:
    assert adjustment("cancelled").tally(RATES) == {}
    assert refund(5).tally(RATES) == {}


@pytest.mark.parametrize("reports", list(permutations([sale(), adjustment("cancelled"), refund(3, "b")])))
def test_a_cancellation_takes_conversion_and_revenue_away(reports: tuple[Order, ...]) -> None:
    assert reduce(Order.merge, reports).tally(RATES) == {"orders:purchase": 1, "cancellations": 1}


def test_a_cancelled_order_stays_cancelled_when_it_is_reported_again() -> None:
    again = sale().merge(adjustment("cancelled")).merge(sale(event_id="e2"))

    assert "conversions:purchase" not in again.tally(RATES)


def test_refunds_add_up_and_leave_the_conversion() -> None:
    order = sale().merge(refund(3, "a")).merge(refund(4, "b"))

    assert order.tally(RATES) == {
        "orders:purchase": 1,
        "conversions:purchase": 1,
        "valued:purchase": 1,
        "revenue:purchase:EUR": 3 * MICROS,
    }


def test_a_refund_counts_once_by_its_event_id() -> None:
    assert net(sale(), refund(3, "a"), refund(3, "a")) == 7


def test_of_two_amounts_under_one_event_id_the_greater_is_refunded() -> None:
    assert net(sale(), refund(3), refund(5)) == net(sale(), refund(5), refund(3)) == 5
    assert net(sale(), refund(3), adjustment("refunded")) == 0


def test_refunds_never_take_more_than_the_sale() -> None:
    assert net(sale(), refund(8, "a"), refund(8, "b")) == 0


def test_a_refund_without_amount_takes_all() -> None:
    assert net(sale(), adjustment("refunded")) == 0


def test_a_refund_in_another_currency_is_converted_to_the_sales() -> None:
    order = sale().merge(refund(2.5, currency="USD"))

    assert order.net_revenue(RATES) == 8 * MICROS
    assert order.foreign
    assert not sale().merge(refund(2.5)).foreign


def test_a_refund_that_cannot_be_converted_makes_revenue_unknown_and_not_wrong() -> None:
    sale = Order(Sale(0, "e", LEAF, "purchase", 100 * MICROS, "USD"))
    order = sale.merge(Order(refunds={"r": Refund(10 * MICROS, "GBP")}))

    assert revenue(order.tally(None), "USD", None) is None
    assert revenue(sale.tally(None), "USD", None) == 100
