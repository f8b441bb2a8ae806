"""Exact bounds of a Poisson count's expectation.

Garwood, F. (1936): Fiducial limits for the Poisson distribution. Biometrika 28(3/4), 437–442. For a count n
the 95 % bounds are χ²(0.025; 2n) ÷ 2 and χ²(0.975; 2n + 2) ÷ 2, that is: quantiles of gamma distributions
of shapes n and n + 1. They hold the true value at least 95 times of 100, whatever it is.
"""

import math
from functools import lru_cache

Z = 1.959963984540054
"""The 0.975 quantile of the normal distribution."""

_TAIL = 0.025
_FEW = 100
# The rest is noise, in which the platforms' exponential functions differ.
_DIGITS = 13


def poisson_lower(count: int) -> float:
    """Return the lower 95 % bound of the expectation of a count; 0 for 0."""
    if count <= 0:
        return 0.0
    return _exact(count, 1 - _TAIL) if count < _FEW else _expanded(count, -Z)


def poisson_upper(count: int) -> float:
    """Return the upper 95 % bound of the expectation of a count; 3.68888 for 0."""
    return _exact(count + 1, _TAIL) if count < _FEW else _expanded(count + 1, Z)


@lru_cache(maxsize=2 * _FEW + 1)
def _exact(shape: int, below: float) -> float:
    """Find, by bisection, the expectation at which fewer than `shape` events have a probability."""
    low, high = 0.0, shape + 6 * math.sqrt(shape) + 6
    while high - low > 1e-14 * high:
        middle = (low + high) / 2
        if _probability_of_fewer(shape, middle) > below:
            low = middle
        else:
            high = middle
    return float(f"{(low + high) / 2:.{_DIGITS}g}")


def _probability_of_fewer(shape: int, expectation: float) -> float:
    term = math.exp(-expectation)
    terms = [term]
    for number in range(1, shape):
        term *= expectation / number
        terms.append(term)
    return math.fsum(terms)


def _expanded(shape: int, z: float) -> float:
    """Return a gamma quantile by its Cornish–Fisher expansion.

    Fisher, R. A. and Cornish, E. A. (1960): The percentile points of distributions having known cumulants.
    Technometrics 2(2), 209–225; the terms for χ² with 2 · shape degrees of freedom, halved. At shapes from
    100 its relative error is below 1e-10 (measured: 4e-11 at 100, and falling).
    """
    freedom = 2.0 * shape
    root = math.sqrt(freedom)
    chi_square = (
        freedom
        + z * math.sqrt(2) * root
        + 2 / 3 * (z**2 - 1)
        + (z**3 - 7 * z) / (9 * math.sqrt(2)) / root
        - (6 * z**4 + 14 * z**2 - 32) / 405 / freedom
        + (9 * z**5 + 256 * z**3 - 433 * z) / (4860 * math.sqrt(2)) / (freedom * root)
        + (12 * z**6 - 243 * z**4 - 923 * z**2 + 1472) / 25515 / freedom**2
        - (3753 * z**7 + 4353 * z**5 - 289517 * z**3 - 289717 * z)
        / (9185400 * math.sqrt(2))
        / (freedom**2 * root)
    )
    return chi_square / 2
