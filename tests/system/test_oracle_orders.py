"""The oracle's orders against sums worked out by hand: cancellations and refunds, whatever arrives first."""

import itertools
from typing import Any

import pytest

from tests.system.support import oracle
from tests.system.support.naming import Series, key
from tests.system.support.spoiling import Fields
from tests.system.support.worked import DOCUMENT, NOW, Log, campaign, value

SALE: Fields = {"kind": "purchase", "order_id": "o", "revenue": 100, "currency": "EUR"}
ADJUSTMENT: Fields = dict.fromkeys(("kind", "influencer_id", "content_id", "channel"), "absent")


def adjusted(*changes: dict[str, Any], **sale: Any) -> Log:
    """Sell once an hour and a half ago, and send adjustments of it, of the fields that they must have."""
    log = Log().add("conversions", ago=5400, **{**SALE, **sale})
    for change in changes:
        log.add("conversions", **{**ADJUSTMENT, "order_id": "o", **change})
    return log


def revenue(shown: Series, window: str = "flight") -> float | None:
    return campaign(shown, "revenue", window=window, currency="EUR")


def refund(amount: float, currency: str = "EUR", **fields: Any) -> dict[str, Any]:
    return {"status": "refunded", "revenue": amount, "currency": currency, **fields}


def test_a_cancellation_takes_conversion_and_revenue_from_where_the_sale_counts() -> None:
    log = adjusted({"status": "cancelled"})
    log.add("conversions", ago=5400, **{**SALE, "order_id": "kept", "revenue": 8})
    shown = log.series()
    assert campaign(shown, "conversions", window="24h", kind="purchase") == 1
    assert revenue(shown, "24h") == revenue(shown) == 8
    assert campaign(shown, "conversions", window="1h", kind="purchase") is None
    assert revenue(shown, "1h") == 0
    assert log.fold().outcomes == {("conversions", "counted"): 3}
    # The lifetime counters tell what was sold and what was taken back.
    assert value(shown, "kpi_campaign_lifetime_conversions_total", kind="purchase") == 2
    assert value(shown, "kpi_campaign_lifetime_cancellations_total") == 1


def test_a_refund_leaves_the_conversion_and_takes_what_it_names() -> None:
    shown = adjusted(refund(30)).series()
    assert campaign(shown, "conversions", kind="purchase") == 1
    assert revenue(shown) == 70
    assert revenue(adjusted({"status": "refunded"}).series()) == 0
    assert revenue(adjusted(refund(0)).series()) == 100


def test_refunds_add_up_once_per_event_id_and_never_beyond_the_sale() -> None:
    assert revenue(adjusted(refund(30), refund(20)).series()) == 50
    again = adjusted(refund(30, event_id="r"), refund(30, event_id="r"))
    assert revenue(again.series()) == 70
    assert again.fold().outcomes["conversions", "duplicate"] == 1
    assert revenue(adjusted(refund(70), refund(70)).series()) == 0


def test_a_refund_in_another_currency_is_converted() -> None:
    assert revenue(adjusted(refund(50, "USD")).series()) == pytest.approx(60)
    assert revenue(adjusted(refund(100, "USD"), currency="GBP", revenue=80).series()) == pytest.approx(20)


def test_a_cancellation_is_final_whatever_is_refunded() -> None:
    changes = ({"status": "cancelled"}, refund(30), {"status": "cancelled"})
    shown = adjusted(*changes).series()
    assert revenue(shown) == 0
    assert campaign(shown, "conversions", kind="purchase") is None
    assert value(shown, "kpi_campaign_lifetime_cancellations_total") == 1


def test_the_order_of_arrival_changes_nothing() -> None:
    log = adjusted(refund(30), refund(25, "USD"))
    log.add("conversions", ago=7200, **{**SALE, "revenue": 60, "influencer_id": "ben"})
    found = []
    for records in itertools.permutations(log.records):
        log.records = list(records)
        found.append(log.series())
    assert all(shown == found[0] for shown in found)
    # ben's report is the earlier one: 60, less 30 and 20.
    of_ben = {"influencer": "ben", "window": "24h", "currency": "EUR"}
    assert value(found[0], "kpi_influencer_revenue", **of_ben) == pytest.approx(10)


def test_an_adjustment_of_an_unknown_order_changes_nothing_and_makes_no_leaf() -> None:
    log = Log().add("conversions", status="cancelled", order_id="x", content_id="only-adjusted")
    log.add("conversions", **{**ADJUSTMENT, **refund(5, order_id="y")})
    shown = log.series()
    assert not log.fold().leaves("c")
    assert revenue(shown) == 0
    assert value(shown, "kpi_campaign_lifetime_cancellations_total") == 0


def test_a_conversion_without_order_id_stands_for_itself_alone() -> None:
    log = Log().add("conversions", kind="signup", event_id="1001")
    log.add("conversions", kind="signup", order_id="1001", event_id="x", ago=600)
    log.add("conversions", kind="purchase", order_id="1001", event_id="y", ago=600)
    for kind in ("signup", "purchase"):
        log.add("conversions", **{**ADJUSTMENT, "order_id": "1001", "status": "cancelled", "kind": kind})
    shown = log.series()
    assert campaign(shown, "conversions", kind="signup") == 1
    assert campaign(shown, "conversions", kind="purchase") is None
    assert value(shown, "kpi_campaign_lifetime_cancellations_total") == 2


def test_an_adjustment_is_of_a_purchase_unless_it_names_another_kind() -> None:
    log = Log().add("conversions", kind="signup", order_id="o", revenue=5, currency="EUR")
    log.add("conversions", **SALE).add("conversions", **{**ADJUSTMENT, "order_id": "o", "status": "refunded"})
    assert revenue(log.series()) == 5
    log.add("conversions", **{**ADJUSTMENT, "order_id": "o", "status": "refunded", "kind": "signup"})
    assert revenue(log.series()) == 0


