"""Orders: whatever arrives, in whatever order and however often, the same is known in the end."""

from functools import reduce
from itertools import permutations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.campaigns.campaign import CurrencyRates
from models.campaigns.money import NANOS
from models.events.schema import Adjustment, Conversion
from models.scopes import Leaf
from models.state.orders import (
    Order,
    OrderKey,
    Price,
    Refund,
    Sale,
    decode_order,
    encode_order,
    key_of,
    order_of_adjustment,
    order_of_sale,
)
from models.tally import Tally
from tests.unit.models.building import LEAF, NOON, RATES, event

OTHER = LEAF._replace(content="reel-2")
MONEY = st.integers(0, 3).map(lambda amount: amount * 10**18) | st.integers(0, 10**40)
CURRENCIES = st.sampled_from(["EUR", "USD"])
SALES = st.builds(
    Sale,
    st.integers(NOON, NOON + 2),
    st.sampled_from("abc"),
    st.sampled_from([LEAF, OTHER]),
    st.integers(1, 2),
    st.sampled_from(["code", "declared"]) | st.none(),
)
PRICES = st.builds(Price, st.integers(NOON, NOON + 2), st.sampled_from("abc"), MONEY, CURRENCIES)
REFUNDS = st.builds(Refund, MONEY, CURRENCIES) | st.just(Refund(None, None))
ORDERS = st.builds(
    Order,
    st.none() | SALES,
    st.none() | PRICES,
    st.booleans(),
    st.dictionaries(st.sampled_from("xyz"), REFUNDS, max_size=3),
)


def sale(time: int = NOON, revenue: float | None = 10.0, leaf: Leaf = LEAF, **fields: object) -> Order:
    money = {} if revenue is None else {"revenue": revenue, "currency": "EUR"}
    found = event("conversion", **{**money, **fields})
    assert isinstance(found, Conversion)
    return order_of_sale(found, time, leaf)


def counted(*reports: Order, rates: CurrencyRates | None = RATES) -> Tally:
    return reduce(Order.merge, reports).tally("purchase", rates)


def adjustment(status: str, event_id: str = "a", **fields: object) -> Order:
    found = event("conversion", status=status, event_id=event_id, **fields)
    assert isinstance(found, Adjustment)
    return order_of_adjustment(found)


def refund(amount: float, event_id: str = "a", currency: str = "EUR") -> Order:
    return adjustment("refunded", event_id, revenue=amount, currency=currency)


def net(*reports: Order) -> float:
    return reduce(Order.merge, reports).net_revenue(RATES) / NANOS


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
    most = order.price.amount if order.price else 0

    assert 0 <= order.net_revenue(RATES) <= most


def test_the_earliest_report_wins_whichever_comes_first() -> None:
    reports = [
        sale(NOON + 1, 1, event_id="a"),
        sale(NOON, 2, event_id="c"),
        sale(NOON, 3, OTHER, event_id="b"),
    ]

    for arrangement in permutations(reports):
        merged = reduce(Order.merge, arrangement)
        assert (merged.sale, merged.price) == (reports[2].sale, reports[2].price)


def test_revenue_is_that_of_the_earliest_report_that_has_one() -> None:
    by_browser = sale(NOON, None, event_id="a", attributed_by="code")
    by_server, later = sale(NOON + 1, 100, OTHER, event_id="b"), sale(NOON + 2, 90, OTHER, event_id="c")

    for arrangement in permutations([by_browser, by_server, later]):
        merged = reduce(Order.merge, arrangement)
        assert merged.sale == by_browser.sale
        assert merged.net_revenue(RATES) == 100 * NANOS
        assert merged.tally("purchase", RATES)["attributed:code"] == 1


def test_a_sale_counts_as_a_conversion_and_its_revenue() -> None:
    assert counted(sale()) == {
        "orders:purchase": 1,
        "conversions:purchase": 1,
        "squares:conversions:purchase": 1,
        "attributed:declared": 1,
        "valued:purchase": 1,
        "revenue:purchase:EUR": 10 * NANOS,
        "squares:revenue:purchase:EUR": 100 * NANOS**2,
    }


def test_a_sale_without_revenue_is_a_conversion_all_the_same() -> None:
    assert counted(sale(revenue=None)) == {
        "orders:purchase": 1,
        "conversions:purchase": 1,
        "squares:conversions:purchase": 1,
        "attributed:declared": 1,
    }


