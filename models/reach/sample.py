"""A sample of persons by threshold on their hash: its levels, its size, its bounds.

A person is in the sample of a level as long as their hash is below the level's share of all hashes. So
samples of one level agree wherever the person is seen, a higher level's sample is part of a lower one's,
and what is known of a sample stays known when it is made smaller.

Cohen, E. and Kaplan, H. (2007): Summarizing data using bottom-k sketches. PODC, 225–234.
"""

import numpy as np
import numpy.typing as npt

from models.core.compiling import I64, U64, compiled, inlined
from models.statistics.gamma import Z

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.uint8]

LEVELS = 48
"""Levels 0 to 47, four an octave: at a sample of 12 000 they serve 39 million persons."""

_OCTAVE = np.array([1.0, 0.875, 0.75, 0.625])
SHARES: Floats = np.array([_OCTAVE[level % 4] / 2 ** (level // 4) for level in range(LEVELS)])
"""The share of all persons in each level's sample, from 1 down: each is at least 0.8 of that before."""

_HIGH_BITS, _MANTISSA = U64(40), I64(21)
# Exponent and two bits of mantissa of the largest float32 of 24 bits.
_TOP, _HIGHEST = I64((127 + 23) << 2 | 3), I64(LEVELS - 1)


def level_of(persons: npt.NDArray[np.uint64]) -> Levels:
    """Return the highest level whose sample holds each person."""
    levels = np.empty(len(persons), np.uint8)
    _find_levels(np.require(persons, None, ["C", "W"]), levels)
    return levels


@compiled
def _find_levels(persons: npt.NDArray[np.uint64], levels: Levels) -> None:
    for index in range(len(persons)):
        levels[index] = highest_level(persons[index])


@inlined
def highest_level(person: np.uint64) -> np.int64:
    """Return the highest level whose sample holds a person, by the high 24 bits of their hash.

    A float32 of 24 bits is exact; its exponent and first two bits of mantissa are the level.
    """
    steps = I64(np.float32(person >> _HIGH_BITS).view(np.int32)) >> _MANTISSA
    return min(_TOP - steps, _HIGHEST)


def at_least(by_level: Ints) -> Ints:
    """Turn counts by level (the last axis) into the sizes of the levels' samples."""
    return by_level[..., ::-1].cumsum(axis=-1)[..., ::-1]


def least_level(sizes: Ints, most: int) -> Levels:
    """Return the lowest level whose sample is no larger than `most`; the highest one where none is."""
    fits = sizes <= most
    fits[..., -1] = True
    levels: Levels = fits.argmax(axis=-1).astype(np.uint8)
    return levels


def bounds(sizes: Ints, shares: Floats) -> tuple[Floats, Floats]:
    """Return the 95 % bounds of how many persons there are, from samples' sizes and shares.

    A size is binomial; Wilson, E. B. (1927): Probable inference, the law of succession, and statistical
    inference. JASA 22, 209–212, solved for the number of trials. At a share of 1 both are the size.
    """
    spread = Z**2 * (1 - shares)
    middle, half = 2 * sizes + spread, np.sqrt(spread * (spread + 4 * sizes))
    return np.maximum(sizes, (middle - half) / (2 * shares)), (middle + half) / (2 * shares)
