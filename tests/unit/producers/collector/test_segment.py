"""What Segment tracks: orders, sign-ups and promotions, whose they are and what they bring."""

from typing import Any

import pytest

from producers.collector.persons import person_id
from tests.unit.producers.collector.attributing import (
    click_id,
)
from tests.unit.producers.collector.segments import SALT, UTM, JsonObject, changed, refused, sent, told, track


def test_an_order_completed_is_a_purchase() -> None:
    event = told(track())

    assert (event["type"], event["kind"], event["order_id"], event["event_id"]) == (
        "conversion",
        "purchase",
        "o-1",
        "m-1",
    )
    assert (event["campaign_id"], event["influencer_id"], event["attributed_by"]) == (
        "glow",
        "ana",
        "declared",
    )
    assert (event["revenue"], event["currency"], event["source"]) == (84.9, "EUR", "web")
    assert "user_agent" not in event


@pytest.mark.parametrize(
    ("properties", "revenue"),
    [({"revenue": None, "subtotal": 70}, 70.0), ({"revenue": "39.95"}, 39.95),
     ({"revenue": None}, None), ({"revenue": 0}, 0.0),
     ({"revenue": None, "total": 100, "tax": 16.5, "shipping": "4.90"}, 78.6)],
)  # fmt: skip
def test_revenue_is_without_tax_and_shipping(properties: JsonObject, revenue: float | None) -> None:
    assert told(changed(**properties)).get("revenue") == revenue


def test_revenue_needs_a_currency_and_is_not_below_zero() -> None:
    assert refused(changed(currency=None), changed(revenue=-1)) == [
        ("missing_field", "currency"), ("invalid_field", "revenue"),
    ]  # fmt: skip


def test_click_id_and_coupon_attribute_before_what_is_declared() -> None:
    page = {"page": {"url": f"https://shop.example/?kpi_click={click_id('ben-clip')}"}}
    batch = sent(changed(kpi_click=click_id("ben-clip")), track(context=page), changed(coupon="ben10"))

    found = [one for one in batch.messages if isinstance(one, dict)]
    assert [(one["influencer_id"], one["attributed_by"]) for one in found] == [
        ("ben", "click_id"), ("ben", "click_id"), ("ben", "code"),
    ]  # fmt: skip


def test_bad_click_ids_and_conflicts_are_noted() -> None:
    assert sent(changed(kpi_click="{click}"), changed(kpi_click=click_id(), coupon="BEN10")).notes == (
        "unfilled_macro", "conflict",
    )  # fmt: skip


def test_the_utm_parameters_of_a_link_say_whose_it_is() -> None:
    bare: dict[str, Any] = dict.fromkeys(("campaign_id", "influencer_id", "content_id", "channel"))
    from_link = {"campaign": {**UTM, "content": "ana-reel-1"}}
    message = {**changed("Order Completed", **bare), "context": from_link}
    other = {
        **changed("Order Completed", **bare),
        "context": {"campaign": {**UTM, "medium": "email", "content": "ana-reel-1"}},
    }

    event = told(message)
    assert (event["campaign_id"], event["influencer_id"], event["content_id"]) == ("glow", "ana", "reel-1")
    assert (event["channel"], event["format"]) == ("instagram", "reel")
    assert refused(other) == [("no_campaign", "campaign_id")]


def test_what_a_links_address_says_itself_is_what_its_visitors_bring() -> None:
    bare: dict[str, Any] = dict.fromkeys(("campaign_id", "influencer_id", "content_id", "channel"))
    brought = {"campaign": {**UTM, "source": "mine", "content": "ben-clip"}}

    event = told({**changed("Order Completed", **bare), "context": brought})

    assert (event["influencer_id"], event["content_id"], event["channel"]) == ("ben", "clip", "tiktok")


@pytest.mark.parametrize(
    ("name", "status"), [("Order Refunded", "refunded"), ("order cancelled", "cancelled")]
)
def test_an_order_is_taken_back(name: str, status: str) -> None:
    event = told(track(name))

    assert (event["status"], event["order_id"], event["campaign_id"]) == (status, "o-1", "glow")
    assert event.get("revenue") == (84.9 if status == "refunded" else None)
    assert refused(changed(name, order_id=None)) == [("missing_field", "order_id")]


def test_promotions_are_impressions_and_clicks() -> None:
    seen, clicked = told(track("Promotion Viewed")), told(track("Promotion Clicked"))

    assert (seen["type"], clicked["type"]) == ("impression", "click")
    assert (seen["influencer_id"], seen["channel"], seen["user_agent"]) == (
        "ana",
        "Instagram",
        "Firefox/140.0",
    )
    assert "order_id" not in seen
    assert refused(changed("Promotion Viewed", campaign_id=None)) == [("missing_field", "campaign_id")]


def test_a_sign_up_needs_no_order() -> None:
    event = told(changed("Signed Up", order_id=None, revenue=None))

    assert (event["kind"], "order_id" in event) == ("signup", False)


def test_a_user_id_that_means_nobody_leaves_the_other_id() -> None:
    event = told(changed(consent=True) | {"userId": "undefined"})

    assert event["person_id"] == person_id("anon-1", SALT, "glow")
