"""The forms of all events: what the scanner reads in the models' place."""

from functools import cache

import numpy as np

from models.core.columns import Ints
from models.events.fields import LEFT, PASSED, WRITTEN, Derived, NotDerivableError, derive
from models.events.leaf_index import LeafRule
from models.events.schema import LEAF_FIELDS, Adjustment, Event, Impression, models_of, read_event_time
from models.scopes import ABSENT
from models.topics import INPUT_TOPICS, EventType

FIELDS: tuple[str, ...] = tuple(
    dict.fromkeys(
        name for kind in INPUT_TOPICS.values() for model in models_of(kind) for name in model.model_fields
    )
)
"""The fields of all events, by the number that they have in each form."""
FIELD: dict[str, int] = {name: number for number, name in enumerate(FIELDS)}

# Nothing looks at source, but beside a total, which is rare. Texts hold quotes, and PHP writes the slashes of
# a user agent with escapes.
_OTHERWISE = {"source": PASSED, "text": WRITTEN, "user_agent": WRITTEN, "total": LEFT}
_WITH_DEFAULTS = {*LEAF_FIELDS, "count", "status"}


@cache
def forms_of(event_type: EventType) -> tuple[Derived, ...]:
    """Return what is derived from the models one of which an event of a type fits.

    Raises:
        NotDerivableError: a model has a rule that the scanner cannot keep.

    """
    forms = tuple(map(_derived_from, models_of(event_type)))
    for derived in forms:
        _require_usual_leaf(derived)
    return forms


@cache
def width_of(event_type: EventType) -> int:
    """Return how many fields, from the first on, have all that events of a type can have."""
    return 1 + max(int(np.flatnonzero(derived.form.kinds)[-1]) for derived in forms_of(event_type))


@cache
def leaf_rules() -> tuple[LeafRule, ...]:
    """Return the rules of the texts that name a leaf, in its order."""
    return _leaf_rules(_derived_from(Impression))


def numbers_of(*names: str) -> Ints:
    """Return the numbers of fields."""
    return np.array([FIELD[name] for name in names])


def _derived_from(model: type[Event]) -> Derived:
    derived = derive(model, FIELDS, otherwise=_OTHERWISE, special={"event_time": read_event_time})
    if derived.rules.defaults.keys() - _WITH_DEFAULTS:
        raise NotDerivableError(f"{model.__name__}: has a default that nothing puts in its place")
    return derived


def _require_usual_leaf(derived: Derived) -> None:
    """See that events name their leaf as impressions do; only an adjustment may lack some of it."""
    where, defaults, fields = derived.model.__name__, derived.rules.defaults, derived.model.model_fields
    if _leaf_rules(derived) != leaf_rules():
        raise NotDerivableError(f"{where}: names its leaf otherwise than impressions do")
    if any(defaults.get(name, ABSENT) != ABSENT for name in LEAF_FIELDS):
        raise NotDerivableError(f"{where}: has another default for what names its leaf")
    lacking = {name for name in LEAF_FIELDS if not fields[name].is_required()} - defaults.keys()
    if lacking and derived.model is not Adjustment:
        raise NotDerivableError(f"{where}: may lack {', '.join(sorted(lacking))}")


def _leaf_rules(derived: Derived) -> tuple[LeafRule, ...]:
    rules = derived.rules
    return tuple(LeafRule(rules.patterns[name], name in rules.lowers) for name in LEAF_FIELDS)
