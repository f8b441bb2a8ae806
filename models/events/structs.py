"""The Structs of all events: what msgspec reads in the models' place."""

from functools import cache

from models.events.derive import Derived, NotDerivableError, Special, derive
from models.events.leaf_index import LeafRule
from models.events.schema import LEAF_FIELDS, Event, Impression, read_event_time


def _lowers(name: str) -> bool:
    return any(getattr(rule, "to_lower", False) for rule in Impression.model_fields[name].metadata)


_SPECIAL = {
    # msgspec's own times are rounded below a microsecond, and may be written +0100.
    "event_time": Special(read_event_time, str),
    **{name: Special("to_lower", str) for name in LEAF_FIELDS if _lowers(name)},
}


@cache
def derived_from(model: type[Event]) -> Derived:
    """Return what is derived from a model of an event.

    Raises:
        NotDerivableError: the model has a rule that a Struct cannot keep.

    """
    derived = derive(model, _SPECIAL)
    if model is not Impression and any(
        derived.patterns[name] != derived_from(Impression).patterns[name] for name in LEAF_FIELDS
    ):
        raise NotDerivableError(f"{model.__name__}: names its leaf otherwise than impressions do")
    return derived


def leaf_rules() -> list[LeafRule]:
    """Return the rules of the texts that name a leaf, in its order."""
    patterns = derived_from(Impression).patterns
    return [LeafRule(patterns[name], _lowers(name)) for name in LEAF_FIELDS]