def test_a_conversion_may_stand_for_many_where_it_is_no_order() -> None:
    log = Log().add("conversions", kind="download", count=990, revenue=99, currency="EUR")
    log.add("conversions", **SALE, count=1).add("conversions", **{**SALE, "order_id": "p"}, count=3)
    assert not log.fold().refusals
    shown = log.series()
    assert campaign(shown, "conversions", kind="download") == 990
    assert campaign(shown, "conversions", kind="purchase") == 2
    assert revenue(shown) == 299
    assert value(shown, "kpi_campaign_lifetime_conversions_total", kind="download") == 990
    assert campaign(shown, "conversions_attributed", by="declared") == 992


def test_who_found_the_influencer_is_told_and_nobody_where_none_was_found() -> None:
    log = Log().add("conversions", kind="signup", attributed_by="code", count=2)
    log.add("conversions", **SALE, attributed_by="last_click")
    log.add("conversions", kind="signup", influencer_id="absent", content_id="absent", ago=600)
    log.add("conversions", **{**SALE, "order_id": "p"})
    log.add("conversions", **{**ADJUSTMENT, "order_id": "p", "status": "cancelled"})
    shown = log.series()
    found = [campaign(shown, "conversions_attributed", by=by) for by in ("code", "last_click", "declared")]
    assert found == [2, 1, None]
    assert campaign(shown, "conversions", kind="signup") == 3
    of_nobody = {"influencer": "none", "window": "flight"}
    assert value(shown, "kpi_influencer_conversions", kind="signup", **of_nobody) == 1
    assert (
        value(shown, "kpi_influencer_conversions_attributed", by="code", influencer="ana", window="1h") == 2
    )
    assert not [name for name, _ in shown if name.startswith("kpi_ch") and name.endswith("attributed")]


def test_an_adjustment_may_bear_its_sales_id() -> None:
    log = adjusted(
        refund(30, event_id="s"),
        refund(20, event_id="s"),
        {"status": "cancelled", "event_id": "s"},
        event_id="s",
    )
    outcomes = {("conversions", "counted"): 3, ("conversions", "duplicate"): 1}
    assert log.fold().outcomes == outcomes
    assert revenue(adjusted(refund(30, event_id="s"), event_id="s").series()) == 70
    # Any other event of that id is the same event.
    again = log.add("clicks", event_id="s", arrival=NOW + 1).fold().outcomes
    assert again == {**outcomes, ("clicks", "duplicate"): 1}


def test_of_an_orders_reports_the_earliest_then_the_lowest_id_stands() -> None:
    log = Log().add("conversions", ago=60, **{**SALE, "revenue": 10})
    log.add("conversions", ago=7200, event_id="b", **{**SALE, "revenue": 20}, content_id="lost")
    log.add("conversions", ago=7200, event_id="a", **{**SALE, "revenue": 30}, content_id="won")
    shown = log.series()
    assert campaign(shown, "conversions", kind="purchase") == 1
    assert revenue(shown) == 30
    assert revenue(shown, "1h") == 0
    assert {content for _, content, *_ in log.fold().leaves("c")} == {"won"}


def test_revenue_is_that_of_the_earliest_report_that_has_one() -> None:
    bare: Fields = {"kind": "purchase", "order_id": "o"}
    log = Log().add("conversions", ago=9000, **bare, attributed_by="code", influencer_id="ben")
    log.add("conversions", ago=7200, **{**SALE, "currency": "USD"}).add("conversions", ago=60, **SALE)
    shown = log.series()
    assert revenue(shown) == 80
    of_ben = {"influencer": "ben", "window": "24h", "currency": "EUR"}
    assert value(shown, "kpi_influencer_revenue", **of_ben) == 80
    assert campaign(shown, "conversions_attributed", by="code") == 1


def test_a_refund_in_full_needs_no_rate() -> None:
    assert revenue(adjusted({"status": "refunded", "currency": "AED"}).series()) == 0
    assert adjusted({"status": "refunded", "currency": "AED"}).fold().refused == []


def test_adjustments_are_accepted_after_the_flight_until_their_own_day() -> None:
    """`free` ended a day before NOW and takes adjustments for 36 hours."""
    hour = 3600
    for arrival, reason in ((0, None), (11 * hour, None), (13 * hour, "outside_flight")):
        log = Log().add(
            "conversions",
            ago=-arrival,
            arrival=NOW + arrival * 1_000_000,
            **{**ADJUSTMENT, "campaign_id": "free", "status": "cancelled", "order_id": "o"},
        )
        assert [why for _, why in log.fold().refused] == ([reason] if reason else [])


def test_what_an_adjustment_must_have() -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"order_id": "absent", "status": "cancelled"}, "missing_field"),
        ({"status": "refunded", "revenue": 3}, "missing_field"),
        ({"status": "paid"}, "missing_field"),
        (refund(-1), "invalid_field"),
        (refund(1, "JPY"), "unknown_currency"),
        ({"status": "cancelled", "influencer_id": "zoe"}, "unknown_influencer"),
    ]
    for change, reason in cases:
        refused = adjusted(change).fold().refused
        assert [why for _, why in refused] == [reason], change


def test_a_late_adjustment_may_be_counted_as_late_or_not() -> None:
    log = adjusted({"status": "cancelled", "ago": 2 * 86_400})
    least, most = oracle.pipeline(log.fold())
    late = key("kpi_pipeline_late_events_total", topic="conversions")
    assert (least.get(late, 0), most[late]) == (0, 1)
    assert DOCUMENT.campaigns["c"].adjustments_until == 45 * 86_400 * 1_000_000
