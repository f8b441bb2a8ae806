"""The oracle's money against sums worked out by hand: what was invested, is owed, and came back."""

from typing import Any

import pytest

from tests.system.support import oracle
from tests.system.support.checking import unfounded
from tests.system.support.costs import invested
from tests.system.support.naming import Series, key
from tests.system.support.oracle import Truth
from tests.system.support.spoiling import Fields
from tests.system.support.tally import Tally
from tests.system.support.worked import DAY, DOCUMENT, NOW, Log, campaign, changed, value

DAYS = 86_400
WEEK = {"from": "2026-11-03T00:00:00Z", "to": "2026-11-10T00:00:00Z"}
FEE = {"influencer": "ana", "flat_fee": 300}


def paid(*costs: dict[str, Any], **fields: Any) -> Log:
    return Log(changed(costs=list(costs), **fields))


def of_content(shown: Series, content: str, name: str = "invested") -> float | None:
    labels = {"influencer": "ana", "content": content, "window": "flight", "currency": "EUR"}
    return value(shown, f"kpi_content_{name}", **labels)


def of_channel(shown: Series, channel: str, window: str = "flight") -> float | None:
    return value(shown, "kpi_channel_invested", channel=channel, window=window, currency="EUR")


def test_flat_fees_accrue_from_the_first_event_and_are_shared_over_contents_then_channels() -> None:
    log = Log().add("clicks", ago=5 * DAYS).add("clicks", channel="tiktok").add("clicks", content_id="a2")
    shown = log.series()
    # Five days of twenty-five: 60 of 300 over two contents, and 6 of 30 on a1 alone.
    assert of_content(shown, "a1") == pytest.approx(36)
    assert of_content(shown, "a2") == pytest.approx(30)
    assert of_channel(shown, "instagram") == pytest.approx(18 + 30)
    assert of_channel(shown, "tiktok") == pytest.approx(18)
    of_ana = {"influencer": "ana", "currency": "EUR"}
    assert value(shown, "kpi_influencer_invested", window="flight", **of_ana) == pytest.approx(66)
    assert value(shown, "kpi_influencer_invested", window="24h", **of_ana) == pytest.approx(330 / 25)
    # Nobody has seen anything of eve's, or what a fee of ben's is for; half of his 40 is spent.
    assert value(shown, "kpi_influencer_invested", influencer="eve", window="flight", currency="EUR") == 0
    of_ben = {"influencer": "ben", "window": "flight", "currency": "EUR"}
    assert value(shown, "kpi_content_invested", content="b-to-come", **of_ben) == 0
    assert value(shown, "kpi_influencer_invested", **of_ben) == pytest.approx(20)
    assert campaign(shown, "invested", currency="EUR") == pytest.approx(86)
    assert value(shown, "kpi_campaign_budget_spent_ratio") == pytest.approx(0.086)
    assert value(shown, "kpi_campaign_pacing_ratio") == pytest.approx(0.258)


def test_a_fee_for_a_content_waits_for_that_content() -> None:
    log = paid(FEE, {"influencer": "ana", "content": "a2", "flat_fee": 210})
    log.add("clicks", ago=10 * DAYS).add("clicks", ago=DAYS, content_id="a2")
    shown = log.series()
    # 300 × 10 ÷ 30 over two contents, and 210 × 1 ÷ 21.
    assert of_content(shown, "a1") == pytest.approx(50)
    assert of_content(shown, "a2") == pytest.approx(60)
    assert value(shown, "kpi_influencer_invested", influencer="ana", window="7d", currency="EUR") == (
        pytest.approx(80)
    )


def test_an_order_that_counts_may_be_the_first_event_and_a_losing_report_is_none() -> None:
    sale: Fields = {"kind": "purchase", "order_id": "o"}
    log = paid(FEE).add("conversions", ago=5 * DAYS, **sale)
    assert campaign(log.series(), "invested", currency="EUR") == pytest.approx(60)
    log.add("conversions", ago=6 * DAYS, **sale, influencer_id="ben")
    assert campaign(log.series(), "invested", currency="EUR") == 0


