"""Budgets are judged by bounds of the end, silence by what the same hours brought before."""

import numpy as np
import pytest

from models.kpis.bounds import Interval
from models.kpis.clusters import BUCKETS, COLUMNS, Clusters
from models.kpis.concerns import missing, overspend, silence, underspend
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
