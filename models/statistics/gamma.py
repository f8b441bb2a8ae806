"""Bounds of what a count stands for, where its events may come in clusters: quantiles of gamma distributions.

Garwood, F. (1936): Fiducial limits for the Poisson distribution. Biometrika 28(3/4), 437–442: of a count n of
independent events the bounds are quantiles of gamma distributions of shapes n and n + 1. Fay, M. P. and
Feuer, E. J. (1997): Confidence intervals for directly standardized rates: a method based on the gamma
distribution. Statistics in Medicine 16(7), 791–801: where each independent event brings `weight` counts,
n ÷ weight is the number of events, and the bounds are those of that number times the weight.
"""

from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from models.statistics.digits import all_shown, shown

Floats = npt.NDArray[np.float64]
Numbers = TypeVar("Numbers", float, Floats)
"""One number, or an array of them."""

TAIL = 0.025
"""The chance that bounds leave on each side: 95 % lie between."""
Z = 1.959963984540054
"""The 0.975 quantile of the normal distribution."""


def count_lower(count: Numbers, weight: Numbers | float = 1.0, tail: Numbers | float = TAIL) -> Numbers:
    """Return the lower bound of a count's expectation; 0 for 0."""
    events = count / weight
    if isinstance(events, float):
        return weight * _lower(events, float(tail)) if events > 0 else 0.0
    some = events > 0
    found: Floats = np.where(
        some, weight * all_shown(_gamma().gammaincinv(np.where(some, events, 1.0), tail)), 0.0
    )
    return found


def count_upper(count: Numbers, weight: Numbers | float = 1.0, tail: Numbers | float = TAIL) -> Numbers:
    """Return the upper bound of a count's expectation; 3.68888 for 0 and a weight of 1."""
    events = count / weight
    if isinstance(events, float):
        return weight * _upper(max(events, 0.0), float(tail))
    found: Floats = weight * all_shown(_gamma().gammainccinv(np.maximum(events, 0.0) + 1, tail))
    return found


# A page asks for the same bounds at each scrape.
@lru_cache(maxsize=1 << 16)
def _lower(events: float, tail: float) -> float:
    return shown(_gamma().gammaincinv(events, tail))


@lru_cache(maxsize=1 << 16)
def _upper(events: float, tail: float) -> float:
    return shown(_gamma().gammainccinv(events + 1, tail))


def _gamma() -> Any:
    from scipy import special  # a quarter of a second that few commands need

    return special