def test_a_fee_that_falls_due_after_the_flight_is_due_at_once() -> None:
    log = paid(FEE, ends="2026-11-10T00:00:00Z").add("clicks", ago=3600)
    shown = log.series()
    assert campaign(shown, "invested", currency="EUR") == 300
    assert campaign(shown, "invested", window="7d", currency="EUR") == 0
    early = paid(FEE, ends="2026-11-10T00:00:00Z").add("clicks", ago=2 * DAYS)
    # All of it in the day that ended a day ago.
    assert campaign(early.series(), "invested", window="7d", currency="EUR") == pytest.approx(300)
    assert campaign(early.series(), "invested", window="24h", currency="EUR") == 0


@pytest.mark.parametrize("unnamed", ["none", "__other__"])
def test_what_has_no_name_bears_a_share_only_where_it_is_alone(unnamed: str) -> None:
    log = paid(FEE).add("clicks", ago=5 * DAYS, content_id=unnamed, channel=unnamed, format=unnamed)
    assert of_content(log.series(), unnamed) == pytest.approx(60)
    assert of_channel(log.series(), unnamed) == pytest.approx(60)
    log.add("clicks", channel=unnamed).add("clicks").add("clicks", format="reel")
    shown = log.series()
    assert of_content(shown, "a1") == pytest.approx(60)
    assert of_content(shown, unnamed) == 0
    assert of_channel(shown, "instagram") == pytest.approx(60)
    assert of_channel(shown, unnamed) == 0
    formats = {"window": "flight", "currency": "EUR"}
    assert value(shown, "kpi_format_invested", format="reel", **formats) == pytest.approx(60)


def test_all_that_is_owed_is_committed_whether_it_was_seen_or_not() -> None:
    log = Log().add("clicks", ago=5 * DAYS).add("clicks", influencer_id="ben", content_id="b", count=10)
    shown = log.series()
    # ana's fees, eve's, ben's for what is to come, his spend, and ten clicks at 0.50.
    assert value(shown, "kpi_campaign_committed", currency="EUR") == pytest.approx(330 + 60 + 90 + 40 + 5)
    for influencer, sum_ in (("ana", 330), ("ben", 135), ("eve", 60)):
        owed = value(shown, "kpi_influencer_committed", influencer=influencer, currency="EUR")
        assert owed == pytest.approx(sum_)
    # What nobody has seen has no channel yet.
    assert value(shown, "kpi_channel_committed", channel="instagram", currency="EUR") == pytest.approx(375)
    assert "kpi_content_committed" not in {name for name, _ in shown}


def test_a_spend_counts_within_the_flight_over_its_own_dates() -> None:
    spend = {"from": "2026-10-22T00:00:00Z", "to": "2026-11-11T00:00:00Z", "spend": 200}
    log = paid({"influencer": "ana", **spend}).add("clicks")
    # Ten of its twenty days, seen or not.
    assert campaign(log.series(), "invested", currency="EUR") == pytest.approx(100)
    assert value(log.series(), "kpi_campaign_committed", currency="EUR") == pytest.approx(100)
    assert campaign(log.series(), "invested", window="24h", currency="EUR") == pytest.approx(10)


def test_prices_times_counts_of_the_window() -> None:
    ben: Fields = {"influencer_id": "ben", "content_id": "b"}
    log = Log().add("impressions", count=2000, **ben).add("clicks", count=10, **ben)
    log.add("conversions", kind="purchase", order_id="o", revenue=125, currency="USD", **ben)
    log.add("clicks", count=10, ago=3 * DAYS, **ben)
    shown = log.series()
    here = {"influencer": "ben", "window": "1h", "currency": "EUR"}
    # 16 (cpm) + 5 (cpc) + 5 (cpa) + 10 (tenth of 100 EUR) + 40/24 (spend)
    spent = 36 + 40 / 24
    assert value(shown, "kpi_influencer_invested", **here) == pytest.approx(spent)
    assert value(shown, "kpi_influencer_revenue", **here) == pytest.approx(100)
    assert value(shown, "kpi_influencer_cpa", **here) == pytest.approx(spent)
    assert value(shown, "kpi_influencer_cpm", **here) == pytest.approx(spent / 2)
    assert value(shown, "kpi_influencer_invested", **{**here, "window": "flight"}) == pytest.approx(41 + 20)
    roi = value(shown, "kpi_influencer_roi_ratio", influencer="ben", window="1h")
    assert roi == pytest.approx(100 / spent - 1)


