"""What a campaign may be in for beside its thresholds: what it spends, silence, what people say and who."""

from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from models.kpis import catalogue
from models.kpis.bounds import Interval
from models.kpis.clusters import A_DAY, BUCKETS, COLUMNS, IN_BURSTS, MOODS_APART, Clusters
from models.kpis.likely import variance_of_mood
from models.kpis.verdict import BEYOND, KEEPS, TOO_EARLY, Verdict, verdict_of
from models.statistics.gamma import Floats, count_lower

Concern = Literal["overspend", "underspend", "silence", "sentiment_drop", "suspicious_burst"]
"""What a campaign may be in for beside its thresholds."""
CONCERNS: tuple[Concern, ...] = get_args(Concern)
BUDGET: tuple[Concern, ...] = ("overspend", "underspend")

UNHEARD = 9.2
"""So many independent events that were due and did not come are no chance: one in e^9.2 = 10 000."""

FALLEN = 3.0
"""So many standard deviations are no chance, though a day is looked at all the time (docs/confidence.md)."""
LEAST_RATED, LEAST_JUDGED = 30, 100
"""Of fewer mentions, or interactions, nothing is told."""
_LATELY = 2
"""The buckets of two hours that a burst falls into: that of now has just begun, or is all but over."""
_RARELY = 1e-4


class Mood(NamedTuple):
    """What was said over some days: mentions that are positive, negative, and all that are rated."""

    positive: Any
    negative: Any
    rated: Any
    days: Any


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


def sentiment_drop(clusters: Clusters, whole: Mood, weight: float) -> Verdict:
    """Judge whether sentiment of the last 24 hours is below that of the flight before.

    `whole` is what was said in the flight; `weight`: how many mentions an independent opinion brings. In the
    first two days, and of few mentions before, there is no verdict.
    """
    of = {name: np.asarray(clusters.buckets)[-A_DAY:, at].sum() for at, name in enumerate(COLUMNS)}
    now = Mood(of["positive"], of["negative"], of["positive"] + of["neutral"] + of["negative"], 1.0)
    # Where totals fell, less is left of the flight than its last day counted.
    before = Mood(*(max(all_ - last, 0.0) for all_, last in zip(whole, now, strict=True)))
    if before.days < 1 or before.rated < LEAST_RATED:
        return TOO_EARLY
    return BEYOND if now.rated >= LEAST_RATED and fall(before, now, weight) > FALLEN else KEEPS


def fall(before: Mood, now: Mood, weight: Any) -> Any:
    """Return by how many standard deviations sentiment has fallen, where days differ by themselves.

    Means and variances are those of models.kpis.likely.mood_of. Arrays of many campaigns serve as well.
    """
    means, variances = zip(*(_mood(one, weight) for one in (before, now)), strict=True)
    return (means[0] - means[1]) / np.sqrt(variances[0] + variances[1])


def _mood(of: Mood, weight: Any) -> tuple[Any, Any]:
    good, bad, mentions = of.positive / weight, of.negative / weight, of.rated / weight
    chance = variance_of_mood(good, bad, mentions) / (mentions + 2)
    return (good - bad) / (mentions + 2), chance + MOODS_APART / of.days


def suspicious_burst(clusters: Clusters) -> Verdict:
    """Judge whether of the latest interactions more are suspicious than organic, beyond what is usual.

    In the first day there is no verdict: nothing is usual yet.
    """
    if clusters.days < 1:
        return TOO_EARLY
    found = {name: np.asarray(clusters.buckets)[..., at] for at, name in enumerate(COLUMNS)}
    return BEYOND if bursts(found["judged"], found["suspicious"], np.asarray(clusters.days)) else KEEPS


def bursts(judged: Floats, suspicious: Floats, days: Floats) -> Any:
    """Return whether the last two buckets (the last axis) have a burst that is not organic.

    It is one where more is suspicious than organic, and surely more than twice what the same time brought on
    average before: by so many independent accounts and groups as make no chance.
    """
    looked_at, now = (column[..., -_LATELY:].sum(-1) for column in (judged, suspicious))
    lived = np.clip(days * A_DAY - _LATELY, A_DAY, BUCKETS - _LATELY)
    usual = suspicious[..., :-_LATELY].sum(-1) * _LATELY / lived
    least = count_lower(now, IN_BURSTS, _RARELY)
    return (looked_at >= LEAST_JUDGED) & (now > looked_at - now) & (least > 2 * usual)


def _tolerance() -> float:
    """How far from its budget a campaign may end, as a share of it."""
    return catalogue.tolerance("forecast_spent_ratio")


def _after_a_day(days: float, verdict: Verdict) -> Verdict:
    return verdict if days >= 1 else TOO_EARLY
