"""Campaigns on plan are left alone, and those that are not are found: a short run of the simulation."""

import numpy as np
import pytest

from models.kpis.concerns import overspend, underspend
from simulations.budgets import share_judged

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
