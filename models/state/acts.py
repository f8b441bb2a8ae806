"""What known people did, as loops: the acts of models.state.repeats by campaign, kind and person.

Only acts of people who may be in a sample are told: after the first few hundred that is hardly anybody, so
that an event costs a look at a threshold.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from models.core.columns import Acts, Ints
from models.core.compiling import I64, compiled, inlined
from models.events.batch import Mask, Smalls
from models.kinds import ENGAGEMENTS, INTERACTIONS
from models.reach.sample import Levels, highest_level
from models.state.repeats import ACTS
from models.topics import EventType

Hashes = npt.NDArray[np.uint64]

_KINDS_OF_ACT = I64(len(ACTS))
_IMPRESSIONS, _CLICKS, _INTERACTIONS, _RATED, _CONVERSIONS = (
    I64(ACTS.index(name)) for name in ("impressions", "clicks", "interactions", "rated", "conversions")
)
_INTERACTS: Mask = np.array([kind in INTERACTIONS for kind in ENGAGEMENTS])

Telling = Callable[[Levels, Ints, Hashes, Smalls, Smalls, Acts], int]
"""Tells the acts of known people into columns, with room for two an event; returns how many.

Of each event: number of its campaign, person, kind, rating. Before them the thresholds of the samples.
"""


@compiled
def _of_impressions(
    thresholds: Levels, campaigns: Ints, persons: Hashes, _kinds: Smalls, _ratings: Smalls, told: Acts
) -> int:
    number = 0
    for index in range(len(persons)):
        number += _tell(thresholds, campaigns[index], _IMPRESSIONS, persons[index], told, number)
    return number


@compiled
def _of_clicks(
    thresholds: Levels, campaigns: Ints, persons: Hashes, _kinds: Smalls, _ratings: Smalls, told: Acts
) -> int:
    number = 0
    for index in range(len(persons)):
        number += _tell(thresholds, campaigns[index], _CLICKS, persons[index], told, number)
        number += _tell(thresholds, campaigns[index], _INTERACTIONS, persons[index], told, number)
    return number


@compiled
def _of_engagements(
    thresholds: Levels, campaigns: Ints, persons: Hashes, kinds: Smalls, ratings: Smalls, told: Acts
) -> int:
    number = 0
    for index in range(len(persons)):
        if _INTERACTS[kinds[index]]:
            number += _tell(thresholds, campaigns[index], _INTERACTIONS, persons[index], told, number)
        if ratings[index] >= 0:
            number += _tell(thresholds, campaigns[index], _RATED, persons[index], told, number)
    return number


@compiled
def _of_conversions(
    thresholds: Levels, campaigns: Ints, persons: Hashes, _kinds: Smalls, _ratings: Smalls, told: Acts
) -> int:
    number = 0
    for index in range(len(persons)):
        number += _tell(thresholds, campaigns[index], _CONVERSIONS, persons[index], told, number)
    return number


@inlined
def _tell(
    thresholds: Levels, campaign: np.int64, act: np.int64, person: np.uint64, told: Acts, at: int
) -> bool:
    if highest_level(person) < thresholds[campaign * _KINDS_OF_ACT + act]:
        return False
    told.campaigns[at], told.kinds[at], told.persons[at], told.amounts[at] = campaign, act, person, 1
    return True


_TELLING: dict[EventType, Telling] = {
    "impression": _of_impressions,
    "click": _of_clicks,
    "engagement": _of_engagements,
    "conversion": _of_conversions,
}


def acts_of(
    event_type: EventType,
    thresholds: Levels,
    campaigns: Ints,
    persons: Hashes,
    kinds: Smalls,
    ratings: Smalls,
) -> Acts:
    """Return what known people did who may be in a sample; see Telling."""
    most = 2 * len(persons)
    told = Acts(
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most, np.uint64),
        np.empty(most, np.int64),
    )
    number = _TELLING[event_type](thresholds, campaigns, persons, kinds, ratings, told)
    return told.where(slice(0, number))
