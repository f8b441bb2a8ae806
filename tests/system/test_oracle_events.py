"""What the oracle makes of single events, by the contract's table: what counts, and what is left out."""

from typing import Any

import pytest

from tests.system.support import oracle
from tests.system.support.document import microseconds
from tests.system.support.fields import described, is_nobody
from tests.system.support.naming import key
from tests.system.support.worked import NOW, SECOND, Log, campaign, value

PERSON = {"consent": True}


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


def test_a_total_counts_what_it_has_grown_by_and_one_that_is_older_is_stale() -> None:
    log = Log().add("impressions", total=100, ago=7200).add("impressions", total=130)
    log.add("impressions", total=500, ago=3600).add("impressions", total=90, source="other")
    log.add("impressions", total=120, ago=0, user_agent="Googlebot/2.1").add("impressions", count=2, total=9)
    ledger = log.fold()
    assert [event.count for event in ledger.events] == [100, 30, 90]
    assert {outcome: number for (_, outcome), number in ledger.outcomes.items()} == {
        "counted": 3, "stale": 1, "invalid_traffic": 1, "refused": 1
    }  # fmt: skip
    assert campaign(log.series(), "impressions", window="1h") == 120


def test_a_lower_total_takes_away_but_from_what_was_ever_added_and_no_window_is_below_0() -> None:
    log = Log().add("impressions", total=1000, ago=7200).add("impressions", total=900)
    log.add("engagements", kind="like", total=7, ago=7200).add("engagements", kind="like", total=5)
    shown = log.series()
    assert campaign(shown, "impressions", window="5m") == 0
    assert campaign(shown, "impressions") == 900
    assert value(shown, "kpi_campaign_lifetime_impressions_total") == 1000
    assert value(shown, "kpi_campaign_lifetime_interactions_total", kind="like") == 7


def test_robots_are_in_no_kpi_and_make_no_leaf() -> None:
    log = Log().add("clicks", user_agent="Googlebot/2.1", content_id="only-bots").add("clicks", user_agent="")
    shown = log.series()
    assert campaign(shown, "clicks") == 1
    assert value(shown, "kpi_campaign_invalid_traffic_total", type="click") == 1
    assert log.fold().leaves("c").keys() == {("ana", "a1", "instagram", "none")}


def test_a_leap_second_is_the_second_after() -> None:
    for leap in ("2026-11-10T23:59:60Z", "2026-11-11t01:59:60+02:00"):
        assert microseconds(leap) == NOW
    assert microseconds("2026-11-10T23:59:60.25Z") == NOW + SECOND // 4
    ledger = Log().add("clicks", event_time="2026-11-10T21:59:60Z", person_id="p:60").fold()
    assert ledger.events[0].time == NOW - 7200 * SECOND
    assert Log().add("clicks", event_time="2026-11-10T21:59:61Z").fold().refusals


@pytest.mark.parametrize(
    "person", ["0", "00000000-0000-0000-0000-000000000000", "-", "(not set)", "NULL", "NaN", "Undefined"]
)
def test_a_person_who_is_nobody_is_not_used(person: str) -> None:
    log = Log().add("impressions", person_id=person, **PERSON).add("impressions", person_id="p0", **PERSON)
    ledger = log.fold()
    assert campaign(log.series(), "reach_persons") == 1
    assert campaign(log.series(), "impressions") == 2
    assert ledger.ignored == {("impressions", "person_id"): 1}


def test_who_only_looks_like_nobody_is_somebody() -> None:
    assert not [person for person in ("p-0", "0a", "null-1", "ö", "no body", "00700") if is_nobody(person)]


@pytest.mark.parametrize(
    ("topic", "fields", "ignored"),
    [
        ("impressions", {"audience": "FR"}, ["audience"]),
        ("impressions", {"audience": {"country": 33, "gender": "male"}}, ["audience.country"]),
        ("impressions", {"audience": {"country": "T1"}}, ["audience.country"]),
        ("impressions", {"audience": {"language": "", "age_band": "65+"}}, ["audience.language"]),
        ("impressions", {"audience": {"interests": "food"}}, ["audience.interests"]),
        ("impressions", {"audience": {"country": None}, "user_agent": None}, []),
        ("clicks", {"user_agent": "M" * 1025, "source": 7}, ["source", "user_agent"]),
        ("engagements", {"text": "é" * 6000, "language": "en_US", "sentiment": "neutral"}, []),
        ("engagements", {"text": 5, "language": "?"}, ["language", "text"]),
        ("engagements", {"sentiment": "great"}, ["sentiment"]),
        ("engagements", {"kind": "like", "sentiment": "positive"}, ["sentiment"]),
        ("conversions", {"kind": "signup", "source": "x" * 65}, ["source"]),
        # What another type of event describes itself by is an unknown field here.
        ("clicks", {"sentiment": "great", "audience": "FR"}, []),
    ],
)  # fmt: skip
def test_what_only_describes_never_costs_an_event(
    topic: str, fields: dict[str, Any], ignored: list[str]
) -> None:
    log = Log().add(topic, **{"kind": "comment"} | fields)
    ledger = log.fold()
    assert ledger.outcomes == {(topic, "counted"): 1}
    assert sorted(ledger.ignored) == sorted((topic, name) for name in ignored)
    least, _ = oracle.pipeline(ledger)
    for name in ignored:
        assert least[key("kpi_pipeline_ignored_fields_total", topic=topic, field=name)] == 1


def test_what_is_left_of_an_audience_still_tells_the_target() -> None:
    kept, _ = described("impression", {"audience": {"country": 33, "gender": "male", "device": 5}})
    assert kept == {"audience": {"gender": "male", "device": 5}}


@pytest.mark.parametrize(
    ("topic", "fields"),
    [
        ("impressions", {"person_id": 12}),
        ("impressions", {"consent": "true"}),
        ("conversions", {"kind": "signup", "count": 1_000_001}),
        ("conversions", {"kind": "signup", "attributed_by": "guess"}),
        ("conversions", {"kind": "signup", "revenue": 1.1e12, "currency": "EUR"}),
        ("conversions", {"kind": "signup", "influencer_id": "a b"}),
    ],
)
def test_what_decides_still_costs_the_event(topic: str, fields: dict[str, Any]) -> None:
    assert Log().add(topic, **fields).fold().refusals == {(topic, "invalid_field"): 1}