def test_a_price_of_one_content_is_paid_for_that_content_alone() -> None:
    priced = changed(costs=[{"influencer": "ana", "content": "a1", "cpm": 1000}])
    tallies = {("ana", content, "x", "none"): Tally(impressions=4) for content in ("a1", "a2")}
    span = NOW - DAY, NOW
    money = invested(priced.campaigns["c"], DOCUMENT, span, tallies, dict.fromkeys(tallies, NOW))
    assert money.exposed == {("ana", "a1", "x", "none"): 4}


def test_goals_alone_are_acquired_and_return() -> None:
    log = paid(
        {"influencer": "ana", "spend": 1000, **WEEK}, {"influencer": "ana", "cpa": 2}, goals=["purchase"]
    )
    log.add("conversions", kind="signup", count=90, revenue=50, currency="EUR")
    shown = log.series()
    assert campaign(shown, "conversions", kind="signup") == 90
    assert campaign(shown, "revenue", currency="EUR") == 50
    assert campaign(shown, "invested", currency="EUR") == pytest.approx(1180)
    assert campaign(shown, "cpa", currency="EUR") is None
    assert campaign(shown, "roi_ratio") is None
    log.add("conversions", kind="purchase", order_id="o").add("conversions", kind="purchase", order_id="p")
    shown = log.series()
    assert campaign(shown, "cpa", currency="EUR") == pytest.approx(1184 / 2)
    assert campaign(shown, "roi_ratio") is None
    log.add("conversions", kind="purchase", order_id="q", revenue=2372, currency="EUR")
    assert campaign(log.series(), "roi_ratio") == pytest.approx(1)


def test_revenue_that_was_refunded_is_known_and_none_named_is_not() -> None:
    log = paid({"influencer": "ana", "spend": 100, **WEEK})
    log.add("conversions", kind="purchase", order_id="o", revenue=9, currency="EUR")
    log.add("conversions", kind="signup", channel="x")
    log.add("conversions", status="refunded", order_id="o")
    shown = log.series()
    assert campaign(shown, "roi_ratio") == -1
    assert value(shown, "kpi_channel_roi_ratio", channel="x", window="flight") is None


def test_media_value_prices_by_channel_with_a_default_and_converts() -> None:
    log = Log().add("impressions", count=1000).add("engagements", kind="like", count=4)
    log.add("clicks", channel="x", count=3).add("engagements", channel="x", kind="video_view", count=10)
    log.add("clicks", count=50)
    # 5 + 2 on instagram, 6 + 1 on x by the default, instagram names no click: 14 USD.
    assert campaign(log.series(), "emv", currency="EUR") == pytest.approx(14 / 1.25)


def test_without_costs_no_cost_kpi_and_without_rate_no_media_value() -> None:
    log = Log().add("clicks", campaign_id="free", ago=3 * DAYS, channel="x")
    shown = log.series()
    names = {name for name, labels in shown if ("campaign", "free") in labels}
    absent = ("cpe", "roi_ratio", "emv", "emv_to_invested_ratio", "budget")
    assert not names & {f"kpi_campaign_{name}" for name in absent}
    info = {"name": "Free", "currency": "USD", "status": "grace"}
    assert value(shown, "kpi_campaign_info", campaign="free", **info) == 1
    log.add("engagements", kind="like", campaign_id="free", ago=3 * DAYS, channel="tiktok", count=3)
    assert campaign(log.series(), "emv", campaign="free", currency="USD") == pytest.approx(3.75)


def test_cpa_is_due_from_below_where_something_was_spent_and_nothing_acquired() -> None:
    log = paid({"influencer": "ana", "cpc": 0.5}, goals=["purchase"]).add("conversions", kind="signup")
    due = key("kpi_campaign_cpa_lower", campaign="c", window="flight", currency="EUR")
    assert due not in oracle.truth(log.fold(), NOW).due
    truth = oracle.truth(log.add("clicks").fold(), NOW)
    assert due in truth.due
    assert unfounded({due: 0.1}, log.fold(), Truth(due={due})) == []
    assert len(unfounded({}, log.fold(), Truth(due={due}))) == 1
    assert due not in oracle.truth(log.add("conversions", kind="purchase", order_id="o").fold(), NOW).due
