"""Bounds of what a count stands for, where its events may come in clusters: quantiles of gamma distributions.

Garwood, F. (1936): Fiducial limits for the Poisson distribution. Biometrika 28(3/4), 437–442: of a count n of
independent events the bounds are quantiles of gamma distributions of shapes n and n + 1. Fay, M. P. and
Feuer, E. J. (1997): Confidence intervals for directly standardized rates: a method based on the gamma
distribution. Statistics in Medicine 16(7), 791–801: where each independent event brings `weight` counts,
n ÷ weight is the number of events, and the bounds are those of that number times the weight.
"""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = TypeVar("Numbers", float, Floats)
"""One number, or an array of them."""

TAIL = 0.025
"""The chance that bounds leave on each side: 95 % lie between."""
Z = 1.959963984540054
"""The 0.975 quantile of the normal distribution."""


def count_lower(count: Numbers, weight: Numbers | float = 1.0, tail: Numbers | float = TAIL) -> Numbers:
    """Return the lower bound of a count's expectation; 0 for 0."""
    from scipy.special import gammaincinv  # a quarter of a second that few commands need

    events = count / weight
    if isinstance(events, float):
        return _shown(weight * gammaincinv(events, tail)) if events > 0 else 0.0
    some = events > 0
    found: Floats = np.where(some, weight * gammaincinv(np.where(some, events, 1.0), tail), 0.0)
    return found


def count_upper(count: Numbers, weight: Numbers | float = 1.0, tail: Numbers | float = TAIL) -> Numbers:
    """Return the upper bound of a count's expectation; 3.68888 for 0 and a weight of 1."""
    from scipy.special import gammainccinv  # as above

    events = count / weight
    if isinstance(events, float):
        return _shown(weight * gammainccinv(max(events, 0.0) + 1, tail))
    found: Floats = weight * gammainccinv(np.maximum(events, 0.0) + 1, tail)
    return found


def _shown(bound: float) -> float:
    """Leave out the last digit, in which the libraries of platforms differ."""
    return float(f"{bound:.15g}")
