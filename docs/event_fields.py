"""Tables of the events' fields, made from their models, for the page on sending events."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from models.events.schema import Adjustment, Audience, Click, Conversion, Engagement, Impression

Row = tuple[str, ...]

_TYPES: dict[str, type[BaseModel]] = {
    "impression": Impression,
    "click": Click,
    "engagement": Engagement,
    "conversion": Conversion,
    "adjustment": Adjustment,
}


def fields_table() -> list[Row]:
    """List each field of the events: where it is required or optional, what it takes, what it means."""
    names = dict.fromkeys(["type", *(name for model in _TYPES.values() for name in model.model_fields)])
    rows = ((f"`{name}`", *_marks(name), *_about(name, _TYPES.values())) for name in names)
    return [("field", *_TYPES, "takes", "meaning"), *rows]


def audience_table() -> list[Row]:
    """List the fields of an impression's audience."""
    rows = ((f"`{name}`", *_about(name, [Audience])) for name in Audience.model_fields)
    return [("field", "takes", "meaning"), *rows]


def _marks(name: str) -> Row:
    """Mark the types on which a field is required or optional."""
    fields = [model.model_fields.get(name) for model in _TYPES.values()]
    return tuple("" if field is None else "●" if field.is_required() else "○" for field in fields)


def _about(name: str, models: Iterable[type[BaseModel]]) -> Row:
    """Say what a field takes and means, in all models that have it."""
    schemas = [_schema(model, name) for model in models if name in model.model_fields]
    takes = "; ".join(dict.fromkeys(map(_takes, schemas)))
    defaults = dict.fromkeys(
        f", default `{one}`" for one in (s.get("default") for s in schemas) if one is not None
    )
    meanings = dict.fromkeys(filter(None, (schema.get("description") for schema in schemas)))
    return takes + "".join(defaults), " ".join(meanings)


def _schema(model: type[BaseModel], name: str) -> dict[str, Any]:
    """Return the JSON Schema of a field, without null among its choices."""
    schema: dict[str, Any] = model.model_json_schema()["properties"][name]
    choices = [choice for choice in schema.get("anyOf", [schema]) if choice.get("type") != "null"]
    return {**schema, **choices[0]}


def _takes(schema: dict[str, Any]) -> str:
    """Say in words what values a JSON Schema takes."""
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return " ".join(f"`{value}`" for value in schema["enum"])
    match schema.get("type"):
        case "string":
            return _text(schema)
        case "integer" | "number" as kind:
            return f"{kind}, {schema['minimum']:,} to {schema['maximum']:,.0f}"
        case "array":
            return f"list of at most {schema['maxItems']}: {_takes(schema['items'])}"
        case kind:
            return kind or "object"


def _text(schema: dict[str, Any]) -> str:
    if schema.get("format") == "date-time":
        return "RFC 3339 time with zone"
    least, most, pattern = schema.get("minLength", 0), schema.get("maxLength"), schema.get("pattern")
    size = f"text of {least}–{most}" if least else f"text of at most {most}"
    rules = ([size] if most else []) + ([f"`{pattern.strip('^$')}`"] if pattern else [])
    return ", ".join(rules) or "text"
