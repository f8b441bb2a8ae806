"""Forget what no window needs any more of a stored delta, so that its size follows what it shows."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from models.core.columns import TICK, Ids, Ints, aggregate, latest, stack
from models.reach.crowds import Mask, thin
from models.state.delta import Delta, WindowSpan, kept_by_all
from models.state.duplicates import HORIZON
from models.times import SECOND
from models.windows import ROLLING, RollingWindow


def compact(
    delta: Delta, now: int, windows: Sequence[RollingWindow] = ROLLING, most_ids: int = sys.maxsize
) -> Delta:
    """Coarsen ticks to the buckets that windows may still need at `now` (microseconds), thin crowds and ids.

    Crowds of a campaign that asks who saw something (models.authenticity, no_exposure) stay whole.

    `windows` go from the shortest to the longest. No other window can be read from the delta afterwards.
    `most_ids` is how many ids whoever reads it remembers: of more, the last to arrive are kept.

    Raises:
        ValueError: the windows' buckets do not nest.

    """
    require_nested(windows)
    counts, sightings, ids = delta.counts, delta.sightings, delta.ids
    last = latest(sightings._replace(ticks=_coarse(sightings.ticks, now, windows)))
    whole = _looked_up(delta)[last.rows]
    sightings, thresholds = thin(last.where(~whole), delta.thresholds)
    return replace(
        delta,
        counts=aggregate(*counts._replace(ticks=_coarse(counts.ticks, now, windows))),
        sightings=stack([sightings, last.where(whole)]),
        thresholds=thresholds,
        ids=_newest(ids, most_ids),
        kept=kept_by_all([delta.kept, spans_of(windows)]),
    )


def spans_of(windows: Sequence[RollingWindow]) -> tuple[WindowSpan, ...]:
    """Return what a compacted delta says of windows."""
    return tuple(WindowSpan(window.name, window.length, window.bucket) for window in windows)


def require_nested(windows: Sequence[RollingWindow]) -> None:
    """Refuse windows, from the shortest to the longest, that cannot share one coarse tick.

    Raises:
        ValueError: a bucket is not a multiple of the next shorter window's, or of a tick.

    """
    for window in windows:
        if window.bucket % TICK:
            raise ValueError(f"window {window.name}: its bucket must be a multiple of {TICK // SECOND} s")
    for shorter, longer in pairwise(windows):
        if longer.length <= shorter.length or longer.bucket % shorter.bucket:
            raise ValueError(
                f"window {longer.name}: it must be longer than {shorter.name}, and its bucket "
                f"a multiple of {shorter.bucket // SECOND} s"
            )


def require_windows(delta: Delta, windows: Sequence[RollingWindow] = ROLLING) -> None:
    """Refuse a delta that was compacted without one of the windows: it would read as if that were empty.

    Raises:
        ValueError: the counts of a window, which the message names, are gone.

    """
    if delta.kept is None:
        return
    held = {(span.length, span.bucket) for span in delta.kept}
    for window in windows:
        if (window.length, window.bucket) not in held:
            raise ValueError(
                f"state was compacted for the windows {', '.join(span.name for span in delta.kept)}: "
                f"it does not hold {window.name} ({window.length // SECOND} s in buckets of "
                f"{window.bucket // SECOND} s)"
            )


def _looked_up(delta: Delta) -> Mask:
    """Mark the leaves of campaigns that ask who saw something: all people of theirs are stored."""
    judged = {name for number, name in enumerate(delta.judged) if delta.remembered.facts[number].heard}
    return np.array([leaf.campaign in judged for leaf in delta.leaves], dtype=np.bool_)


def _newest(ids: Ids, most: int) -> Ids:
    # Not by the time now: a worker that catches up may yet read copies of what arrived hours ago.
    recent = ids.where(ids.arrivals >= ids.arrivals.max(initial=0) - HORIZON)
    beyond = len(recent.keys) - most
    return recent if beyond <= 0 else recent.where(np.sort(np.argpartition(recent.arrivals, beyond)[beyond:]))


def _coarse(ticks: Ints, now: int, windows: Sequence[RollingWindow]) -> Ints:
    """Move each tick to the start of its bucket in the shortest window that still holds it; 0 if none does.

    That is enough for the longer windows too, because their buckets begin where shorter ones do.
    """
    coarse = np.zeros_like(ticks)
    # From the longest on, so that what the shortest says stays.
    for window in reversed(windows):
        width = window.bucket // TICK
        buckets = ticks // width
        held = buckets >= window.first_bucket(now)
        coarse[held] = buckets[held] * width
    return coarse
