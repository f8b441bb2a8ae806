"""95 % bounds of a count of events that come alone, by a method that is slow and plain."""

import functools
import math
from collections.abc import Callable

TAIL = 0.025


@functools.cache
def poisson(count: int) -> tuple[float, float]:
    """Bound the mean of a Poisson count as Garwood does: each tail holds 2.5 %.

    The lower bound is the mean at which `count` or more has that probability, the upper one that at which
    `count` or less has.
    """
    width = 3 * math.sqrt(count) + 5
    upper = _root(lambda mean: _at_most(count, mean) - TAIL, count, count + width)
    if count == 0:
        return 0.0, upper
    lower = _root(lambda mean: TAIL - _at_least(count, mean), max(0.0, count - width), count)
    return lower, upper


def _root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Halve an interval about the root of a falling function until it is far narrower than any tolerance."""
    while high - low > 1e-10 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return (low + high) / 2


def _at_most(count: int, mean: float) -> float:
    """Add up the probabilities of `count` and less, for a mean above `count`, till they are nothing."""
    terms, term, number = [], _probability(count, mean), count
    while number >= 0 and term > 1e-18:
        terms.append(term)
        term *= number / mean
        number -= 1
    return math.fsum(terms)


def _at_least(count: int, mean: float) -> float:
    """Add up the probabilities of `count` and more, for a mean below `count`, till they are nothing."""
    terms, term, number = [], _probability(count, mean), count
    while term > 1e-18:
        terms.append(term)
        number += 1
        term *= mean / number
    return math.fsum(terms)


def _probability(count: int, mean: float) -> float:
    if mean <= 0:
        return float(count == 0)
    return math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
