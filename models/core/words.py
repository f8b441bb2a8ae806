"""Short words as numbers: a field's name or an enumerated value is found by one multiplication."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.compiling import I64, U64, Int, compiled, inlined
from models.core.octets import Octets, load64

LONGEST = 16
UNKNOWN = I64(-1)

_SIZE_BITS = 8
_SHIFT = U64(64 - _SIZE_BITS)
_FULL = U64(0xFFFFFFFFFFFFFFFF)
# This bit is what tells a capital of ASCII from its small letter.
_LOWER = U64(0x2020202020202020)
_HALF = 8
_TRIES = 1000
# Knuth's multiplier and increment of MMIX: any sequence of odd factors would do.
_MULTIPLIER, _INCREMENT = 6364136223846793005, 1442695040888963407


class Words(NamedTuple):
    """Words of up to LONGEST bytes: their two halves and their numbers, in cells that `factor` leads to."""

    firsts: npt.NDArray[np.uint64]
    seconds: npt.NDArray[np.uint64]
    numbers: npt.NDArray[np.int64]
    factor: np.uint64


def words_of(listed: Sequence[str]) -> Words:
    """Give words numbers in their order, and each a cell of its own.

    Raises:
        ValueError: a word is empty or too long, or comes twice.

    """
    encoded = [word.encode() for word in listed]
    if len(set(encoded)) < len(encoded) or not all(0 < len(word) <= LONGEST for word in encoded):
        raise ValueError(f"words must differ and have 1 to {LONGEST} bytes: {', '.join(listed)}")
    halves = [(_half(word, 0), _half(word, _HALF)) for word in encoded]
    factor = _factor_for([first ^ second for first, second in halves])
    size = 1 << _SIZE_BITS
    words = Words(
        np.zeros(size, np.uint64), np.zeros(size, np.uint64), np.full(size, UNKNOWN), np.uint64(factor)
    )
    for number, (first, second) in enumerate(halves):
        at = _cell(first ^ second, factor)
        words.firsts[at], words.seconds[at], words.numbers[at] = first, second, number
    return words


@compiled
def number_of(words: Words, buffer: Octets, start: Int, length: Int) -> Int:
    """Return the number of a word of the buffer, which holds no zero, or UNKNOWN."""
    return _number_of(words, buffer, start, length, U64(0))


@compiled
def maybe_number_of(words: Words, buffer: Octets, start: Int, length: Int) -> Int:
    """Return the number of a word that is spelt in any case, or UNKNOWN; some signs are taken for others."""
    return _number_of(words, buffer, start, length, _LOWER)


@inlined
def _number_of(words: Words, buffer: Octets, start: Int, length: Int, bits: Int) -> Int:
    if length > LONGEST or length < 1:
        return UNKNOWN
    first, second = load64(buffer, start) | bits, U64(0)
    if length < _HALF:
        first &= _FULL >> U64(64 - 8 * length)
    elif length > _HALF:
        second = (load64(buffer, start + _HALF) | bits) & _FULL >> U64(128 - 8 * length)
    at = (first ^ second) * words.factor >> _SHIFT
    if words.firsts[at] == first and words.seconds[at] == second:
        return words.numbers[at]
    return UNKNOWN


def _half(word: bytes, at: int) -> int:
    return int.from_bytes(word[at : at + _HALF], "little")


def _factor_for(mixed: Sequence[int]) -> int:
    factor = 0x9E3779B97F4A7C15
    for _ in range(_TRIES):
        if len({_cell(one, factor) for one in mixed}) == len(mixed):
            return factor
        factor = (factor * _MULTIPLIER + _INCREMENT) % 2**64 | 1
    raise ValueError(f"{len(mixed)} words are too many for {1 << _SIZE_BITS} cells")


def _cell(mixed: int, factor: int) -> int:
    return mixed * factor % 2**64 >> 64 - _SIZE_BITS
