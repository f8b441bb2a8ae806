"""What valid events of one type count, as loops: the columns of models.core.columns, by leaf and tick.

Conversions count by their orders instead (models.state.orders).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from models.core.columns import COLUMN, LIMB_BITS, TICK, Ints
from models.core.compiling import I64, compiled, inlined
from models.events.batch import Mask, Smalls
from models.events.schema import MOST_COUNTED
from models.kinds import ENGAGEMENTS, INTERACTIONS, POLARITIES, REASONS, names
from models.state.gathering import Sums, gather, room
from models.topics import EventType

_IMPRESSIONS, _IDENTIFIED, _CLICKS, _LINK_CLICKS = (
    I64(COLUMN[name]) for name in ("impressions", "identified", "clicks", "interactions:click")
)
_OF_IMPRESSIONS, _OF_CLICKS, _OF_INTERACTIONS, _OF_VIEWS, _OF_RATED = (
    I64(COLUMN[f"excess:{name}:low"])
    for name in ("impressions", "clicks", "interactions", "video_views", "rated")
)
"""The first of two columns of what Σn² has beyond Σn."""
_TICK, _NEXT, _LIMB, _LOW = I64(TICK), I64(1), I64(LIMB_BITS), I64((1 << LIMB_BITS) - 1)
_WHOLE = I64(MOST_COUNTED)
_MOST_SUMS = 6
"""What one event adds to at most: two columns, each with two of its excess."""
_INTERACTS: Mask = np.array([kind in INTERACTIONS for kind in ENGAGEMENTS])
"""Whether an engagement of a kind is an interaction; else it is a view of a video."""
_KINDS: Ints = np.array(
    [COLUMN[f"interactions:{kind.name}" if kind in INTERACTIONS else "video_views"] for kind in ENGAGEMENTS]
)
_JUDGED = I64(COLUMN["judged"])
_SUSPICIOUS: Ints = np.array([-1, *(COLUMN.get(f"suspicious:{name}", -1) for name in names(REASONS))])
_NOTED: Ints = np.array([-1, *(COLUMN[f"noted:{name}"] for name in names(REASONS))])
"""The columns of reasons, by their numbers from 1 on."""
_RATINGS: Ints = np.array([COLUMN[f"rated:{polarity.name}"] for polarity in POLARITIES])


class Counted(NamedTuple):
    """Events that count: at which row, when, for how many, whether their person is known, kind, rating."""

    rows: Ints
    times: Ints
    counts: Ints
    known: Mask
    kinds: Smalls
    ratings: Smalls


class Rated(NamedTuple):
    """Events whose text was rated: at which row, when, for how many, and as what."""

    rows: Ints
    times: Ints
    counts: Ints
    ratings: Smalls


class Judged(NamedTuple):
    """Interactions that were judged: at which row, when, and the numbers of their reasons, or 0."""

    rows: Ints
    times: Ints
    reasons: Smalls
    noted: Smalls


Effect = Callable[[Sums, int, Counted], int]
"""Counts events from an index on; returns the index up to which there was room for sums."""


@compiled
def _count_impressions(sums: Sums, start: int, events: Counted) -> int:
    for index in range(start, len(events.rows)):
        if room(sums) < _MOST_SUMS:
            return index
        row, tick = events.rows[index], events.times[index] // _TICK
        _count(sums, row, tick, _IMPRESSIONS, _OF_IMPRESSIONS, events.counts[index])
        if events.known[index]:
            gather(sums, row, tick, _IDENTIFIED, I64(1))
    return len(events.rows)


@compiled
def _count_clicks(sums: Sums, start: int, events: Counted) -> int:
    for index in range(start, len(events.rows)):
        if room(sums) < _MOST_SUMS:
            return index
        row, tick = events.rows[index], events.times[index] // _TICK
        _count(sums, row, tick, _CLICKS, _OF_CLICKS, events.counts[index])
        _count(sums, row, tick, _LINK_CLICKS, _OF_INTERACTIONS, events.counts[index])
    return len(events.rows)


@compiled
def _count_engagements(sums: Sums, start: int, events: Counted) -> int:
    for index in range(start, len(events.rows)):
        if room(sums) < _MOST_SUMS:
            return index
        row, tick = events.rows[index], events.times[index] // _TICK
        kind, rating = events.kinds[index], events.ratings[index]
        squares = _OF_INTERACTIONS if _INTERACTS[kind] else _OF_VIEWS
        _count(sums, row, tick, _KINDS[kind], squares, events.counts[index])
        if rating >= 0:
            _count(sums, row, tick, _RATINGS[rating], _OF_RATED, events.counts[index])
    return len(events.rows)


@compiled
def count_ratings(sums: Sums, start: int, events: Rated) -> int:
    """Count what texts were rated as, as an event that says so itself is counted; see Effect."""
    for index in range(start, len(events.rows)):
        if room(sums) < _MOST_SUMS:
            return index
        row, tick = events.rows[index], events.times[index] // _TICK
        _count(sums, row, tick, _RATINGS[events.ratings[index]], _OF_RATED, events.counts[index])
    return len(events.rows)


@compiled
def count_verdicts(sums: Sums, start: int, judged: Judged) -> int:
    """Count what was judged from an index on; return the index up to which there was room for sums."""
    for index in range(start, len(judged.rows)):
        if room(sums) < _MOST_SUMS:
            return index
        row, tick = judged.rows[index], judged.times[index] // _TICK
        gather(sums, row, tick, _JUDGED, I64(1))
        if judged.reasons[index] > 0:
            gather(sums, row, tick, _SUSPICIOUS[judged.reasons[index]], I64(1))
        if judged.noted[index] > 0:
            gather(sums, row, tick, _NOTED[judged.noted[index]], I64(1))
    return len(judged.rows)


@inlined
def _count(
    sums: Sums, row: np.int64, tick: np.int64, column: np.int64, excess: np.int64, count: np.int64
) -> None:
    """Count an event that stands for so many: n, and n·(n − 1) in two limbs.

    A total may have grown by more than an aggregate holds: it is taken as so many whole ones and a rest.
    Where it fell, what came before stays as uncertain as it was.
    """
    gather(sums, row, tick, column, count)
    if count > 1:
        whole, rest = count // _WHOLE, count % _WHOLE
        beyond = whole * (_WHOLE * (_WHOLE - _NEXT)) + rest * (rest - _NEXT)
        gather(sums, row, tick, excess, beyond & _LOW)
        gather(sums, row, tick, excess + _NEXT, beyond >> _LIMB)


EFFECTS: dict[EventType, Effect] = {
    "impression": _count_impressions,
    "click": _count_clicks,
    "engagement": _count_engagements,
}


@compiled
def mark_known(
    person_lengths: Ints, consents: Smalls, counts: Ints, assume_consent: bool, known: Mask
) -> int:
    """Mark events whose person may be used: with consent, where one stands for itself; return how many."""
    number = 0
    for index in range(len(known)):
        consent = assume_consent if consents[index] < 0 else consents[index] == 1
        known[index] = person_lengths[index] >= 0 and counts[index] == 1 and consent
        number += known[index]
    return number


@compiled
def mark_bots(agents: Ints, is_bot: Mask, invalid: Mask) -> int:
    """Mark the events of bots; return how many. One without an agent is not judged."""
    number = 0
    for index in range(len(agents)):
        invalid[index] = agents[index] >= 0 and is_bot[agents[index]]
        number += invalid[index]
    return number


@compiled
def count_late(times: Ints, arrivals: Ints, statuses: Smalls, after: int) -> int:
    """Count events, adjustments aside, that arrived more than so long after they happened."""
    number = 0
    for index in range(len(times)):
        number += statuses[index] == 0 and arrivals[index] - times[index] > after
    return number
