"""The JSON Schema of the events, made from their models: what a record's value must be to be taken.

A schema cannot say everything: it takes 3.0 for 3, does not add an offset to a time in the hours around the
first and the last year that are read, and does not see the bytes (size, depth, digits of numbers).
"""

from typing import Any

from pydantic import BaseModel

from models import kinds
from models.events.schema import DESCRIBING, EITHER, Adjustment, asked_for, models_of
from models.topics import EventType

JsonSchema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NULL: JsonSchema = {"type": "null"}
_IGNORED: JsonSchema = {"description": "Anything else is taken as absent."}
_DAYS = "|".join(
    (
        "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])",
        "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)",
        "02-(?:0[1-9]|1[0-9]|2[0-8])",
    )
)
_LEAP_YEARS = "(?:[2-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[3579][26])00)"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?"
_ZONE = "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
_TIME: JsonSchema = {
    "type": "string",
    "pattern": f"^(?:[2-9][0-9]{{3}}-(?:{_DAYS})|{_LEAP_YEARS}-02-29)[Tt ]{_CLOCK}{_ZONE}$",
    "examples": ["2026-11-20T12:00:00Z", "2026-11-20T13:00:00.5+01:00"],
}


def json_schema(event_type: EventType) -> JsonSchema:
    """Return the schema of the events of a type, in the dialect of 2020-12."""
    schemas = [_of(model) for model in models_of(event_type)]
    definitions = {name: part for schema in schemas for name, part in schema.pop("$defs").items()}
    if len(schemas) == 1:
        return {"$schema": _DIALECT, **schemas[0], "$defs": definitions}
    conversion, adjustment = schemas
    statuses = Adjustment.model_json_schema()["properties"]["status"]["enum"]
    return {
        "$schema": _DIALECT,
        "if": _where("status", {"enum": statuses}),
        "then": {"$ref": "#/$defs/Adjustment"},
        "else": {"$ref": "#/$defs/Conversion"},
        "$defs": {"Conversion": conversion, "Adjustment": adjustment, **definitions},
    }


def _of(model: type[BaseModel]) -> JsonSchema:
    """Return the schema of what fits a model, with those of its parts in `$defs`."""
    made = model.model_json_schema()
    required = made.get("required", [])
    return {
        "description": made["description"],
        "type": "object",
        "properties": {
            name: _field(field, name in required, name in DESCRIBING)
            for name, field in made["properties"].items()
        },
        **({"required": required} if required else {}),
        **({"allOf": _asked()} if "revenue" in made["properties"] else {}),
        **({"not": _must_have([*EITHER])} if made["properties"].keys() >= {*EITHER} else {}),
        "$defs": {name: _part(part) for name, part in made.get("$defs", {}).items()},
    }


def _part(made: JsonSchema) -> JsonSchema:
    fields = {name: _field(field, required=False) for name, field in made["properties"].items()}
    return {"description": made["description"], "type": "object", "properties": fields}


def _field(made: JsonSchema, required: bool, describing: bool = False) -> JsonSchema:
    """Return the schema of a field; null is absent, and of one that only describes anything is taken."""
    choices = [choice for choice in made.get("anyOf", [made]) if choice != _NULL]
    about = {
        key: one[key]
        for one in (*choices, made)
        for key in ("description", "default")
        if one.get(key) is not None
    }
    rules = [_rule(choice) for choice in choices]
    otherwise = [_NULL, _IGNORED] if describing else [_NULL]
    return {**about, **rules[0]} if required else {**about, "anyOf": [*rules, *otherwise]}


def _rule(made: JsonSchema) -> JsonSchema:
    if made.get("format") == "date-time":
        return _TIME
    return {key: value for key, value in made.items() if key not in ("title", "description", "default")}


def _asked() -> list[JsonSchema]:
    """Return what the fields of a conversion or an adjustment ask of one another."""
    with_order = [kind for kind in kinds.names(kinds.CONVERSIONS) if "order_id" in asked_for(kind, None)]
    return [
        {"if": _where("kind", {"enum": with_order}), "then": _must_have(asked_for(with_order[0], None))},
        {"if": _where("revenue", {"not": _NULL}), "then": _must_have(asked_for(None, 0))},
    ]


def _where(name: str, rule: JsonSchema) -> JsonSchema:
    return {"properties": {name: rule}, "required": [name]}


def _must_have(names: list[str]) -> JsonSchema:
    return {"required": names, "properties": {name: {"not": _NULL} for name in names}}
