"""Budgets are judged by bounds of the end, silence and turns by what came before."""

import numpy as np
import pytest

from models.kpis.bounds import Interval
from models.kpis.clusters import BUCKETS, COLUMNS, Clusters
from models.kpis.concerns import (
    Mood,
    missing,
    overspend,
    sentiment_drop,
    silence,
    suspicious_burst,
    underspend,
)
from models.statistics.gamma import Floats

A_DAY = np.array([0, 0, 0, 10, 20, 20, 20, 30, 40, 40, 20, 5.0])
WEEK = np.tile(A_DAY, 7)


@pytest.mark.parametrize(
    ("lower", "upper", "over", "under"),
    [(1.16, 2.0, -1, 1), (0.9, 1.1, 1, 1), (0.3, 0.8, 1, -1), (0.5, 2.0, 0, 0), (None, None, 0, 0)],
)
def test_a_budget_is_judged_by_both_bounds(
    lower: float | None, upper: float | None, over: int, under: int
) -> None:
    forecast = Interval(lower, upper)

    assert (overspend(forecast, 1.0), underspend(forecast, 1.0)) == (over, under)
    assert overspend(forecast, 0.9) == underspend(forecast, 0.9) == 0  # nothing is judged in the first day


def quiet(buckets: int) -> Floats:
    """Return a week whose last buckets are empty."""
    return np.where(np.arange(BUCKETS) < BUCKETS - buckets, WEEK, 0.0)


@pytest.mark.parametrize(
    ("buckets", "due"), [(0, 0), (1, 0), (2, 20), (4, 20 + 40 + 40), (12, 200), (40, 200)]
)
def test_what_is_missing_is_what_the_same_hours_brought(buckets: int, due: float) -> None:
    """The bucket of now is not over; a silence of days is missed by the day."""
    assert missing(quiet(buckets), np.array(9.0)) == due


def test_a_night_is_no_silence_and_a_silent_day_is() -> None:
    night = np.roll(WEEK, 9)  # it is six in the morning: three empty buckets
    assert silence(of(night), 2.0) == 1
    assert silence(of(quiet(4)), 2.0) == -1
    assert silence(of(np.zeros(BUCKETS)), 2.0) == -1


def test_on_the_first_day_no_habit_is_known() -> None:
    first = np.zeros(BUCKETS)
    first[-9:-5] = 100.0
    assert silence(of(first, 18 / 24), 2.0) == 0
    assert silence(of(first, 1.0), 2.0) == 1


def test_before_the_first_event_nothing_is_said() -> None:
    assert silence(Clusters(), 2.0) == 0


def of(shown: Floats, days: float = 9.0) -> Clusters:
    buckets = np.zeros((BUCKETS, len(COLUMNS)))
    buckets[:, COLUMNS.index("impressions")] = shown
    return Clusters({}, buckets, days)


@pytest.mark.parametrize(
    ("good", "bad", "verdict"),
    [(50, 20, 1), (30, 40, 1), (10, 60, -1), (0, 25, 1)],
    ids=["as before", "a little worse", "turned", "too few today"],
)
def test_a_sentiment_that_has_turned_is_told_and_a_bad_day_is_not(good: int, bad: int, verdict: int) -> None:
    said = today(positive=good, negative=bad)
    before = Mood(500, 200, 1000, 10.0)

    whole = Mood(*(day + all_ for day, all_ in zip((good, bad, good + bad, 1), before, strict=True)))
    assert sentiment_drop(Clusters({}, said, 11.0), whole, 2.5) == verdict


@pytest.mark.parametrize(("rated", "days"), [(1000, 1.9), (29, 10.0)])
def test_without_a_past_it_is_too_early_to_say_that_a_sentiment_has_turned(rated: int, days: float) -> None:
    said = today(negative=100)

    assert sentiment_drop(Clusters({}, said, days), Mood(rated, 100, rated + 100, days), 2.5) == 0


def test_a_flight_that_lost_more_than_its_last_day_counted_has_no_past() -> None:
    assert sentiment_drop(Clusters({}, today(positive=50), 9.0), Mood(0, 0, 20, 9.0), 2.5) == 0


@pytest.mark.parametrize(
    ("organic", "suspicious", "verdict"),
    [(50, 500, -1), (50, 45, 1), (0, 40, 1), (900, 500, 1), (0, 500, -1)],
    ids=["bought", "one account or two", "few", "more are organic", "at night"],
)
def test_a_burst_is_told_where_it_outweighs_what_is_organic(
    organic: int, suspicious: int, verdict: int
) -> None:
    found = today(judged=organic + suspicious, suspicious=suspicious)

    assert suspicious_burst(Clusters({}, found, 9.0)) == verdict


def test_in_the_first_day_no_burst_is_told() -> None:
    found = today(judged=500, suspicious=450)

    assert suspicious_burst(Clusters({}, found, 0.9)) == 0
    assert suspicious_burst(Clusters({}, found, 1.0)) == -1


def test_what_a_campaign_is_used_to_is_no_burst() -> None:
    found = today(judged=500, suspicious=300)
    found[:, COLUMNS.index("suspicious")] = 150.0

    assert suspicious_burst(Clusters({}, found, 9.0)) == 1


def today(**counts: float) -> Floats:
    """Return a week of which only the last full bucket has counts."""
    buckets = np.zeros((BUCKETS, len(COLUMNS)))
    for name, count in counts.items():
        buckets[-2, COLUMNS.index(name)] = count
    return buckets
