"""The oracle against sums worked out by hand: an oracle that is wrong is worse than none."""

import pytest

from tests.system.support import comparing, oracle
from tests.system.support.document import convert
from tests.system.support.ledger import edgy, windows_of
from tests.system.support.naming import key
from tests.system.support.worked import DAY, DOCUMENT, NOW, SECOND, Log, campaign, value


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


def test_reach_of_impressions_that_carry_no_person_is_not_known() -> None:
    log = Log().add("impressions", count=5, person_id="t", consent=True)
    log.add("impressions", person_id="p", consent=True, channel="x")
    truth = oracle.truth(log.fold(), NOW)
    instagram = {"campaign": "c", "channel": "instagram", "window": "flight"}
    assert key("kpi_channel_reach_persons", **instagram) not in truth.series
    assert key("kpi_channel_reach_persons", **instagram) in truth.unknown
    assert key("kpi_channel_reach_persons", **{**instagram, "channel": "x"}) in truth.series
    assert comparing.claimed(truth, {key("kpi_channel_reach_persons", **instagram): 0.0})
    # Where there is no impression nobody was reached, shown or not.
    empty = oracle.truth(Log().add("clicks").fold(), NOW)
    assert empty.series[key("kpi_campaign_reach_persons", campaign="c", window="flight")] == 0
    assert not [name for name, _ in empty.unknown if "reach" in name]


def test_estimated_reach_takes_the_others_to_be_seen_as_often() -> None:
    log = Log().add("engagements", kind="like", count=77)
    for number in range(100):
        log.add("impressions", person_id=f"p{number % 50}", consent=True, ago=60 if number else 7200)
    assert campaign(log.series(), "estimated_reach_persons") == 50
    # 400 more, twice each: 250 persons; in the hour there are 99 known, which is too few.
    log.add("impressions", count=400)
    shown = log.series()
    assert campaign(shown, "estimated_reach_persons") == 250
    assert campaign(shown, "engagement_ratio") == pytest.approx(77 / 250)
    assert campaign(shown, "engagement_ratio", window="1h") is None
    assert campaign(shown, "reach_persons", window="1h") == 50
    of_hour = {"campaign": "c", "window": "1h"}
    unknown = oracle.truth(log.fold(), NOW).unknown
    assert key("kpi_campaign_estimated_reach_persons", **of_hour) in unknown
    assert key("kpi_campaign_reach_persons", **of_hour) not in unknown


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
    ledger = Log().add("clicks", ago=5 * 86_400).fold()
    early, late = (oracle.series(ledger, NOW + s * SECOND) for s in (0, 3600))
    name = key("kpi_campaign_invested", campaign="c", window="flight", currency="EUR")
    low, high = comparing.between(early, late)[name]
    # A fifth of ana's 330, and half of ben's 40; an hour more of each.
    assert low == pytest.approx(66 + 20)
    assert high - low == pytest.approx(330 / 600 + 40 / 24)
