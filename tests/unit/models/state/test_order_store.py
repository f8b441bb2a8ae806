"""The order store: an order counts in a window as long as the bucket of its sale is held."""

import pytest

from models.state.leaves import Leaves
from models.state.order_store import OrderStore
from models.state.orders import Order, OrderKey, Sale
from models.state.rhythm import Rhythm
from models.windows import FLIGHT, ROLLING, RollingWindow
from tests.unit.models.building import LEAF, NOON


def store_of_sale(time: int) -> OrderStore:
    """Return a store at noon that holds a sale of a time."""
    leaves = Leaves(9)
    store = OrderStore(None, leaves, Rhythm(leaves))
    store.expire(NOON)
    store.report(OrderKey("glow", "signup", "o1"), Order(Sale(time, "e1", LEAF)))
    return store


@pytest.mark.parametrize("window", ROLLING, ids=lambda window: window.name)
def test_a_sale_counts_from_the_oldest_bucket_of_a_window_until_that_has_left(window: RollingWindow) -> None:
    oldest = window.first_bucket(NOON) * window.bucket
    store = store_of_sale(oldest)
    store.expire(NOON)
    assert store.tally(LEAF, window.name) == {
        "orders:signup": 1,
        "conversions:signup": 1,
        "squares:conversions:signup": 1,
    }

    store.expire(NOON + window.bucket)
    assert not any(store.tally(LEAF, window.name).values())
    assert store.tally(LEAF, FLIGHT)["orders:signup"] == 1


@pytest.mark.parametrize("window", ROLLING, ids=lambda window: window.name)
def test_a_sale_of_before_the_oldest_bucket_counts_in_the_flight_alone(window: RollingWindow) -> None:
    store = store_of_sale(window.first_bucket(NOON) * window.bucket - 1)

    assert not store.tally(LEAF, window.name)
    assert store.tally(LEAF, FLIGHT)["conversions:signup"] == 1


@pytest.mark.parametrize("window", ROLLING, ids=lambda window: window.name)
def test_an_order_that_a_shorter_window_has_handed_on_can_still_be_cancelled(window: RollingWindow) -> None:
    store = store_of_sale(NOON)
    key = OrderKey("glow", "signup", "o1")
    later = NOON + window.length - window.bucket
    store.expire(later)
    store.report(key, Order(cancelled=True))
    assert store.tally(LEAF, window.name) == {"orders:signup": 1, "cancellations": 1}

    store.expire(later + 2 * window.bucket)
    assert not any(store.tally(LEAF, window.name).values())
    assert store.tally(LEAF, FLIGHT) == {"orders:signup": 1, "cancellations": 1}
