"""The oracle against sums worked out by hand: an oracle that is wrong is worse than none."""

from dataclasses import replace

import pytest

from tests.system.support import comparing, oracle
from tests.system.support.costs import invested, least_rate
from tests.system.support.document import convert
from tests.system.support.ledger import edgy, windows_of
from tests.system.support.naming import key
from tests.system.support.spoiling import Fields
from tests.system.support.tally import Tally
from tests.system.support.worked import DAY, DOCUMENT, NOW, SECOND, Log, campaign, value

CHANNELS = ("instagram", "tiktok")


def test_reach_counts_persons_with_consent_once_over_leaves() -> None:
    log = Log().add("impressions", person_id="p", consent=True)
    log.add("impressions", person_id="p", consent=True, influencer_id="ben", channel="TikTok")
    log.add("impressions", person_id="q", consent=True)
    log.add("impressions", person_id="r", consent=False).add("impressions", person_id="s")
    log.add("impressions", person_id="t", consent=True, count=5)
    shown = log.series()
    assert campaign(shown, "impressions") == 10
    assert campaign(shown, "reach_persons") == 2
    assert campaign(shown, "frequency_ratio") == 1.5
    assert campaign(shown, "identified_impressions_ratio") == 0.3
    assert value(shown, "kpi_channel_impressions", channel="tiktok", window="flight") == 1
    assert value(shown, "kpi_influencer_reach_persons", influencer="ana", window="24h") == 2
    assert value(shown, "kpi_influencer_reach_persons", influencer="ana", window="5m") is None
    assert (
        value(shown, "kpi_content_frequency_ratio", influencer="ana", content="a1", window="flight") is None
    )


def test_assumed_consent_holds_only_where_the_event_says_nothing() -> None:
    log = Log().add("impressions", person_id="p").add("impressions", person_id="q", consent=False)
    assert (
        len(
            log.fold(assume_consent=True)
            .tallies("c", NOW)["flight"]["ana", "a1", "instagram", "none"]
            .persons
        )
        == 1
    )


def test_interactions_are_engagements_and_clicks_without_video_views() -> None:
    log = Log().add("impressions", person_id="p", consent=True, count=1).add("clicks", count=3)
    log.add("engagements", kind="like", count=4).add("engagements", kind="video_view", count=100)
    shown = log.series()
    assert campaign(shown, "interactions", kind="click") == 3
    assert campaign(shown, "interactions", kind="like") == 4
    assert campaign(shown, "interactions", kind="video_view") is None
    assert campaign(shown, "video_views") == 100
    assert campaign(shown, "engagement_ratio") == 7
    assert campaign(shown, "ctr_ratio") == 3


def test_an_event_is_in_the_windows_of_its_own_time() -> None:
    assert windows_of(NOW - 60 * SECOND, NOW) == ["5m", "1h", "24h", "7d", "flight"]
    assert windows_of(NOW - 1800 * SECOND, NOW) == ["1h", "24h", "7d", "flight"]
    assert windows_of(NOW - 7200 * SECOND, NOW) == ["24h", "7d", "flight"]
    assert windows_of(NOW - 2 * DAY, NOW) == ["7d", "flight"]
    assert windows_of(NOW - 8 * DAY, NOW) == ["flight"]


def test_an_event_near_an_edge_is_noticed() -> None:
    ledger = Log().add("clicks", ago=295).add("clicks", ago=86_400 + 600).fold()
    assert edgy(ledger, NOW, NOW) == ["5m", "24h"]
    assert edgy(ledger, NOW - 60 * SECOND, NOW - 60 * SECOND) == ["24h"]


def test_future_within_five_minutes_is_placed_at_arrival_and_late_is_counted() -> None:
    ledger = Log().add("clicks", ago=-240).add("clicks", ago=-301).add("clicks", ago=2 * 86_400).fold()
    assert ledger.events[0].time == NOW
    assert ledger.refusals == {("clicks", "future"): 1}
    assert ledger.late == {"clicks": 1}


