"""Silence: campaigns that are never silent for long, and campaigns that stop."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from models.kpis.clusters import BUCKETS
from models.kpis.concerns import UNHEARD, missing
from models.statistics.dispersion import PRIOR
from models.statistics.gamma import Floats
from simulations.traffic import A_BUCKET, A_DAY, Night, Traffic, fly

_STOPS = (60, 63, 66, 69, 150)
"""Buckets at whose start campaigns stop."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The share of fine campaigns ever called silent, now and before; hours until one that stops is."""

    fine: float
    before: float
    hours: float


def heard(chance: Generator, night: Night, an_hour: float, campaigns: int) -> Heard:
    """Fly campaigns with a mean of impressions an hour; three of ten people come twice, days differ."""
    flights = fly(chance, Traffic(night, 0.4, again=0.3, first_within=2.0), an_hour * 24, campaigns)
    steps = flights.counts.reshape(campaigns, -1, A_BUCKET)
    padded = np.concatenate([np.zeros((campaigns, BUCKETS)), steps.sum(-1)], axis=1)
    begun = (flights.counts > 0).argmax(1) / A_DAY
    alarmed = np.zeros(campaigns, bool)
    for bucket in range(steps.shape[1]):
        for step in (A_BUCKET // 2, A_BUCKET):
            seen = padded[:, bucket + 1 : bucket + 1 + BUCKETS].copy()
            seen[:, -1] = steps[:, bucket, :step].sum(-1)
            days = (bucket * A_BUCKET + step) / A_DAY - begun
            alarmed |= (days > 0) & (missing(seen, np.maximum(days, 0)) / PRIOR > UNHEARD)
    hours = np.median([_found(padded, begun, stop) for stop in _STOPS])
    return Heard(float(alarmed.mean()), float(_before(flights.counts).mean()), float(hours))


def _found(padded: Floats, begun: Floats, stop: int) -> float:
    """Return after how many hours half of the campaigns that stop at a bucket are called silent."""
    first = np.full(len(padded), np.inf)
    for silent in range(1, 25):
        seen = padded[:, stop + silent : stop + silent + BUCKETS].copy()
        seen[:, BUCKETS - silent :] = 0
        days = (stop + silent) * 2 / 24 - begun
        found = missing(seen, days) / PRIOR > UNHEARD
        first = np.where(found & np.isinf(first), silent * 2.0, first)
    return float(np.median(first))


def _before(counts: Floats) -> Floats:
    """Judge as before: an hour without any after six hours with at least ten each."""
    total = np.concatenate([np.zeros((len(counts), 1)), counts], axis=1).cumsum(1)
    hour = total[:, 4:] - total[:, :-4]
    empty = hour[:, 24:] == 0
    busy = np.stack([hour[:, 24 - 4 * back : hour.shape[1] - 4 * back] >= 10 for back in range(1, 7)]).all(0)
    return np.asarray((empty & busy).any(1))
