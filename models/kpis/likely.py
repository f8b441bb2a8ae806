"""Between what a rate, a cost, a return and a mood likely are: numbers, or arrays of many campaigns' numbers.

What is certain (impressions, what was invested) is divided by or into bounds of what is counted.
"""

from typing import Any, NamedTuple

import numpy as np

from models.statistics.gamma import Numbers
from models.statistics.looks import ONCE, Look

ENDLESS = 1e200
_NOTHING = 1e-290
"""Added to what may be 0, so that arrays can be divided by it."""


class Range(NamedTuple):
    """Where something likely is; `upper` is ENDLESS or more where nothing limits it."""

    lower: float
    upper: float


class Counted(NamedTuple):
    """A count; how many counts an independent event brings; the relative variance of days."""

    number: float
    weight: float = 1.0
    apart: float = 0.0


class Cost(NamedTuple):
    """What was invested: what time made due, what events other than those counted did, and what each did."""

    fees: float
    others: float
    each: float


def count_of(counted: Counted, look: Look) -> Range:
    """Bound the expectation of a count."""
    return Range(look.lower(*counted), look.upper(*counted))


def cost_of(cost: Cost, counted: Counted, look: Look) -> Range:
    """Bound what one of the counted costs; of none there is a lower bound alone.

    Fees accrue while people sleep: at the lower bound they are held against the least that people can have
    been awake for, at the upper one against the most.
    """
    least, most = count_of(counted, look)
    with np.errstate(over="ignore"):
        dearest = (cost.fees * look.most_awake + cost.others) / (least + _NOTHING)
    return Range((cost.fees * look.least_awake + cost.others) / most + cost.each, dearest + cost.each)


def return_of(cost: Cost, revenue: Counted, look: Look) -> Range:
    """Bound revenue ÷ invested − 1; `cost.each` is what a unit of revenue costs."""
    least, most = count_of(revenue, look)
    dearest = cost.fees * look.most_awake + cost.others + cost.each * least
    # In the first moment there is next to no end to what may come, and nothing that it must have cost.
    with np.errstate(over="ignore", invalid="ignore"):
        cheapest = cost.fees * look.least_awake + cost.others + cost.each * most
        return Range(least / (dearest + _NOTHING) - 1, most / (cheapest + _NOTHING) - 1)


def quotient_of(counted: Counted, among: float, around: Range, look: Look) -> Range:
    """Bound a count ÷ an estimate `among` that is likely `around`: both doubts join as independent ones do.

    On the scale of logarithms; the larger doubt of a count of none, which has no logarithm, stands alone.
    """
    count = np.maximum(counted.number, 1e-9)
    least, most = count_of(counted, look)
    with np.errstate(divide="ignore"):
        down = np.hypot(np.log(count / least), np.log(around.upper / among))
        up = np.hypot(np.log(most / count), np.log(among / around.lower))
    alone = most / around.lower
    some: Any = np.where(np.asarray(counted.number) > 0, np.minimum(count / among * np.exp(up), alone), alone)
    return Range(counted.number / among * np.exp(-down), some)


def organic_of(organic: Counted, suspicious: Counted, look: Look) -> Range:
    """Bound organic ÷ (organic + suspicious): their odds join the doubts of both."""
    least, most = count_of(organic, look)
    some = np.maximum(organic.number, _NOTHING)
    with np.errstate(over="ignore"):
        odds = quotient_of(suspicious, some, Range(np.maximum(least, _NOTHING), most), look)
        return Range(1 / (1 + odds.upper), 1 / (1 + odds.lower))


def variance_of_mood(positive: Numbers, negative: Numbers, rated: Numbers) -> Numbers:
    """Return the variance of one mention's +1, 0 or −1; one more mention on either side keeps it above 0."""
    good, bad = (positive + 1) / (rated + 2), (negative + 1) / (rated + 2)
    return good + bad - (good - bad) ** 2


def mood_of(positive: float, negative: float, rated: Counted, look: Look) -> Range:
    """Bound (positive − negative) ÷ rated, by an adjusted Wald interval of as many independent mentions.

    Bonett, D. G. and Price, R. M. (2012): Adjusted Wald Confidence Interval for a Difference of Binomial
    Proportions Based on Paired Data. Journal of Educational and Behavioral Statistics 37(4), 479–488:
    one mention is added to each side, and the Wald interval taken of what results.
    """
    weight = look.weight(*rated)
    mentions, good, bad = rated.number / weight, positive / weight, negative / weight
    middle = (good - bad) / (mentions + 2)
    margin = look.z * np.sqrt(variance_of_mood(good, bad, mentions) / (mentions + 2))
    lower, upper = np.maximum(middle - margin, -1.0), np.minimum(middle + margin, 1.0)
    if look.days is None:
        return Range(lower, upper)
    once = mood_of(positive, negative, rated, ONCE)
    return Range(np.minimum(lower, once.lower), np.maximum(upper, once.upper))
