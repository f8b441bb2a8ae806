"""What events carry and nothing uses: people who stand for nobody, and ratings of what says nothing."""

import re
import string
from typing import Any

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


def is_nobody(person_id: str) -> bool:
    """Return whether a person's id stands for nobody: only zeros and signs, or a word for it, in any case."""
    return person_id.strip(AROUND).lower() in LEFT and _NOBODY.fullmatch(person_id) is not None


def unused_fields(event: Any) -> list[str]:
    """List the fields of an event that are given and never used."""
    nobody = event.person_id is not None and is_nobody(event.person_id)
    return ["person_id"] * nobody + ["sentiment"] * rates_nothing(event)


def rates_nothing(event: Any) -> bool:
    """Return whether an event rates what says nothing, or a total, of which no one rating says anything."""
    if event.type != "engagement" or event.sentiment is None:
        return False
    return event.kind not in RATED or event.total is not None
