"""Who has seen something of a campaign: a Bloom filter, which may take somebody for seen, never for unseen.

Bloom, B. H. (1970): Space/time trade-offs in hash coding with allowable errors. CACM 13, 422–426.
"""

import numpy as np

from models.authenticity.limits import EXPOSED_BITS
from models.core.columns import Ints
from models.core.compiling import U64, Int, compiled, inlined
from models.core.tables import Keys

_BITS, _HALF, _WORD, _BIT, _ONE = U64(EXPOSED_BITS), U64(32), U64(6), U64(63), U64(1)


def no_bits() -> Keys:
    """Return the filter that has seen nobody."""
    return np.zeros(EXPOSED_BITS // 64, np.uint64)


@compiled
def expose(bits: Keys, persons: Keys) -> None:
    """Note persons who saw something."""
    for at in range(len(persons)):
        one, other = _places(persons[at])
        bits[one >> _WORD] |= _ONE << (one & _BIT)
        bits[other >> _WORD] |= _ONE << (other & _BIT)


@compiled
def find_unexposed(bits: Keys, persons: Keys, unexposed: Ints) -> None:
    """Mark persons with 1 who saw nothing, others with 0."""
    for at in range(len(persons)):
        one, other = _places(persons[at])
        seen = bits[one >> _WORD] >> (one & _BIT) & bits[other >> _WORD] >> (other & _BIT) & _ONE
        unexposed[at] = seen == U64(0)


@inlined
def _places(person: Int) -> tuple[Int, Int]:
    return person % _BITS, (person >> _HALF) % _BITS
