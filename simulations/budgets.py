"""How often budgets are judged wrongly: campaigns on plan, and campaigns that are not.

Posts come at any time, differ in size and grow old; days differ.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from models.kpis.bounds import Interval
from models.kpis.concerns import overspend, underspend
from models.kpis.figures import Forecast
from models.kpis.spending import spending_at_end
from models.kpis.verdict import BEYOND
from models.statistics.gamma import Floats
from models.times import DAY

_FLIGHT = 30
_OLD = 2.0
"""Days after which a post is seen by a third of those who saw it when it was new."""
Judge = Callable[[Interval, float], int]


@dataclass(frozen=True, slots=True)
class Spent:
    """What results of one campaign cost by quarter of a day since its first post, and its posts by then."""

    costs: Floats
    posts: Floats


def spend(chance: Generator, posts: int) -> Spent:
    """Draw what a campaign that pays by thousand impressions spends."""
    begins = np.sort(chance.uniform(0, _FLIGHT - 4, posts))
    begins -= begins[0]
    times = np.arange(0, _FLIGHT, 0.25)
    ages = times[:, None] - begins
    seen = np.where(ages >= 0, np.exp(-np.maximum(ages, 0) / _OLD), 0) * chance.lognormal(0, 0.6, posts)
    days = chance.lognormal(0, 0.4, _FLIGHT)[times.astype(int)]
    return Spent(seen.sum(1) * days, (ages >= 0).sum(1).astype(float))


def share_judged(chance: Generator, posts: int, times_budget: float, judge: Judge, campaigns: int) -> float:
    """Return which share of campaigns that end at a multiple of their budget are ever called beyond it."""
    return float(np.mean([_ever(spend(chance, posts), times_budget, judge) for _ in range(campaigns)]))


def _ever(spent: Spent, times_budget: float, judge: Judge) -> bool:
    so_far = spent.costs.cumsum()
    budget = so_far[-1] / times_budget
    for step, (cost, posts) in enumerate(zip(so_far.tolist(), spent.posts.tolist(), strict=True)):
        elapsed = (step + 1) * DAY // 4
        plan = Forecast(0.0, cost, elapsed, _FLIGHT * DAY - elapsed, int(posts))
        least, most = spending_at_end(plan)
        if judge(Interval(least / budget, most / budget), elapsed / DAY) == BEYOND:
            return True
    return False


def budget_table(seed: int, campaigns: int) -> Iterator[str]:
    """Tell how campaigns fare that end on their budget, at twice and at half of it."""
    yield "| posts | on budget: called too fast | too slow | twice the budget: found | half: found |"
    yield "|---|---|---|---|---|"
    for posts in (1, 5, 20):
        chance = np.random.default_rng(seed)
        shares = [
            share_judged(chance, posts, times, judge, campaigns)
            for times, judge in ((1, overspend), (1, underspend), (2, overspend), (0.5, underspend))
        ]
        yield f"| {posts} | " + " | ".join(f"{share:.1%}" for share in shares) + " |"
