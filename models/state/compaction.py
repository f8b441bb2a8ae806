"""Forget of a stored delta what no window needs any more: so a state's size follows what it shows."""

from dataclasses import replace

import numpy as np

from models.core.columns import TICK, Ints, aggregate, latest
from models.state.delta import Delta
from models.state.duplicates import HORIZON
from models.windows import ROLLING


def compact(delta: Delta, now: int) -> Delta:
    """Coarsen ticks to the buckets that windows may still need at `now` (microseconds), drop older ids."""
    counts, sightings, ids = delta.counts, delta.sightings, delta.ids
    return replace(
        delta,
        counts=aggregate(*counts._replace(ticks=_coarse(counts.ticks, now))),
        sightings=latest(sightings._replace(ticks=_coarse(sightings.ticks, now))),
        # Not by `now`: a worker that catches up may yet read copies of what arrived hours ago.
        ids=ids.where(ids.arrivals >= ids.arrivals.max(initial=0) - HORIZON),
    )


def _coarse(ticks: Ints, now: int) -> Ints:
    """Move each tick to the start of its bucket in the longest window that still holds it; 0 if none does."""
    coarse = np.zeros_like(ticks)
    for window in reversed(ROLLING):
        width = window.bucket // TICK
        buckets = ticks // width
        held = buckets >= window.first_bucket(now)
        coarse[held] = buckets[held] * width
    return coarse
