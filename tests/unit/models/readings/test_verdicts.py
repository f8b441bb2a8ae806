"""The verdicts that a campaign's readings give: by thresholds, budget and silence."""

from typing import Any

from models.readings.verdicts import concerns, verdicts
from models.scopes import ScopeKey
from models.times import DAY, HOUR
from models.windows import WINDOW_NAMES
from tests.unit.models.building import GLOW, NOON, Feed, campaign, new_state, readings, registry, rfc3339

FEE = [{"influencer": "ana", "flat_fee": 3000}]


def judged(feed: Feed) -> dict[tuple[str, str], int]:
    (declared,) = feed.state.registry.campaigns.values()
    return {
        (threshold.name, window): verdict
        for (scope, window), reading in readings(feed.state).items()
        if scope == GLOW
        for threshold, verdict in verdicts(declared, reading)
    }


def feed_of(**declared: Any) -> Feed:
    return Feed(new_state(registry(campaign(**declared))))


def test_only_declared_thresholds_are_judged_in_every_window() -> None:
    found = judged(feed_of(thresholds={"ctr_min": 0.01, "cpa_max": 10}))
    assert set(found) == {(name, window) for name in ("ctr", "cpa") for window in WINDOW_NAMES}
    assert set(found.values()) == {0}


def test_many_clicks_of_a_week_keep_a_minimum_and_few_are_below_it() -> None:
    for clicks, verdict in ((4000, 1), (100, -1), (1050, 0)):
        feed = feed_of(thresholds={"ctr_min": 0.01})
        for day in range(8):
            at: dict[str, Any] = {"event_time": rfc3339(NOON - day * DAY)}
            feed.send("impression", count=100_000 // 8, **at)
            for _ in range(5):
                feed.send("click", count=clicks // 40, **at)
        assert judged(feed)["ctr", "flight"] == verdict
        assert judged(feed)["ctr", "5m"] == 0, "five minutes are too early to say"


def test_a_total_of_impressions_is_not_held_against_clicks_that_may_be_reported_yet() -> None:
    feed = feed_of(thresholds={"ctr_min": 0.005})
    feed.send("impression", count=1_000_000)
    assert judged(feed)["ctr", "flight"] == 0
    for day in range(1, 10):
        feed.send("impression", count=1_000_000, event_time=rfc3339(NOON - day * DAY))
    assert judged(feed)["ctr", "flight"] == -1, "ten days of totals without a click are no delay"


def test_a_fee_that_brings_nothing_for_days_is_beyond_its_maximum() -> None:
    feed = feed_of(thresholds={"cpa_max": 10}, costs=FEE)
    feed.send("impression", event_time=rfc3339(NOON - 5 * DAY))
    assert judged(feed)["cpa", "flight"] == -1
    young = feed_of(thresholds={"cpa_max": 10}, costs=FEE)
    young.send("impression", event_time=rfc3339(NOON - 6 * HOUR))
    assert judged(young)["cpa", "flight"] == 0


def test_too_small_a_sample_is_not_judged() -> None:
    feed = feed_of(thresholds={"cpa_max": 10}, min_sample={"cpa": 1}, costs=FEE)
    feed.send("impression", event_time=rfc3339(NOON - 5 * DAY))
    assert judged(feed)["cpa", "flight"] == 0


def test_a_campaign_without_a_budget_has_no_concern_about_it() -> None:
    assert concerned(feed_of()) == {"silence": 0}
    assert concerned(feed_of(budget=1000)) == {"overspend": 0, "underspend": 0, "silence": 0}


def test_fees_beyond_the_budget_are_told_after_a_day() -> None:
    feed = feed_of(budget=1000, costs=FEE)
    feed.send("impression", event_time=rfc3339(NOON - 2 * DAY))
    feed.send("impression")
    assert concerned(feed) == {"overspend": -1, "underspend": 1, "silence": 1}


def test_a_campaign_that_stops_for_hours_against_its_habit_is_silent() -> None:
    feed = feed_of()
    for hour in range(4, 5 * 24):
        feed.send("impression", count=30, event_time=rfc3339(NOON - hour * HOUR))
    assert concerned(feed) == {"silence": -1}
    feed.send("click")
    assert concerned(feed) == {"silence": 1}


def test_what_people_say_is_judged_where_anything_is_rated() -> None:
    feed = feed_of()
    for hour in range(5 * 24):
        polarity = "negative" if hour < 24 else "positive"
        at = rfc3339(NOON - hour * HOUR)
        for _ in range(5):
            feed.send("engagement", kind="comment", sentiment=polarity, event_time=at)
    assert concerned(feed)["sentiment_drop"] == -1


def test_who_people_are_is_judged_where_anything_can_be() -> None:
    feed = feed_of()
    feed.send("engagement", kind="like", person_id="p1", consent=True)
    assert concerned(feed)["suspicious_burst"] == 0
    feed.send("impression", event_time=rfc3339(NOON - 2 * DAY))
    assert concerned(feed)["suspicious_burst"] == 1
    for person in range(10):
        for _ in range(60):
            feed.send("engagement", kind="like", person_id=f"q{person}", consent=True)
    assert concerned(feed)["suspicious_burst"] == -1


def test_nobody_is_silent_once_the_flight_is_over() -> None:
    feed = feed_of(ends=rfc3339(NOON))
    for hour in range(24, 5 * 24):
        feed.send("impression", count=30, event_time=rfc3339(NOON - hour * HOUR))
    assert concerned(feed) == {}


def concerned(feed: Feed) -> dict[str, int]:
    (declared,) = feed.state.registry.campaigns.values()
    feed.state.expire(NOON)
    flight = readings(feed.state)[ScopeKey("campaign", ("glow",)), "flight"]
    return dict(concerns(declared, flight, NOON))
