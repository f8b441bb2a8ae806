"""How often the people whom we know act, by campaign and kind of act: bounds must know that events cluster.

Of each campaign and kind a sample of people is kept by threshold on their hash, as models.reach.sample does:
who is in it does not depend on order, batches or merging, and of everyone in it every act is counted since
the first, because thresholds only rise.
"""

from collections import defaultdict
from itertools import compress
from typing import NamedTuple

import numpy as np

from models.core.columns import Acts, Ints, add_acts
from models.core.growing import grown
from models.reach.sample import LEVELS, Levels, at_least, least_level, level_of

ACTS: tuple[str, ...] = ("impressions", "clicks", "interactions", "rated", "conversions")
"""The kinds of act that are counted apart."""
LIMIT = 256
"""People in a sample: at most this many, and about 0.8 of it or more once there are more people. A mean of
squares over 200 people errs by about a tenth, far less than bounds by other causes."""


class Repeated(NamedTuple):
    """What a sample of people did: how many they are, Σ acts and Σ acts² of each."""

    persons: int
    acts: int
    squares: int


NOBODY = Repeated(0, 0, 0)


class Repeats:
    """The samples of all campaigns, by number."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._people: defaultdict[int, dict[int, int]] = defaultdict(dict)
        self._thresholds = np.zeros(0, np.uint8)

    def thresholds(self, campaigns: Ints) -> Levels:
        """Return the thresholds of at least these campaigns' samples, by campaign and kind."""
        self._reserve(int(campaigns.max(initial=0)))
        return self._thresholds

    def see(self, acts: Acts) -> Acts:
        """Count acts; return those of people in the samples."""
        if not len(acts.persons):
            return acts
        self._reserve(int(acts.campaigns.max()))
        acts = add_acts(acts.where(level_of(acts.persons) >= self._thresholds[_sample_of(acts)]))
        samples = _sample_of(acts).tolist()
        for sample, person, amount in zip(samples, acts.persons.tolist(), acts.amounts.tolist(), strict=True):
            people = self._people[sample]
            people[person] = people.get(person, 0) + amount
        for sample in dict.fromkeys(samples):
            if len(self._people[sample]) > self._limit:
                self._thin(sample)
        return acts

    def forget(self, campaign: int) -> None:
        """Forget the people of a campaign."""
        self._reserve(campaign)
        for sample in _samples_of(campaign):
            self._people.pop(sample, None)
            self._thresholds[sample] = 0

    def of(self, campaign: int, kind: str) -> Repeated:
        """Return what the sample of a campaign's people did."""
        people = self._people.get(_samples_of(campaign)[ACTS.index(kind)])
        if not people:
            return NOBODY
        return Repeated(len(people), sum(people.values()), sum(acts * acts for acts in people.values()))

    def _reserve(self, campaign: int) -> None:
        if _samples_of(campaign).stop > len(self._thresholds):
            self._thresholds = grown(self._thresholds, _samples_of(campaign).stop)

    def _thin(self, sample: int) -> None:
        people = self._people[sample]
        levels = level_of(np.fromiter(people, np.uint64, len(people)))
        threshold = _lowest_level(levels, self._limit)
        self._thresholds[sample] = threshold
        self._people[sample] = dict(compress(people.items(), (levels >= threshold).tolist()))


def thinned(acts: Acts, limit: int = LIMIT) -> Acts:
    """Add up acts, and leave out people whom the samples of all of these together do not hold.

    Of a sample that they do not fit into, one more stays than fits. By that whoever adds these acts to others
    raises the threshold as far: a person who was left out here, and is known elsewhere by fewer acts, would
    count by those alone.
    """
    acts = add_acts(acts)
    samples, levels = _sample_of(acts), level_of(acts.persons)
    stay = np.ones(len(samples), np.bool_)
    for sample in np.flatnonzero(np.bincount(samples) > limit).tolist():
        here = np.flatnonzero(samples == sample)
        stay[here] = levels[here] >= _lowest_level(levels[here], limit)
        highest = here[np.argsort(levels[here], kind="stable")[::-1]]
        stay[highest[: limit + 1]] = True
    return acts.where(stay)


def _samples_of(campaign: int) -> range:
    return range(campaign * len(ACTS), (campaign + 1) * len(ACTS))


def _sample_of(acts: Acts) -> Ints:
    return acts.campaigns * len(ACTS) + acts.kinds


def _lowest_level(levels: Levels, most: int) -> int:
    """Return the lowest level that at most `most` of these people reach."""
    return int(least_level(at_least(np.bincount(levels, minlength=LEVELS)), most))