def test_duplicates_count_once_per_campaign_and_refused_ones_are_forgotten() -> None:
    log = Log().add("clicks", event_id="x").add("clicks", event_id="x")
    log.add("clicks", event_id="x", campaign_id="free", ago=3 * 86_400).add("clicks", event_id="y", count=0)
    log.add("clicks", event_id="y")
    ledger = log.fold()
    assert ledger.outcomes == {("clicks", "counted"): 3, ("clicks", "duplicate"): 1, ("clicks", "refused"): 1}


def test_robots_are_in_no_kpi_and_make_no_leaf() -> None:
    log = Log().add("clicks", user_agent="Googlebot/2.1", content_id="only-bots").add("clicks", user_agent="")
    shown = log.series()
    assert campaign(shown, "clicks") == 1
    assert value(shown, "kpi_campaign_invalid_traffic_total", type="click") == 1
    assert log.fold().leaves("c") == {("ana", "a1", "instagram", "none")}


def test_of_an_orders_reports_the_earliest_then_the_lowest_id_stands() -> None:
    sale: Fields = {"kind": "purchase", "order_id": "o", "currency": "EUR"}
    log = Log().add("conversions", ago=60, revenue=10, **sale)
    log.add("conversions", ago=7200, event_id="b", revenue=20, **sale)
    log.add("conversions", ago=7200, event_id="a", revenue=30, **{**sale, "kind": "other"})
    shown = log.series()
    assert campaign(shown, "conversions", kind="other") == 1
    assert campaign(shown, "conversions", kind="purchase") is None
    assert campaign(shown, "revenue", currency="EUR") == 30
    assert campaign(shown, "revenue", window="1h", currency="EUR") == 0


def test_flat_fees_accrue_and_are_shared_over_contents_then_channels() -> None:
    log = Log().add("clicks").add("clicks", channel="tiktok").add("clicks", content_id="a2")
    shown = log.series()
    # A third of the flight: 100 of 300 over two contents, and 10 of 30 on a1 alone.
    content = {"influencer": "ana", "window": "flight", "currency": "EUR"}
    assert value(shown, "kpi_content_invested", content="a1", **content) == pytest.approx(60)
    assert value(shown, "kpi_content_invested", content="a2", **content) == pytest.approx(50)
    channels = [
        value(shown, "kpi_channel_invested", channel=c, window="flight", currency="EUR") for c in CHANNELS
    ]
    assert channels == [pytest.approx(80), pytest.approx(30)]
    assert value(shown, "kpi_influencer_invested", **content) == pytest.approx(110)
    assert value(
        shown, "kpi_influencer_invested", influencer="eve", window="24h", currency="EUR"
    ) == pytest.approx(2)
    # ben's fee names a content that nobody has seen: it has no channel yet.
    of_ben = {**content, "influencer": "ben", "content": "b-to-come"}
    assert value(shown, "kpi_content_invested", **of_ben) == pytest.approx(30)
    # 110 for ana, 20 for eve, 30 and half of 40 for ben.
    assert campaign(shown, "invested", currency="EUR") == pytest.approx(180)
    assert value(shown, "kpi_campaign_budget_spent_ratio") == pytest.approx(0.18)
    assert value(shown, "kpi_campaign_pacing_ratio") == pytest.approx(0.54)


def test_prices_times_counts_of_the_window() -> None:
    ben: Fields = {"influencer_id": "ben", "content_id": "b"}
    log = Log().add("impressions", count=2000, **ben).add("clicks", count=10, **ben)
    log.add("conversions", kind="purchase", order_id="o", revenue=125, currency="USD", **ben)
    log.add("clicks", count=10, ago=3 * 86_400, **ben)
    shown = log.series()
    here = {"influencer": "ben", "window": "1h", "currency": "EUR"}
    # 16 (cpm) + 5 (cpc) + 5 (cpa) + 10 (tenth of 100 EUR) + 40/24 (spend) + 90/720 (fee)
    spent = 36 + 40 / 24 + 90 / 720
    assert value(shown, "kpi_influencer_invested", **here) == pytest.approx(spent)
    assert value(shown, "kpi_influencer_revenue", **here) == pytest.approx(100)
    assert value(shown, "kpi_influencer_cpa", **here) == pytest.approx(spent)
    assert value(shown, "kpi_influencer_cpm", **here) == pytest.approx(spent / 2)
    assert value(shown, "kpi_influencer_invested", **{**here, "window": "flight"}) == pytest.approx(
        41 + 20 + 30
    )
    roi = value(shown, "kpi_influencer_roi_ratio", influencer="ben", window="1h")
    assert roi == pytest.approx(100 / spent - 1)


