"""Whether a person's id may stand for nobody, seen in its bytes."""

import numpy as np

from models.core.compiling import Int, compiled
from models.core.json_texts import octet
from models.core.octets import Octets
from models.core.words import UNKNOWN, Words, maybe_number_of, words_of
from models.events.unused import AROUND, LEFT

LEFT_WORDS = words_of(LEFT[1:])
"""What is left where anything is."""
_IS_AROUND = np.array([chr(octet) in AROUND for octet in range(256)])
_ASCII = 0x80
# In bytes: the sign of the kelvin, of three, is a k in lower case.
_LONGEST_LEFT = max(len(word) + 2 * word.count("k") for word in LEFT)


@compiled
def may_be_nobody(words: Words, buffer: Octets, start: Int, length: Int) -> Int:
    """Tell whether a person's id may stand for nobody; `words` are LEFT_WORDS."""
    end = start + length
    while start < end and _IS_AROUND[octet(buffer, start)]:
        start += 1
    while start < end and _IS_AROUND[octet(buffer, end - 1)]:
        end -= 1
    if end - start > _LONGEST_LEFT:
        return False
    for at in range(start, end):
        if octet(buffer, at) >= _ASCII:
            return True
    return start == end or maybe_number_of(words, buffer, start, end - start) != UNKNOWN
