"""How often budgets and silence are judged wrongly: campaigns on plan, and campaigns that are not.

Posts come at any time, differ in size and grow old; days differ; nights are quiet.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from models.kpis.bounds import Interval
from models.kpis.clusters import BUCKETS, COLUMNS, Clusters
from models.kpis.concerns import overspend, silence, underspend
from models.kpis.figures import Forecast
from models.kpis.spending import spending_at_end
from models.kpis.verdict import BEYOND
from models.statistics.gamma import Floats
from models.times import DAY

_FLIGHT = 30
A_DAY = 96
"""Looks a day: every quarter of an hour."""
_A_BUCKET = 8
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


def events(chance: Generator, an_hour: float, night: str) -> Floats:
    """Draw a campaign's events by quarter of an hour over a flight."""
    times = np.arange(_FLIGHT * A_DAY) / A_DAY
    hour = (times + chance.random()) % 1
    awake = 1 - np.cos(2 * np.pi * hour) if night == "sine" else np.where(hour < 1 / 3, 0.0, 1.5)
    days = chance.lognormal(0, 0.4, _FLIGHT + 1)[times.astype(int)]
    counts: Floats = chance.poisson(an_hour / 4 * awake * days).astype(float)
    return counts


def first_silence(counts: Floats, weight: float = 1.5) -> float:
    """Return after how many days a campaign is first called silent; infinite where it never is."""
    buckets = counts.reshape(-1, _A_BUCKET).sum(1)
    for now in np.flatnonzero(buckets[:-1] == 0).tolist():
        # Looked at when the bucket after an empty one begins: nothing has come in it yet.
        shown = np.r_[np.zeros(BUCKETS), buckets[: now + 1], 0.0][-BUCKETS:]
        days = (now + 1) * _A_BUCKET / A_DAY
        seen = np.zeros((BUCKETS, len(COLUMNS)))
        seen[:, COLUMNS.index("impressions")] = shown
        if silence(Clusters({}, seen, days), weight) == BEYOND:
            return days
    return np.inf


def tables(seed: int, campaigns: int) -> Iterator[str]:
    """Print how campaigns fare, those that are on plan and those that are not."""
    yield "| posts | on budget: called too fast | too slow | twice the budget: found | half: found |"
    yield "|---|---|---|---|---|"
    for posts in (1, 5, 20):
        chance = np.random.default_rng(seed)
        shares = [
            share_judged(chance, posts, times, judge, campaigns)
            for times, judge in ((1, overspend), (1, underspend), (2, overspend), (0.5, underspend))
        ]
        yield f"| {posts} | " + " | ".join(f"{share:.1%}" for share in shares) + " |"
    yield ""
    yield "| events an hour | night | never silent: called silent | silent from day 10: hours until told |"
    yield "|---|---|---|---|"
    for an_hour in (3, 10, 100):
        for night in ("sine", "abrupt"):
            chance = np.random.default_rng(seed)
            drawn = [events(chance, an_hour, night) for _ in range(campaigns)]
            called = np.mean([np.isfinite(first_silence(one)) for one in drawn])
            yield f"| {an_hour} | {night} | {called:.1%} | {_told(drawn):.1f} |"


def _told(drawn: list[Floats]) -> float:
    """Return the median of hours from the last event on until a silence that begins at day 10 is told."""
    took = []
    for counts in drawn:
        stopped = counts.copy()
        stopped[10 * A_DAY + A_DAY // 2 :] = 0
        last = (np.flatnonzero(stopped)[-1] + 1) / A_DAY
        took.append((first_silence(stopped) - last) * 24)
    return float(np.median(took))
