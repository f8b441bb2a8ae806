"""How much more counts vary than those of independent events: dispersion, estimated from what is there.

A dispersion (or weight) of φ says that a count's variance is φ times that of independent events, as if each
brought φ counts. All functions take arrays whose last axes are those that they name, and keep those before.

Wedderburn, R. W. M. (1974): Quasi-likelihood functions, generalized linear models, and the Gauss–Newton
method. Biometrika 61(3), 439–447. Rao, J. N. K. and Scott, A. J. (1992): A simple method for the analysis of
clustered binary data. Biometrics 48(2), 577–585. Deng, A., Knoblich, U. and Lu, J. (2018): Applying the delta
method in metric analytics. KDD, 233–242.
"""

from typing import NamedTuple

import numpy as np

from models.statistics.gamma import Floats

PRIOR = 1.75
"""What is taken before anything is seen: some people act twice."""
_ACTS = 20.0
_CELLS = 6.0
_DAYS = 4.0


class Found(NamedTuple):
    """A dispersion, and how many degrees of freedom it stands on."""

    value: Floats
    freedom: Floats


def of_people(acts: Floats, squares: Floats) -> Floats:
    """Return the dispersion of acts by people who act independently of each other: Σn² ÷ Σn.

    `acts` and `squares` are Σn and Σn² of a sample of people; few of them are drawn to the prior.
    """
    found: Floats = (PRIOR * _ACTS + squares) / (_ACTS + acts)
    return found


def of_cells(counts: Floats, expected: Floats, left: Floats) -> Found:
    """Return Pearson's dispersion of counts around what is expected, over the last axis.

    `left` is the share of each cell's variance that fitting has left.
    """
    kept = expected * left
    whole = kept.sum(-1)
    squares = ((counts - expected) ** 2).sum(-1)
    freedom = ratio(2 * whole**2, (2 * kept**2 + kept).sum(-1))
    return Found(ratio(squares, whole), freedom)


def against(counts: Floats, exposure: Floats) -> Found:
    """Return the dispersion of counts against their exposure, by cell (the last axis)."""
    share = ratio(exposure, exposure.sum(-1, keepdims=True))
    return of_cells(counts, share * counts.sum(-1, keepdims=True), 1 - share)


def by_rhythm(counts: Floats) -> Found:
    """Return the dispersion of counts (…, days, hours) where days differ, and hours, each alike."""
    total = counts.sum((-2, -1), keepdims=True)
    day, hour = ratio(counts.sum(-1, keepdims=True), total), ratio(counts.sum(-2, keepdims=True), total)
    flat = (*counts.shape[:-2], -1)
    left = (1 - day) * (1 - hour)
    return of_cells(counts.reshape(flat), (day * hour * total).reshape(flat), left.reshape(flat))


def of_scores(sums: Floats, counts: Floats, variance: Floats) -> Found:
    """Return the dispersion of scores summed by cell (the last axis), beside `variance` of one score.

    Where scores of one cell are alike, such as comments of one thread, their sum varies more than they do.
    """
    share = ratio(counts, counts.sum(-1, keepdims=True))
    residuals = sums - share * sums.sum(-1, keepdims=True)
    kept = counts * (1 - share)
    freedom = ratio(2 * kept.sum(-1) ** 2, (2 * kept**2 + kept).sum(-1))
    return Found(ratio((residuals**2).sum(-1), variance * kept.sum(-1)), freedom)


def shrunk(found: Found, toward: Floats) -> Floats:
    """Draw a dispersion to what is known otherwise, as far as little is behind it, and never below that."""
    value: Floats = (toward * _CELLS + found.value * found.freedom) / (_CELLS + found.freedom)
    return np.maximum(value, np.maximum(toward, 1.0))


def between_days(counts: Floats, exposure: Floats, dispersion: Floats, prior: float) -> Floats:
    """Return the relative variance of a rate from day to day (the last axis), beyond what chance makes.

    Days without exposure are none. `prior` is taken before any day is over.
    """
    share = ratio(exposure, exposure.sum(-1, keepdims=True))
    expected = share * counts.sum(-1, keepdims=True)
    left = 1 - share
    excess = ((counts - expected) ** 2).sum(-1) - dispersion * (expected * left).sum(-1)
    found = np.maximum(ratio(excess, (expected**2 * left).sum(-1)), 0.0)
    days = (exposure > 0).sum(-1)
    chance = ratio(dispersion * days, counts.sum(-1))
    weight = np.maximum(days - 1, 0) * np.where(counts.sum(-1) > 0, (prior / (prior + chance)) ** 2, 0.0)
    variance: Floats = (_DAYS * prior + weight * found) / (_DAYS + weight)
    return variance


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Divide; 0 where there is nothing to divide by."""
    some = denominator > 0
    found: Floats = np.where(some, numerator, 0.0) / np.where(some, denominator, 1.0)
    return found
