"""A figure with its 95 % bounds."""

from typing import Any, NamedTuple

Number = Any
"""A number, or a column of those of many keys, in which NaN stands for what is not known."""


class Estimate(NamedTuple):
    """A value and the bounds between which the true one lies 95 times of 100; all equal where it is exact."""

    value: Number
    lower: Number
    upper: Number


def exact(value: float) -> Estimate:
    """Return a figure that is known without error."""
    return Estimate(value, value, value)
