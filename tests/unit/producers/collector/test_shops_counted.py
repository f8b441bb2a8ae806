"""What shops tell again and again, in any order, is counted once: sales, refunds, cancellations."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.campaigns.registry import Registry
from models.scopes import Leaf
from models.times import HOUR, parse_time
from models.windows import FLIGHT
from producers.collector.incoming import Translated
from tests.unit.models.building import Feed, new_state
from tests.unit.producers.collector import shopify, stripe, woocommerce
from tests.unit.producers.collector.attributing import CAMPAIGNS

LATER = parse_time("2026-11-23T00:00:00Z")


def shopify_story() -> list[Translated]:
    """Bring an order of 100.00 that is created, paid and updated, and of which 40.00 and 12.50 come back."""
    order = shopify.order(note_attributes=shopify.clicked())
    paid = {"kind": "refund", "status": "success", "amount": "12.50", "currency": "EUR"}
    other = shopify.refund(id=2, refund_line_items=[], transactions=[paid])
    return [
        shopify.sent(order, "orders/create"),
        shopify.sent(order, "orders/paid"),
        shopify.sent(order | {"financial_status": "partially_refunded"}, "orders/updated"),
        shopify.sent(shopify.refund(), "refunds/create"),
        shopify.sent(other, "refunds/create"),
    ]


def stripe_story() -> list[Translated]:
    """Bring a session of 100.00, its payment of 124.90, and a charge that gives back 40.00 and then 12.50."""
    charge = stripe.charge(refunds=stripe.listed(("re_1", 4000)))
    again = stripe.charge(refunds=stripe.listed(("re_2", 1250), ("re_1", 4000)))
    return [
        stripe.completed(),
        stripe.sent(stripe.event("payment_intent.succeeded", stripe.intent())),
        stripe.sent(stripe.event("charge.refunded", charge)),
        stripe.sent(stripe.event("charge.refunded", again)),
    ]


def woocommerce_story() -> list[Translated]:
    """Bring an order of 100.00 (124.90 with tax and shipping) of which 40 % and 12.5 % come back."""
    first, second = {"id": 1, "total": "-49.96"}, {"id": 2, "total": "-15.6125"}
    return [
        woocommerce.sent(woocommerce.order()),
        woocommerce.sent(woocommerce.order(refunds=[first]), "order.updated"),
        woocommerce.sent(woocommerce.order(status="completed", refunds=[first, second]), "order.updated"),
    ]


STORIES = {"shopify": shopify_story(), "stripe": stripe_story(), "woocommerce": woocommerce_story()}
CANCELLED = {
    "shopify": shopify.sent(
        shopify.order(note_attributes=shopify.clicked(), cancelled_at="2026-11-22T13:00:00+01:00"),
        "orders/cancelled",
    ),
    "woocommerce": woocommerce.sent(woocommerce.order(status="cancelled"), "order.updated"),
}


def counted(deliveries: list[Translated], apart: int = 2 * HOUR) -> dict[str, Any]:
    """Count deliveries that come so long apart: by default no event id is remembered from one to the next."""
    state = new_state(Registry(version=1, campaigns={one.id: one for one in CAMPAIGNS}))
    feed = Feed(state)
    for place, delivery in enumerate(deliveries):
        for event in delivery.events:
            feed.send("conversion", LATER + apart * place, **{"content_id": None, "channel": None, **event})
    tally = Counter[str]()
    for campaign in CAMPAIGNS:
        for leaf in state.leaves_of(campaign.id):
            assert leaf == Leaf("glow", "ana", "reel-1", "instagram", "reel")
            tally.update(dict(state.tally(leaf, FLIGHT)))
    names = ("orders:purchase", "conversions:purchase", "attributed:click_id", "cancellations")
    return {name: tally[name] for name in names} | {"revenue": tally["revenue:purchase:EUR"] / 1e9}


@pytest.mark.parametrize("shop", STORIES)
@given(data=st.data())
def test_an_order_and_its_refunds_count_once_however_often_and_in_whatever_order_they_come(
    shop: str, data: st.DataObject
) -> None:
    """100.00 − 40.00 − 12.50."""
    more = data.draw(st.lists(st.sampled_from(STORIES[shop]), max_size=4))
    deliveries = data.draw(st.permutations([*STORIES[shop], *more]))

    assert counted(deliveries) == {
        "orders:purchase": 1, "conversions:purchase": 1, "attributed:click_id": 1, "cancellations": 0,
        "revenue": 47.5,
    }  # fmt: skip


@pytest.mark.parametrize("shop", CANCELLED)
@given(data=st.data())
def test_a_cancelled_order_is_no_conversion_in_whatever_order_it_is_told(
    shop: str, data: st.DataObject
) -> None:
    deliveries = data.draw(st.permutations([*STORIES[shop], CANCELLED[shop], CANCELLED[shop]]))

    assert counted(deliveries) == {
        "orders:purchase": 1, "conversions:purchase": 0, "attributed:click_id": 0, "cancellations": 1,
        "revenue": 0.0,
    }  # fmt: skip


@given(st.permutations(stripe_story()[:2]))
def test_of_a_session_and_its_payment_told_together_the_sessions_revenue_counts(
    deliveries: list[Translated],
) -> None:
    """The payment of 124.90 knows no tax and shipping, and mostly comes first."""
    assert counted(deliveries, apart=0)["revenue"] == 100.0
