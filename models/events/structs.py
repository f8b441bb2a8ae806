"""The Structs of all events: what msgspec reads in the models' place."""

from collections.abc import Mapping
from functools import cache
from re import Pattern

from models.events.derive import Derived, NotDerivableError, Special, derive
from models.events.leaf_index import FIELDS
from models.events.schema import Event, Impression, read_event_time

_SPECIAL = {
    # msgspec's own times are rounded below a microsecond, and may be written +0100.
    "event_time": Special(read_event_time, str),
    "channel": Special("to_lower", str),
}


@cache
def derived_from(model: type[Event]) -> Derived:
    """Return what is derived from a model of an event.

    Raises:
        NotDerivableError: the model has a rule that a Struct cannot keep.

    """
    derived = derive(model, _SPECIAL)
    if model is not Impression and any(
        derived.patterns[name] != derived_from(Impression).patterns[name] for name in FIELDS
    ):
        raise NotDerivableError(f"{model.__name__}: names its leaf otherwise than impressions do")
    return derived


def leaf_patterns() -> Mapping[str, Pattern[str]]:
    """Return what the texts that name a leaf must match as a whole, by field."""
    return derived_from(Impression).patterns
