"""Bits of a word, counted: one instruction on most processors, which compilers make of this."""

import numpy as np

from models.core.compiling import U64, inlined

_PAIRS, _FOURS, _OCTETS = U64(0x5555555555555555), U64(0x3333333333333333), U64(0x0F0F0F0F0F0F0F0F)
_EACH_OCTET, _LAST_OCTET = U64(0x0101010101010101), U64(56)


@inlined
def count_bits(word: np.uint64) -> np.uint64:
    """Return how many bits are set (Warren, Hacker's Delight, 5-1)."""
    pairs = word - (word >> U64(1) & _PAIRS)
    fours = (pairs & _FOURS) + (pairs >> U64(2) & _FOURS)
    octets = fours + (fours >> U64(4)) & _OCTETS
    return octets * _EACH_OCTET >> _LAST_OCTET
