"""Bounds of many looks are wider than those of one, and early ones the widest."""

import itertools

import numpy as np
import pytest

from models.statistics import looks
from models.statistics.gamma import count_lower, count_upper


def test_of_one_look_days_that_differ_are_no_matter() -> None:
    assert looks.ONCE.lower(40.0, 2.0, 0.16) == count_lower(40.0, 2.0)
    assert looks.ONCE.upper(40.0, 2.0, 0.16) == count_upper(40.0, 2.0)
    assert looks.ONCE.least_awake == looks.ONCE.most_awake == 1


def test_days_that_differ_leave_few_events_of_many() -> None:
    """A day's 1000 conversions, days 0.4 apart: 1 ÷ (1 ÷ 1000 + 0.16) = 6.21 events, not 1000."""
    look = looks.always(1.0)

    assert look.weight(1000.0, 1.0, 0.16) == pytest.approx(161)
    assert look.tail == pytest.approx(0.0808, abs=1e-4)  # 1.4 standard deviations
    assert look.upper(1000.0, 1.0, 0.16) == pytest.approx(count_upper(1000.0, 161.0, look.tail))


@pytest.mark.parametrize("count", [0.0, 5.0, 20.0, 5000.0])
def test_each_day_that_goes_well_narrows_the_bounds(count: float) -> None:
    days = [0.1, 0.5, 1.0, 2.0, 5.0, 30.0]
    spans = [
        (looks.always(t).lower(count * t, 1.75, 0.16) / t, looks.always(t).upper(count * t, 1.75, 0.16) / t)
        for t in days
    ]

    assert all(a[0] <= b[0] and a[1] >= b[1] for a, b in itertools.pairwise(spans))


@pytest.mark.parametrize("days", [0.0007, 0.1, 1.0, 3.0, 30.0])
def test_nothing_is_no_surer_than_something(days: float) -> None:
    look = looks.always(days)
    uppers = [look.upper(count, 1.75, 0.16) for count in (0.0, 0.5, 1.0, 2.0, 10.0)]

    assert uppers == sorted(uppers)
    assert uppers[0] > uppers[-1] / 10


def test_in_the_first_moment_nothing_is_known() -> None:
    look = looks.always(0.0)
    assert look.upper(0.0, 1.75, 0.16) > 1e6

    assert look.lower(3.0, 1.75, 0.16) == pytest.approx(0)
    assert look.least_awake == 0


def test_a_night_may_bring_nothing_and_a_day_brings_a_day() -> None:
    assert looks.least_awake(1 / 3) == 0
    assert looks.least_awake(0.5) == pytest.approx(0.5 - 1 / np.pi)
    assert looks.least_awake(1.0) == 1
    assert looks.least_awake(3.5) == pytest.approx(3.5 - 1 / np.pi)
