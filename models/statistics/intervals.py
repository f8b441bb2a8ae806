"""A figure with its 95 % bounds."""

from typing import NamedTuple


class Estimate(NamedTuple):
    """A value and the bounds between which the true one lies 95 times of 100; all equal where it is exact."""

    value: float
    lower: float
    upper: float


def exact(value: float) -> Estimate:
    """Return a figure that is known without error."""
    return Estimate(value, value, value)
