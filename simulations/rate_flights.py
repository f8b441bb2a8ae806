"""Whole flights of campaigns with limits on rates, ROI, sentiment and authenticity, every two hours."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from models.kpis import likely
from models.statistics.gamma import Floats
from models.statistics.looks import ONCE, Look, always
from simulations import old_rules
from simulations.estimates import A_DAY, estimated
from simulations.many import Cost, Counted, Range
from simulations.suspicious import Causes, draw
from simulations.traffic import daily, rhythm

BUCKETS = 30 * A_DAY
DAYS: Any = (np.arange(BUCKETS) + 1) / A_DAY
_A_STEP = 96 // A_DAY


@dataclass(frozen=True, slots=True)
class Found:
    """Of a kind of flight: the share of fine ones that ever alarm, now and before; bad ones' first."""

    name: str
    fine: float
    before: float
    twice: Floats


def _levels(chance: Generator, campaigns: int, sd: float) -> tuple[Floats, Floats]:
    """Return by bucket what comes by day and night, and the levels of days; both 1 on average."""
    starts = chance.uniform(0, 1, campaigns)
    steps = BUCKETS * _A_STEP
    waking = rhythm("sine", starts, steps).reshape(campaigns, BUCKETS, -1).mean(-1)
    return waking, daily(chance, sd, starts, steps)[:, ::_A_STEP]


def _acts(chance: Generator, mean: Floats, shares: tuple[float, ...]) -> Floats:
    each = sum(share * (times + 1) for times, share in enumerate(shares))
    found: Floats = sum(  # type: ignore[assignment]  # never empty
        times * chance.poisson(mean * (share / each)).astype(np.float64)
        for times, share in enumerate(shares, start=1)
    )
    return found


def _first(found: Any, limit: float) -> Floats:
    """Return the day of each flight's first alarm: its upper bound is below the limit."""
    beyond: Any = np.asarray(found.upper) < limit
    return np.where(beyond.any(1), DAYS[beyond.argmax(1)], np.inf)


def rate(
    chance: Generator, name: str, a_day: float, shares: tuple[float, ...], sd: float, campaigns: int
) -> Found:
    """Fly campaigns with clicks of impressions, or actions of people reached: 100 exposures to an act."""
    waking, level = _levels(chance, campaigns, sd)
    shown: Any = chance.poisson(waking * (100 * a_day / A_DAY)).astype(np.float64)
    acts = _acts(chance, shown * level / 100, shares)
    weight, apart = estimated({"clicks": acts, "impressions": shown}, "clicks")
    total: Any = acts.cumsum(1)
    exposed = np.maximum(shown.cumsum(1), 1.0)

    def over(look: Look, counted: Any) -> Any:
        return Range(*(side / exposed for side in likely.count_of(counted, look)))

    now = over(always(DAYS), Counted(total, weight, apart))
    before = Range(*old_rules.rate_bounds(total, exposed))
    fine, was, twice = _first(now, 0.01 / 1.25), _first(before, 0.01 / 1.25), _first(now, 0.02)
    return Found(name, np.isfinite(fine).mean(), np.isfinite(was).mean(), twice)


def sentiment(chance: Generator, name: str, a_day: float, thread: int, campaigns: int) -> Found:
    """Fly campaigns whose mentions come in threads (icc 0.2), with a sentiment of 0.3 of at least 0.1."""
    waking, _ = _levels(chance, campaigns, 0.0)
    threads = chance.poisson(waking * (a_day / A_DAY / thread))
    where = np.nonzero(threads)
    index = np.repeat(np.ravel_multi_index(where, threads.shape), threads[where])
    opinions = chance.dirichlet(np.array([0.5, 0.3, 0.2]) * 4, len(index)) if thread > 1 else [0.5, 0.3, 0.2]
    rated = chance.multinomial(thread, opinions, len(index))
    columns: Any = [np.bincount(index, rated[:, at], threads.size).reshape(threads.shape) for at in range(3)]
    good, neutral, bad = columns
    weight, apart = estimated({"positive": good, "neutral": neutral, "negative": bad}, "rated")
    whole: Any = [column.cumsum(1) for column in (good, bad, good + neutral + bad)]
    many = whole[2] >= 30
    now = likely.mood_of(whole[0], whole[1], Counted(whole[2], weight, apart), always(DAYS))
    before = likely.mood_of(whole[0], whole[1], Counted(whole[2]), ONCE)

    def first(found: Any, limit: float) -> Floats:
        return _first(Range(found.lower, np.where(many, found.upper, 9.0)), limit)

    fine, was, twice = first(now, 0.1), first(before, 0.1), first(now, 0.6)
    return Found(name, np.isfinite(fine).mean(), np.isfinite(was).mean(), twice)


def authenticity(
    chance: Generator, name: str, a_day: float, causes: Causes, sd: float, campaigns: int
) -> Found:
    """Fly campaigns of whose judged interactions 8 % are suspicious, of 10 % at most; bad ones have 20 %."""
    waking, level = _levels(chance, campaigns, sd)
    each: Any = waking * level * (a_day / A_DAY)

    def fly(share: float) -> tuple[Floats, Floats]:
        drawn = draw(chance, each * (1 - share), causes, np.full(each.shape, a_day / A_DAY * share))
        weight, apart = estimated(
            {"judged": drawn.judged, "suspicious": drawn.suspicious, "impressions": drawn.judged},
            "suspicious",
        )
        bad: Any = drawn.suspicious.cumsum(1)
        good: Any = drawn.judged.cumsum(1) - bad
        now = likely.organic_of(Counted(good, 1.75), Counted(bad, weight, apart), always(DAYS))
        before = likely.organic_of(Counted(good), Counted(bad), ONCE)
        some = good + bad >= 100

        def first(found: Any) -> Floats:
            return _first(Range(found.lower, np.where(some, found.upper, 9.0)), 0.9)

        return first(now), first(before)

    (fine, was), (twice, _) = fly(0.08), fly(0.2)
    return Found(name, np.isfinite(fine).mean(), np.isfinite(was).mean(), twice)


def returns(chance: Generator, name: str, a_day: float, sd: float, campaigns: int) -> Found:
    """Fly campaigns whose orders differ in worth (lognormal, 0.8), with an ROI of 50 % of at least 0."""
    waking, level = _levels(chance, campaigns, sd)
    orders = chance.poisson(waking * level * (a_day / A_DAY)).astype(np.float64)
    index = np.repeat(np.arange(orders.size), orders.astype(int).ravel())
    worth = np.exp(chance.normal(-0.32, 0.8, len(index)))
    brought, squares = (
        np.bincount(index, worth**power, orders.size).reshape(orders.shape).cumsum(1) for power in (1, 2)
    )
    weight, apart = estimated({"conversions": orders}, "conversions")
    count = orders.cumsum(1)
    enough: Any = (count >= 20) & (brought > 0)
    each = weight * np.where(brought > 0, squares / np.maximum(brought, 1e-9), 1.0)
    revenue: Any = Counted(np.maximum(brought, 1e-9), each, apart)

    def first(fees_a_day: float, old: bool) -> Floats:
        fees: Any = DAYS * fees_a_day
        upper: Any
        if old:
            upper = old_rules.value(brought, fees)
        else:
            upper = likely.return_of(Cost(fees, 0.0, 0.0), revenue, always(DAYS)).upper
        return _first(Range(-1.0, np.where(enough, upper, 9.0)), 0.0)

    fine, was, twice = first(a_day / 1.5, False), first(a_day / 1.5, True), first(a_day * 2, False)
    return Found(name, np.isfinite(fine).mean(), np.isfinite(was).mean(), twice)