def test_a_price_of_one_content_is_paid_for_that_content_alone() -> None:
    costs = ({"influencer": "ana", "content": "a1", "cpm": 1000, "cpa": 3}, {"influencer": "ana", "cpa": 2})
    priced = replace(DOCUMENT.campaigns["c"], costs=costs)
    tallies = {("ana", content, "x", "none"): Tally(impressions=4) for content in ("a1", "a2")}
    assert sum(invested(priced, DOCUMENT, (0, NOW), tallies, set(tallies)).leaves.values()) == 4
    # A conversion by another content would cost 2.
    assert least_rate(priced, ["ana"]) == 2
    assert least_rate(priced, ["ana", "ben"]) == 0


def test_media_value_prices_by_channel_with_a_default_and_converts() -> None:
    log = Log().add("impressions", count=1000).add("engagements", kind="like", count=4)
    log.add("clicks", channel="x", count=3).add("engagements", channel="x", kind="video_view", count=10)
    log.add("clicks", count=50)
    # 5 + 2 on instagram, 6 + 1 on x by the default, instagram names no click: 14 USD.
    assert campaign(log.series(), "emv", currency="EUR") == pytest.approx(14 / 1.25)


def test_without_costs_no_cost_kpi_and_without_rate_no_media_value() -> None:
    shown = Log().add("clicks", campaign_id="free", ago=3 * 86_400, channel="x").series()
    names = {name for name, labels in shown if ("campaign", "free") in labels}
    assert not names & {
        f"kpi_campaign_{name}" for name in ("cpe", "roi_ratio", "emv_to_invested_ratio", "budget")
    }
    assert value(shown, "kpi_campaign_emv", campaign="free", window="flight", currency="USD") == 0
    info = {"name": "Free", "currency": "USD", "status": "grace"}
    assert value(shown, "kpi_campaign_info", campaign="free", **info) == 1


def test_currencies_convert_over_the_base() -> None:
    assert convert(DOCUMENT, 10, "GBP", "USD") == pytest.approx(15.625)


def test_grace_ends_and_then_the_campaign_leaves() -> None:
    closed = DOCUMENT.campaigns["free"]
    assert [closed.status(closed.ends + day * DAY) for day in (-1, 0, 2)] == ["running", "grace", "ended"]
    assert closed.shown(closed.ends + 3 * DAY - 1)
    assert not closed.shown(closed.ends + 3 * DAY)


def test_a_difference_is_found_whichever_way_it_lies() -> None:
    truth = comparing.between(Log().add("impressions").series(), Log().add("impressions").series())
    shown = {name: low for name, (low, _) in truth.items()}
    assert comparing.differences(truth, shown) == []
    count = key("kpi_campaign_impressions", campaign="c", window="5m")
    ratio = key("kpi_campaign_ctr_ratio", campaign="c", window="5m")
    stray = key("kpi_channel_cpa", campaign="c", channel="x", window="5m", currency="EUR")
    without = {name: number for name, number in shown.items() if name not in (count, ratio)}
    for wrong, what in (
        ({**shown, count: 2.0}, "2.0 is shown"),
        ({**shown, stray: 3.0}, "should be absent"),
        ({**shown, ratio: float("nan")}, "nan"),
        (without, "should be 1"),
    ):
        assert what in comparing.report(comparing.differences(truth, wrong))


def test_interval_covers_what_accrues_between_two_moments() -> None:
    ledger = Log().add("clicks").fold()
    early, late = (oracle.series(ledger, NOW + s * SECOND) for s in (0, 3600))
    name = key("kpi_campaign_invested", campaign="c", window="flight", currency="EUR")
    low, high = comparing.between(early, late)[name]
    assert low == pytest.approx(180)
    assert high - low == pytest.approx(480 / 720 + 40 / 24)
