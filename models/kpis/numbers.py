"""Arithmetic that formulas share: of plain numbers and of columns of many keys' alike.

What is not known is None among numbers and NaN in a column. So one formula serves a key, and ten thousand.
"""

import math
from typing import Any

import numpy as np

from models.statistics.intervals import Number


def is_column(*numbers: Number) -> bool:
    """Return whether any of these is a column."""
    return any(isinstance(number, np.ndarray) for number in numbers)


def known(number: Number) -> Any:
    """Return whether a number is known; of a column, which are."""
    return ~np.isnan(number) if is_column(number) else number is not None


def where(condition: Any, then: Number, otherwise: Number = None) -> Number:
    """Return the one where a condition holds, the other elsewhere."""
    if not is_column(condition):
        return then if condition else otherwise
    return np.where(condition, _filled(then), _filled(otherwise))


def ratio(numerator: Number, denominator: Number) -> Number:
    """Divide; unknown where a part is, the denominator is not above zero or the quotient not finite."""
    if numerator is None or denominator is None:
        return None
    if not is_column(numerator, denominator):
        return _quotient(numerator, denominator)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        quotient = np.true_divide(numerator, denominator)
        return np.where((np.asarray(denominator) > 0) & np.isfinite(quotient), quotient, np.nan)


def product(one: Number, other: Number) -> Number:
    """Multiply; unknown where a part is."""
    return None if one is None or other is None else one * other


def less(one: Number, other: Number) -> Number:
    """Subtract the other from the one; unknown where a part is."""
    return None if one is None or other is None else one - other


def above(number: Number) -> Number:
    """Return a number, but at least 0."""
    return np.maximum(number, 0) if is_column(number) else max(number, 0)


def some(number: Number) -> Number:
    """Return what is above or below zero; unknown where it is zero."""
    return None if number is None else where(number != 0, number)


def _filled(number: Number) -> Number:
    return np.nan if number is None else number


def _quotient(numerator: float, denominator: float) -> float | None:
    if denominator <= 0:
        return None
    quotient = numerator / denominator
    return quotient if math.isfinite(quotient) else None
