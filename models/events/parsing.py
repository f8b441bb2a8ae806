"""Bytes to an event, or to the reason why not: for any bytes."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from models.events.schema import (
    DESCRIBING,
    MAX_BYTES,
    Event,
    contradiction,
    model_of,
    models_of,
    required_fields,
)
from models.events.unused import unused_fields
from models.topics import EventType

Reason = Literal[
    "too_large",
    "not_json",
    "not_an_object",
    "wrong_type",
    "missing_field",
    "invalid_field",
    "future",
    "unknown_campaign",
    "unknown_influencer",
    "outside_flight",
    "unknown_currency",
]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an event does not count: a short code, and which field broke which rule.

    `message` never holds the value of a field: some are personal.
    """

    reason: Reason
    message: str


class Read(NamedTuple):
    """An event, and the names of the fields that were given and taken as absent (`audience.country` …)."""

    event: Event
    ignored: Sequence[str]


def parse_event(event_type: EventType, raw: bytes | None) -> Event | Refusal:
    """Read one record's value as an event of the type that its topic carries.

    The reasons of refusal are tried in the order in which `Reason` lists them.
    """
    read = read_event(event_type, raw)
    return read if isinstance(read, Refusal) else read.event


def read_event(event_type: EventType, raw: bytes | None) -> Read | Refusal:
    """Read one record's value as `parse_event` does, and say what of it was ignored."""
    data = _decode(event_type, raw)
    if isinstance(data, Refusal):
        return data
    given = data.get("type")
    if given is not None and given != event_type:
        return Refusal("wrong_type", f'type: must be "{event_type}" on this topic')
    model = model_of(event_type, data)
    missing = [name for name in required_fields(model, data) if name not in data]
    if missing:
        return Refusal("missing_field", f"{', '.join(missing)}: required")
    try:
        event, unfit = _validated(model, data)
    except ValidationError as error:
        return Refusal("invalid_field", _describe(error))
    broken = contradiction(model, data)
    if broken is not None:
        return Refusal("invalid_field", broken)
    unused = unused_fields(event)
    return Read(event.model_copy(update=dict.fromkeys(unused)) if unused else event, [*unfit, *unused])


Part = TypeVar("Part", bound=BaseModel)


def read_part(model: type[Part], raw: str) -> tuple[Part, list[str]]:
    """Read a JSON object that is a field of an event and only describes, without what of it does not fit.

    Return the names of that, too.

    Raises:
        ValueError: it is no JSON.

    """
    data = from_json(raw, allow_inf_nan=False)
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        places = [problem["loc"] for problem in error.errors(include_url=False, include_input=False)]
    unfit = list(dict.fromkeys(str(place[0]) for place in places))
    return model.model_validate(_without(data, unfit)), unfit


def _validated(model: type[Event], data: dict[str, Any]) -> tuple[Event, Sequence[str]]:
    """Return the event without what only describes and does not fit, and the names of that."""
    try:
        return model.model_validate(data), ()
    except ValidationError as error:
        places = [problem["loc"] for problem in error.errors(include_url=False, include_input=False)]
    unfit = dict.fromkeys(".".join(map(str, place[:2])) for place in places if place[0] in DESCRIBING)
    return model.model_validate(_without(data, unfit)), list(unfit)


def _without(data: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Leave fields out, and parts of fields, whose names have a point."""
    kept = dict(data)
    for name, _, part in (name.partition(".") for name in names):
        if part:
            kept[name] = {key: value for key, value in kept[name].items() if key != part}
        else:
            del kept[name]
    return kept


def _decode(event_type: EventType, raw: bytes | None) -> dict[str, Any] | Refusal:
    if raw is not None and len(raw) > MAX_BYTES:
        return Refusal("too_large", f"event: must be at most {MAX_BYTES} bytes, is {len(raw)}")
    try:
        data = from_json(raw or b"", allow_inf_nan=False)
    except ValueError as error:
        data = _with_halves(event_type, raw or b"")
        if data is None:
            return Refusal("not_json", f"event: {error}")
    if not isinstance(data, dict):
        return Refusal("not_an_object", "event: must be a JSON object")
    return _without_nulls(data)


def _with_halves(event_type: EventType, raw: bytes) -> dict[str, Any] | None:
    """Read an event that holds half a character where nothing counts: text is cut in the midst of emoji.

    What only describes and holds one becomes a number, which no such field takes; unknown fields go. None
    where it is no JSON for another reason, or what counts holds one.
    """
    try:
        data = json.loads(raw.decode(), parse_constant=_no_constant)
        halves = {name for name, value in data.items() if _has_half({name: value})}
    except (AttributeError, ValueError, RecursionError):
        return None
    known = {name for model in models_of(event_type) for name in model.model_fields}
    if not halves or halves & known - set(DESCRIBING):
        return None
    whole = {name: value for name, value in data.items() if name not in halves}
    return whole | {name: _unfit(data[name]) for name in halves & known}


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _unfit(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: 0 if _has_half(part) else part for name, part in value.items() if not _has_half(name)}
    return 0


def _has_half(value: Any) -> bool:
    """Return whether a text in it holds a lone surrogate, which no encoding takes."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _without_nulls(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None}


def _describe(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(
        f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}"
        for problem in problems
    )
