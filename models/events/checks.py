"""What a model asks for and msgspec does not look at: patterns, what a conversion needs, what is never used.

Each check returns the indices of events that the model may refuse; it looks at each different text once.
"""

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from re import Pattern
from typing import Any

from models.events.derive import Derived
from models.events.schema import LEAF_FIELDS, Conversion, Event, asked_for

Check = Callable[[Sequence[Any]], list[int]]


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
