"""Whole flights of campaigns whose mood or company stays, or turns after ten days: every two hours."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from models.kpis.clusters import BUCKETS
from models.kpis.concerns import FALLEN, LEAST_RATED, Mood, bursts, fall
from models.statistics.gamma import Floats
from simulations.estimates import A_DAY, estimated
from simulations.suspicious import Causes, draw
from simulations.traffic import Night, daily, rhythm

_DAYS = 30
_STEPS = 96
_TURN = 10 * A_DAY
"""The bucket in which things turn."""
_LATER = 3 * A_DAY
_SHARES = np.array([0.5, 0.3, 0.2])
_WORSE = np.array([0.2, 0.3, 0.5])


@dataclass(frozen=True, slots=True)
class Turned:
    """The share of steady flights that ever alarm, now and by one look; hours until half that turn do."""

    fine: float
    before: float
    hours: float


def mood(chance: Generator, night: Night, a_day: float, thread: int, apart: float, campaigns: int) -> Turned:
    """Fly campaigns with a sentiment of 0.3 that differs by day, and falls to −0.3 where it turns."""
    steady = _said(chance, night, a_day, thread, apart, campaigns, False)
    turning = _said(chance, night, a_day, thread, apart, campaigns, True)
    once = _falls(steady, np.ones((campaigns, _DAYS * A_DAY))) > 1.96
    return Turned(
        float(_drops(steady).any(1).mean()),
        float(once.any(1).mean()),
        _hours(_drops(turning)),
    )


def _said(
    chance: Generator, night: Night, a_day: float, thread: int, apart: float, campaigns: int, turns: bool
) -> dict[str, Floats]:
    """Draw what is rated by campaign and bucket; mentions come in threads whose opinions are alike (0.2)."""
    starts = chance.uniform(0, 1, campaigns)
    waking = rhythm(night, starts, _DAYS * _STEPS).reshape(campaigns, _DAYS * A_DAY, -1).mean(-1)
    threads = chance.poisson(waking * (a_day / A_DAY / thread))
    index = np.repeat(np.arange(threads.size), threads.ravel())
    bucket = index % threads.shape[1]
    shares = np.where((turns & (bucket >= _TURN))[:, None], _WORSE, _SHARES)
    days = chance.normal(0, apart / 2, (campaigns, _DAYS))[index // threads.shape[1], bucket // A_DAY]
    shares = np.maximum(shares + days[:, None] * np.array([1.0, 0.0, -1.0]), 0.02)
    shares /= shares.sum(-1, keepdims=True)
    if thread > 1:
        likings = chance.standard_gamma(shares * 4)
        shares = likings / likings.sum(-1, keepdims=True)
    said = chance.multinomial(thread, shares)
    return {
        name: np.bincount(index, said[:, at], threads.size).reshape(threads.shape)
        for at, name in enumerate(("positive", "neutral", "negative"))
    }


def _drops(said: dict[str, Floats]) -> Any:
    weight, _ = estimated(said, "rated")
    return _falls(said, weight) > FALLEN


def _falls(said: dict[str, Floats], weight: Floats) -> Any:
    """Return by campaign and bucket how far sentiment of the last day has fallen; where too few are, −inf."""
    good, bad = said["positive"], said["negative"]
    all_ = good + bad + said["neutral"]
    days = np.arange(1, all_.shape[1] + 1) / A_DAY
    (good_now, good_before), (bad_now, bad_before), (rated_now, rated_before) = map(
        _halved, (good, bad, all_)
    )
    now = Mood(good_now, bad_now, rated_now, 1.0)
    before = Mood(good_before, bad_before, rated_before, np.maximum(days - 1, 1e-9))
    enough = (days >= 2) & (before.rated >= LEAST_RATED) & (now.rated >= LEAST_RATED)
    return np.where(enough, fall(before, now, weight), -np.inf)


def _halved(column: Floats) -> tuple[Floats, Floats]:
    """Return by bucket what came in the last day, and before it."""
    whole = column.cumsum(1)
    before = np.pad(whole, ((0, 0), (A_DAY, 0)))[:, :-A_DAY]
    return whole - before, before


def company(
    chance: Generator, night: Night, a_day: float, causes: Causes, sold: int, campaigns: int
) -> Turned:
    """Fly campaigns of whose interactions 8 % are suspicious; so many more are bought where they turn."""
    starts = chance.uniform(0, 1, campaigns)
    steps = _DAYS * _STEPS
    level = rhythm(night, starts, steps) * daily(chance, 0.25, starts, steps)
    each = level.reshape(campaigns, _DAYS * A_DAY, -1).mean(-1) * (a_day / A_DAY)
    drawn = draw(chance, each * 0.92, causes, np.full(each.shape, a_day / A_DAY * 0.08))
    alarms = _bursts(drawn.judged, drawn.suspicious)
    once = (drawn.suspicious > drawn.judged / 2) & (drawn.judged >= 30)
    more = np.zeros_like(each)
    more[:, _TURN] = sold
    found = _bursts(drawn.judged + more, drawn.suspicious + more)
    return Turned(float(alarms.any(1).mean()), float(once.any(1).mean()), _hours(found))


def _bursts(judged: Floats, suspicious: Floats) -> Any:
    """Return by campaign and bucket whether there is a burst, at the bucket's end."""
    padded = [np.pad(column, ((0, 0), (BUCKETS, 0))) for column in (judged, suspicious)]
    found = np.zeros(judged.shape, bool)
    for bucket in range(judged.shape[1]):
        done, bad = (column[:, bucket + 1 : bucket + 1 + BUCKETS] for column in padded)
        days = (bucket + 1) / A_DAY
        found[:, bucket] = bursts(done, bad, np.full(len(judged), days)) & (days >= 1)
    return found


def _hours(alarms: Any) -> float:
    """Return after how many hours half of the flights that turn alarm; endlessly many where fewer do."""
    after = alarms[:, _TURN : _TURN + _LATER]
    first = np.where(after.any(1), 2.0 * (after.argmax(1) + 1), np.inf)
    return float(np.median(first))
