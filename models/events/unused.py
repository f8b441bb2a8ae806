"""What events carry and nothing uses: people who stand for nobody, and ratings of what says nothing."""

import re
import string
from typing import Any

import numpy as np

from models.core.compiling import Int, compiled
from models.core.json_texts import octet
from models.core.octets import Octets
from models.core.words import UNKNOWN, Words, maybe_number_of, words_of
from models.kinds import ENGAGEMENTS

AROUND = "0" + string.punctuation + string.whitespace
"""What is taken off around a person's id to see quickly whether it may stand for nobody."""
LEFT = ("", "null", "undefined", "none", "unknown", "anonymous", "not set", "nan")
"""What is left then of one that does, in lower case; and of few others."""
_NOBODY = re.compile(
    rf"\s*(?:[0{re.escape(string.punctuation)}\s]+|null|undefined|none|unknown|anonymous|\(not set\)|nan)\s*",
    re.IGNORECASE,
)
RATED = frozenset(kind.name for kind in ENGAGEMENTS if kind.rated)
"""The kinds of engagement that say something."""
_IS_AROUND = np.array([chr(octet) in AROUND for octet in range(256)])
_ASCII = 0x80
LEFT_WORDS = words_of(LEFT[1:])
"""What is left where anything is."""
# In bytes: the sign of the kelvin, of three, is a k in lower case.
_LONGEST_LEFT = max(len(word) + 2 * word.count("k") for word in LEFT)


def is_nobody(person_id: str) -> bool:
    """Return whether a person's id stands for nobody: only zeros and signs, or a word for it, in any case."""
    return person_id.strip(AROUND).lower() in LEFT and _NOBODY.fullmatch(person_id) is not None


def unused_fields(event: Any) -> list[str]:
    """List the fields of an event that are given and never used."""
    nobody = event.person_id is not None and is_nobody(event.person_id)
    return ["person_id"] * nobody + ["sentiment"] * rates_nothing(event)


def rates_nothing(event: Any) -> bool:
    """Return whether an event rates what says nothing."""
    return event.type == "engagement" and event.sentiment is not None and event.kind not in RATED


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
