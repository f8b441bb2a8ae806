"""What a model asks for and msgspec does not look at: patterns, what a conversion needs, what is never used.

Each check returns the indices of events that the model may refuse; it looks at each different text once.
"""

import re
import string
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from re import Pattern
from typing import Any

from models.events.derive import Derived
from models.events.schema import LEAF_FIELDS, Conversion, Event, asked_for
from models.kinds import ENGAGEMENTS

Check = Callable[[Sequence[Any]], list[int]]
AROUND = "0" + string.punctuation + string.whitespace
"""What is taken off around a person's id to see quickly whether it may stand for nobody."""
LEFT = frozenset({"", "null", "undefined", "none", "unknown", "anonymous", "not set", "nan"})
"""What is left then of one that does, in lower case; and of few others."""
_NOBODY = re.compile(
    rf"\s*(?:[0{re.escape(string.punctuation)}\s]+|null|undefined|none|unknown|anonymous|\(not set\)|nan)\s*",
    re.IGNORECASE,
)
_RATED = frozenset(kind.name for kind in ENGAGEMENTS if kind.rated)


def checks_of(model: type[Event], derived: Derived) -> Iterator[Check]:
    """List the checks of a model's events; the texts that name a leaf are left to the leaf index."""
    for name, pattern in derived.patterns.items():
        if name not in LEAF_FIELDS:
            yield _matching(name, pattern)
    for part, nested in derived.nested.items():
        yield _within(part, [_matching(name, pattern) for name, pattern in nested.patterns.items()])
    if model is Conversion:
        yield _incomplete


def _matching(name: str, pattern: Pattern[str]) -> Check:
    text_of = attrgetter(name)

    def check(parts: Sequence[Any]) -> list[int]:
        texts = set(map(text_of, parts)) - {None}
        odd = {text for text in texts if not pattern.fullmatch(text)}
        return [index for index, part in enumerate(parts) if text_of(part) in odd] if odd else []

    return check


def _within(name: str, checks: Sequence[Check]) -> Check:
    """Make a check of what events hold under a name, where they hold it."""
    part_of = attrgetter(name)

    def check(events: Sequence[Any]) -> list[int]:
        parts = list(map(part_of, events))
        there = [index for index, part in enumerate(parts) if part is not None]
        parts = [parts[index] for index in there]
        return [there[index] for check_part in checks for index in check_part(parts)]

    return check


_ever_asked_for = attrgetter(*asked_for("purchase", 0))


def _incomplete(conversions: Sequence[Any]) -> list[int]:
    return [
        index
        for index, event in enumerate(conversions)
        if None in _ever_asked_for(event)
        and any(getattr(event, name) is None for name in asked_for(event.kind, event.revenue))
    ]


def is_nobody(person_id: str) -> bool:
    """Return whether a person's id stands for nobody: only zeros and signs, or a word for it, in any case."""
    return person_id.strip(AROUND).lower() in LEFT and _NOBODY.fullmatch(person_id) is not None


def unused_fields(event: Any) -> list[str]:
    """List the fields of an event, of a model or a Struct, that are given and never used."""
    nobody = event.person_id is not None and is_nobody(event.person_id)
    return ["person_id"] * nobody + ["sentiment"] * rates_nothing(event)


def rates_nothing(event: Any) -> bool:
    """Return whether an event rates what says nothing."""
    return event.type == "engagement" and event.sentiment is not None and event.kind not in _RATED
