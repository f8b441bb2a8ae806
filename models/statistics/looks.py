"""One look at a count, or one of many: how sure bounds must be, and what days that differ leave open.

A bound that is looked at all the time is crossed sooner or later by chance: so the tail that it leaves
shrinks as looks add up, about as the law of the iterated logarithm asks (Robbins, H. (1970): Statistical
methods related to the law of the iterated logarithm. Annals of Mathematical Statistics 41(5), 1397–1409;
Howard, S. R., Ramdas, A., McAuliffe, J. and Sekhon, J. (2021): Time-uniform, nonparametric, nonasymptotic
confidence sequences. Annals of Statistics 49(2), 1055–1080). How fast was tuned by simulation, for days that
differ have no exact law: docs/confidence.md has its tables.
"""

import math
from dataclasses import dataclass

import numpy as np

from models.statistics.gamma import TAIL, Numbers, Z, count_lower, count_upper

_A_DAY_OLD = 1.4
"""How many standard deviations a bound is away when a day has passed."""
_NIGHT = 1 / 3


@dataclass(frozen=True, slots=True)
class Look:
    """How bounds are looked at.

    `tail` is the chance left on a side; `days` is how long events have come, over which days that differ
    even out: None where they are no matter. Arrays serve as well as numbers.
    """

    tail: float = TAIL
    days: float | None = None

    def lower(self, count: Numbers, weight: Numbers | float, apart: Numbers | float = 0.0) -> Numbers:
        """Return the lower bound of a count's expectation (see `weight`), never closer than at one look."""
        found = count_lower(count, self.weight(count, weight, apart), self.tail)
        if self.days is None:
            return found
        once: Numbers = np.minimum(found, count_lower(count, weight))
        return once

    def upper(self, count: Numbers, weight: Numbers | float, apart: Numbers | float = 0.0) -> Numbers:
        """Return the upper bound of a count's expectation (see `weight`), never closer than at one look.

        Days that differ leave as much open where nothing came as where one independent event did: a first
        minute without any must not say more than one with a few.
        """
        least: Numbers = np.maximum(count, weight)
        found = count_upper(count, self.weight(least, weight, apart), self.tail)
        if self.days is None:
            return found
        once: Numbers = np.maximum(found, count_upper(count, weight))
        return once

    def weight(self, count: Numbers, weight: Numbers | float, apart: Numbers | float) -> Numbers | float:
        """Return how many counts an independent event brings, where days are `apart` (a relative variance).

        1 ÷ events = weight ÷ count + apart ÷ days.
        """
        return weight if self.days is None else weight + apart * count / np.maximum(self.days, 1e-9)

    @property
    def z(self) -> float:
        """How many standard deviations of a normal quantity leave the tail."""
        from scipy.special import ndtri  # late, as in models.statistics.gamma

        return Z if self is ONCE else -ndtri(self.tail)

    @property
    def least_awake(self) -> float:
        """The least share of the time that people can have been awake for, as a night weighs them."""
        return 1.0 if self.days is None else least_awake(self.days) / np.maximum(self.days, 1e-9)

    @property
    def most_awake(self) -> float:
        """The most of it: what the least leaves, as much above the whole as that is below."""
        return 2.0 - self.least_awake


ONCE = Look()


def always(days: float) -> Look:
    """Return the look at what has come over some days, as one of many looks."""
    from scipy.special import ndtr  # late, as in models.statistics.gamma

    over = np.maximum(days, 1.0)
    z = _A_DAY_OLD + 0.3 * np.log(over) + 0.4 * (1 - 1 / over) + 2 * np.maximum(1 - days, 0.0)
    return Look(ndtr(-z), days)


def least_awake(days: float) -> float:
    """Return the least number of days' events that some days can have brought, starting at any hour.

    A whole day brings a day's; a part of one the least of a rate that goes up and down like a sine, or of
    one that is 0 for eight hours.
    """
    part = np.mod(days, 1.0)
    sine, abrupt = part - np.sin(math.pi * part) / math.pi, (part - _NIGHT) / (1 - _NIGHT)
    least: float = days - part + np.maximum(np.minimum(sine, abrupt), 0.0)
    return least