def test_a_revenue_of_nothing_is_one() -> None:
    found = counted(sale(revenue=0))

    assert (found["valued:purchase"], found.get("revenue:purchase:EUR")) == (1, None)


def test_a_report_may_stand_for_many_orders() -> None:
    found = counted(sale(revenue=60, kind="signup", order_id=None, count=3))

    assert found["orders:purchase"] == found["conversions:purchase"] == found["valued:purchase"] == 3
    assert found["squares:conversions:purchase"] == 9
    assert found["revenue:purchase:EUR"] == 60 * NANOS


@pytest.mark.parametrize(
    ("fields", "by"),
    [
        ({}, "declared"),
        ({"influencer_id": None}, None),
        ({"influencer_id": "none"}, None),
        ({"attributed_by": "last_click"}, "last_click"),
        ({"attributed_by": "last_click", "influencer_id": None}, None),
    ],
)
def test_how_an_influencer_was_found_is_declared_where_one_is_named(
    fields: dict[str, object], by: str | None
) -> None:
    attributed = {name: n for name, n in counted(sale(**fields)).items() if name.startswith("attributed:")}  # type: ignore[arg-type] # fields of the event

    assert attributed == ({f"attributed:{by}": 1} if by else {})


def test_an_order_with_an_id_is_one_whatever_its_count() -> None:
    found = counted(sale(revenue=60, count=3))
    assert (found["conversions:purchase"], found["orders:purchase"]) == (1, 1)
    assert found["squares:conversions:purchase"] == 1


def test_an_adjustment_without_its_sale_counts_nowhere() -> None:
    assert counted(adjustment("cancelled")) == {}
    assert counted(refund(5)) == {}


def test_orders_are_told_apart_by_kind_and_by_whether_they_have_an_id() -> None:
    purchase = event("conversion", order_id="1001")
    events = [
        purchase,
        event("conversion", kind="signup", order_id="1001"),
        event("conversion", kind="signup", order_id=None, event_id="1001"),
    ]

    assert len({key_of(one) for one in events if isinstance(one, Conversion)}) == 3
    without_kind = event("conversion", status="cancelled", order_id="1001", kind=None)
    assert isinstance(without_kind, Adjustment)
    assert key_of(without_kind) == OrderKey("glow", "purchase", "1001")


@pytest.mark.parametrize("reports", list(permutations([sale(), adjustment("cancelled"), refund(3, "b")])))
def test_a_cancellation_takes_conversion_and_revenue_away(reports: tuple[Order, ...]) -> None:
    assert counted(*reports) == {"orders:purchase": 1, "cancellations": 1}


def test_a_cancelled_order_stays_cancelled_when_it_is_reported_again() -> None:
    assert "conversions:purchase" not in counted(sale(), adjustment("cancelled"), sale(event_id="e2"))


def test_refunds_add_up_and_leave_the_conversion() -> None:
    found = counted(sale(), refund(3, "a"), refund(4, "b"))

    assert (found["conversions:purchase"], found["revenue:purchase:EUR"]) == (1, 3 * NANOS)
    assert found["squares:revenue:purchase:EUR"] == 9 * NANOS**2


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

    assert order.net_revenue(RATES) == 8 * NANOS
    assert order.foreign
    assert not sale().merge(refund(2.5)).foreign


def test_a_refund_in_full_needs_no_rate() -> None:
    order = sale().merge(adjustment("refunded", currency="AED"))

    assert order.net_revenue(None) == 0
    assert not order.foreign


def test_a_part_that_cannot_be_converted_may_be_all_and_touches_its_own_order_alone() -> None:
    bought = sale(revenue=100)
    order = bought.merge(refund(10, currency="GBP"))

    assert order.net_revenue(RATES) == 87.5 * NANOS
    found = counted(order, rates=None)
    assert (found["conversions:purchase"], found["valued:purchase"]) == (1, 1)
    assert [name for name in found if name.startswith("revenue:")] == []


def test_amounts_add_up_exactly_however_small_or_large() -> None:
    prices = [4e-7] * 1000 + [1e12] * 19_000 + [0.1] * 10
    assert sum(sale(revenue=price).net_revenue(RATES) for price in prices) == (
        400 * 1000 + 10**21 * 19_000 + 10**9
    )
