"""What known people did, as loops: the acts of models.state.repeats by campaign, kind and person.

Only acts of people who may be in a sample are told: after the first few hundred that is hardly anybody, so
that an event costs a look at a threshold.
"""

import numpy as np
import numpy.typing as npt

from models.core.columns import Acts, Ints, numbers
from models.core.compiling import I64, compiled, inlined
from models.events.batch import Mask, Smalls
from models.kinds import ENGAGEMENTS, INTERACTIONS
from models.reach.sample import Levels, highest_level
from models.state.repeats import ACTS
from models.topics import EventType

Hashes = npt.NDArray[np.uint64]

_KINDS_OF_ACT = I64(len(ACTS))
_INTERACTIONS, _RATED = I64(ACTS.index("interactions")), I64(ACTS.index("rated"))
_INTERACTS: Mask = np.array([kind in INTERACTIONS for kind in ENGAGEMENTS])
_ALWAYS: dict[EventType, Ints] = {
    "impression": numbers([ACTS.index("impressions")]),
    "click": numbers([ACTS.index("clicks"), ACTS.index("interactions")]),
    "conversion": numbers([ACTS.index("conversions")]),
}
"""The acts that each event of a type is; of engagements that depends on what they say."""
_RATED_ALONE = numbers([ACTS.index("rated")])


@compiled
def tell(thresholds: Levels, campaigns: Ints, persons: Hashes, acts: Ints, told: Acts) -> int:
    """Tell of each event the same acts; return how many were told."""
    number = 0
    for index in range(len(persons)):
        for act in acts:
            number += _tell(thresholds, campaigns[index], act, persons[index], told, number)
    return number


@compiled
def tell_engagements(
    thresholds: Levels, campaigns: Ints, persons: Hashes, kinds: Smalls, ratings: Smalls, told: Acts
) -> int:
    """Tell of interactions, and of what is rated; return how many acts were told."""
    number = 0
    for index in range(len(persons)):
        if _INTERACTS[kinds[index]]:
            number += _tell(thresholds, campaigns[index], _INTERACTIONS, persons[index], told, number)
        if ratings[index] >= 0:
            number += _tell(thresholds, campaigns[index], _RATED, persons[index], told, number)
    return number


@inlined
def _tell(
    thresholds: Levels, campaign: np.int64, act: np.int64, person: np.uint64, told: Acts, at: int
) -> bool:
    if highest_level(person) < thresholds[campaign * _KINDS_OF_ACT + act]:
        return False
    told.campaigns[at], told.kinds[at], told.persons[at], told.amounts[at] = campaign, act, person, 1
    return True


def acts_of(
    event_type: EventType,
    thresholds: Levels,
    campaigns: Ints,
    persons: Hashes,
    kinds: Smalls,
    ratings: Smalls,
) -> Acts:
    """Return what known people did who may be in a sample.

    Of each event: number of its campaign, person, kind, rating. Before them the thresholds of the samples.
    """
    told = _room(2 * len(persons))
    if event_type == "engagement":
        number = tell_engagements(thresholds, campaigns, persons, kinds, ratings, told)
    else:
        number = tell(thresholds, campaigns, persons, _ALWAYS[event_type], told)
    return told.where(slice(0, number))


def rated_acts(thresholds: Levels, campaigns: Ints, persons: Hashes) -> Acts:
    """Return what known people said that is rated, of those who may be in a sample."""
    told = _room(len(persons))
    return told.where(slice(0, tell(thresholds, campaigns, persons, _RATED_ALONE, told)))


def _room(most: int) -> Acts:
    return Acts(
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most, np.uint64),
        np.empty(most, np.int64),
    )
