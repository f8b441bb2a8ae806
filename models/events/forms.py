"""The forms of all events: what the scanner reads in the models' place."""

from functools import cache

import numpy as np

from models.core.columns import Ints
from models.events.fields import PASSED, WRITTEN, Derived, NotDerivableError, derive
from models.events.leaf_index import LeafRule
from models.events.schema import LEAF_FIELDS, Impression, models_of, read_event_time
from models.scopes import ABSENT
from models.topics import INPUT_TOPICS, EventType

FIELDS: tuple[str, ...] = tuple(
    dict.fromkeys(
        name for kind in INPUT_TOPICS.values() for model in models_of(kind) for name in model.model_fields
    )
)
"""The fields of all events, by the number that they have in each form."""
FIELD: dict[str, int] = {name: number for number, name in enumerate(FIELDS)}
# Nothing looks at source and text. PHP writes a user agent's slashes with escapes.
_OTHERWISE = {"source": PASSED, "text": PASSED, "user_agent": WRITTEN}
_WITH_DEFAULTS = ("count", "status")


@cache
def forms_of(event_type: EventType) -> tuple[Derived, ...]:
    """Return what is derived from the models one of which an event of a type fits.

    Raises:
        NotDerivableError: a model has a rule that the scanner cannot keep.

    """
    special = {"event_time": read_event_time}
    forms = tuple(
        derive(model, FIELDS, otherwise=_OTHERWISE, special=special) for model in models_of(event_type)
    )
    for derived in forms:
        if _leaf_rules(derived) != leaf_rules():
            raise NotDerivableError(f"{derived.model.__name__}: names its leaf otherwise than impressions do")
        if derived.rules.defaults.keys() - {*LEAF_FIELDS, *_WITH_DEFAULTS}:
            raise NotDerivableError(f"{derived.model.__name__}: has a default that nothing puts in its place")
        if {derived.rules.defaults.get(name, ABSENT) for name in LEAF_FIELDS} != {ABSENT}:
            raise NotDerivableError(f"{derived.model.__name__}: has another default for what names its leaf")
    return forms


@cache
def leaf_rules() -> tuple[LeafRule, ...]:
    """Return the rules of the texts that name a leaf, in its order."""
    return _leaf_rules(
        derive(Impression, FIELDS, otherwise=_OTHERWISE, special={"event_time": read_event_time})
    )


def _leaf_rules(derived: Derived) -> tuple[LeafRule, ...]:
    rules = derived.rules
    return tuple(LeafRule(rules.patterns[name], name in rules.lowers) for name in LEAF_FIELDS)


def numbers_of(*names: str) -> Ints:
    """Return the numbers of fields."""
    return np.array([FIELD[name] for name in names])
