"""Campaigns on plan are left alone, and those that are not are found: a short run of the simulation."""

import numpy as np
import pytest

from models.kpis.concerns import overspend, underspend
from simulations.concerns import A_DAY, events, first_silence, share_judged

CAMPAIGNS = 30


@pytest.mark.parametrize("posts", [1, 5, 20])
def test_budgets_that_are_kept_are_hardly_ever_called_missed_and_missed_ones_are_found(posts: int) -> None:
    def judged(times_budget: float) -> list[float]:
        chance = np.random.default_rng(posts)
        return [
            share_judged(chance, posts, times_budget, judge, CAMPAIGNS) for judge in (overspend, underspend)
        ]

    assert max(judged(1.0)) <= 0.04
    assert judged(2.0) == [1.0, 0.0]
    assert judged(0.5) == [0.0, 1.0]


@pytest.mark.parametrize("night", ["sine", "abrupt"])
@pytest.mark.parametrize("an_hour", [3, 10, 100])
def test_nights_are_no_silence_and_a_stop_by_day_is_told_within_hours(an_hour: int, night: str) -> None:
    drawn = [events(np.random.default_rng(seed), an_hour, night) for seed in range(CAMPAIGNS)]
    assert sum(np.isfinite(first_silence(counts)) for counts in drawn) <= 1

    took = []
    for counts in drawn:
        counts[10 * A_DAY :] = 0
        last = (np.flatnonzero(counts)[-1] + 1) / A_DAY
        took.append((first_silence(counts) - last) * 24)
    assert np.median(took) <= (18 if an_hour == 3 else 14)
