"""What a campaign may be in for beside its thresholds: too much or too little spent, and silence."""

from typing import Literal

import numpy as np

from models.kpis import catalogue
from models.kpis.bounds import Interval
from models.kpis.clusters import A_DAY, BUCKETS, COLUMNS, Clusters
from models.kpis.verdict import BEYOND, KEEPS, TOO_EARLY, Verdict, verdict_of
from models.statistics.gamma import Floats

Concern = Literal["overspend", "underspend", "silence"]
"""What a campaign may be in for beside its thresholds."""

UNHEARD = 9.2
"""So many independent events that were due and did not come are no chance: one in e^9.2 = 10 000."""


def overspend(forecast: Interval, days: float) -> Verdict:
    """Judge whether more than the budget will likely be spent; in the first day nothing is judged.

    `forecast` bounds what is spent at the flight's end, as a share of the budget.
    """
    return _after_a_day(days, verdict_of("max", 1 + _tolerance(), forecast, 0, 0))


def underspend(forecast: Interval, days: float) -> Verdict:
    """Judge whether less than the budget will likely be spent; in the first day nothing is judged."""
    return _after_a_day(days, verdict_of("min", 1 - _tolerance(), forecast, 0, 0))


def silence(clusters: Clusters, weight: float) -> Verdict:
    """Judge whether impressions and clicks have stopped, against the campaign's own rhythm.

    `weight`: how many impressions an independent event brings. In the first day there is no verdict: no habit
    is known.
    """
    if clusters.days < 1:
        return TOO_EARLY
    seen = np.asarray(clusters.buckets)
    shown = seen[..., COLUMNS.index("impressions")] + seen[..., COLUMNS.index("clicks")]
    missed = float(missing(shown, np.asarray(clusters.days)) / weight)
    return BEYOND if missed > UNHEARD else KEEPS


def missing(counts: Floats, days: Floats) -> Floats:
    """Return how many events were due, at the least, since the last bucket (the last axis) that had any.

    Due in a bucket is the least that came in the same hours of a day before the silence; nothing, where no
    such day is known. The bucket of now is not over: nothing is due in it. Where nothing at all is left to
    tell by, endlessly many are missing.
    """
    quiet = np.minimum.accumulate((counts == 0)[..., ::-1], axis=-1).sum(-1)
    at = np.arange(BUCKETS)
    heard = at < BUCKETS - quiet[..., None]
    lived = at >= BUCKETS - A_DAY * np.asarray(days)[..., None]
    known = np.where(heard & lived, counts, np.inf).reshape(*counts.shape[:-1], -1, A_DAY)
    least = known[..., :-1, :].min(-2)
    by_hour = np.where(np.isfinite(least), least, 0.0)
    share = np.append(np.ones(A_DAY - 1), 0.0)
    run = np.arange(A_DAY) >= A_DAY - quiet[..., None]
    rhythm = (by_hour * share * run).sum(-1)
    due: Floats = np.where(quiet >= BUCKETS, np.inf, rhythm)
    return due


def _tolerance() -> float:
    """How far from its budget a campaign may end, as a share of it."""
    return catalogue.tolerance("forecast_spent_ratio")


def _after_a_day(days: float, verdict: Verdict) -> Verdict:
    return verdict if days >= 1 else TOO_EARLY
