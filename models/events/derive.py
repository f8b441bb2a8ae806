"""A msgspec Struct for a pydantic model: the same fields under the same rules, read several times as fast.

The Struct may refuse more than its model does, and never accepts more. A model with a rule of which this is
not known is not derived.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from pydantic import BaseModel

Schema = Mapping[str, Any]

# What is understood of each kind of pydantic schema, beside what says nothing about values.
_KEYS: dict[str, set[str]] = {
    "model": {"cls", "config", "custom_init", "root_model", "schema"},
    "model-fields": {"fields", "model_name", "computed_fields"},
    "model-field": {"schema"},
    "default": {"schema", "default"},
    "nullable": {"schema"},
    "str": {"min_length", "max_length"},
    "int": {"ge", "le"},
    "float": {"ge", "le", "allow_inf_nan"},
    "bool": set(),
    "literal": {"expected"},
    "list": {"items_schema", "min_length", "max_length"},
}
_SILENT = {"type", "metadata", "ref", "strict"}
_CONFIG = {"title", "strict", "frozen", "extra_fields_behavior"}
_META = {"min_length", "max_length", "ge", "le"}
_BASES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}

# What means the same in Rust's regular expressions (pydantic's) and Python's: characters, classes, groups.
_CLASS = r"\[(?:[A-Za-z0-9._:]-[A-Za-z0-9]|[A-Za-z0-9._:])+-?\]"
_PORTABLE = re.compile(rf"\^(?:(?:[A-Za-z0-9-]|{_CLASS}|\((?!\?)|\))(?:[*+?]|\{{\d+(?:,\d+)?\}})?)+\$")


class NotDerivableError(TypeError):
    """A model has a rule that a Struct cannot keep; the message names model, field and rule."""


@dataclass(frozen=True, slots=True)
class Special:
    """A rule of a field that the reader of the Struct checks instead of msgspec.

    `rule` is `to_lower`, or the function of a validator that runs before; `read_as` is what msgspec reads.
    """

    rule: object
    read_as: Any


@dataclass(frozen=True, slots=True)
class Derived:
    """A Struct; the patterns that its texts must match as a whole; what is derived from models in its fields.

    Patterns are left to the reader: msgspec takes a quarter of a microsecond a field for them, most of its
    time for an event, although the same few texts come again and again.
    """

    struct: Any
    patterns: dict[str, re.Pattern[str]]
    nested: dict[str, "Derived"]


def derive(model: type[BaseModel], special: Mapping[str, Special]) -> Derived:
    """Derive a Struct from a model, some of whose fields have special rules.

    Raises:
        NotDerivableError: the model has a rule that is neither understood here nor special.

    """
    fields, patterns, nested = [], {}, {}
    for name, schema in _fields(model).items():
        where = f"{model.__name__}.{name}"
        default, optional, inner = _unwrap(where, schema)
        if inner["type"] == "str" and "pattern" in inner:
            patterns[name] = _portable(where, inner["pattern"])
            inner = _without(inner, "pattern")
        if inner["type"] == "model":
            nested[name] = derive(inner["cls"], {})
            read_as = nested[name].struct
        else:
            read_as = _read_as(where, inner, special.get(name))
        fields.append((name, read_as | None if optional else read_as, default))
    struct = msgspec.defstruct(model.__name__, fields, gc=False, kw_only=True)
    return Derived(struct, patterns, nested)


def _fields(model: type[BaseModel]) -> dict[str, Schema]:
    where, schema = model.__name__, dict(model.__pydantic_core_schema__)
    _understand(where, schema, ["model"])
    config = schema.get("config", {})
    if config.keys() - _CONFIG or config.get("extra_fields_behavior") != "ignore":
        raise NotDerivableError(f"{where}: is configured in a way that is not understood: {dict(config)}")
    if schema.get("custom_init") or schema.get("root_model"):
        raise NotDerivableError(f"{where}: is made in its own way")
    _understand(where, schema["schema"], ["model-fields"])
    return dict(schema["schema"]["fields"])


def _unwrap(where: str, schema: Schema) -> tuple[Any, bool, Schema]:
    """Return a field's default, whether it may be null, and what it is otherwise."""
    _understand(where, schema, ["model-field"])
    inner, default = schema["schema"], msgspec.NODEFAULT
    if inner["type"] == "default":
        _understand(where, inner)
        inner, default = inner["schema"], inner["default"]
    if not isinstance(default, str | int | float | None | type(msgspec.NODEFAULT)):
        raise NotDerivableError(f"{where}: a default that could change")
    if inner["type"] != "nullable":
        return default, False, inner
    _understand(where, inner)
    if default is not None:  # null is absent, and absent would be something else
        raise NotDerivableError(f"{where}: may be null, which is not its default")
    return None, True, inner["schema"]


def _read_as(where: str, schema: Schema, special: Special | None) -> Any:
    if special is None:
        return _plain(where, schema)
    if special.rule == "to_lower" and schema.get("to_lower"):
        return _plain(where, _without(schema, "to_lower"))
    if schema["type"] == "function-before" and schema["function"]["function"] is special.rule:
        _understand(where, schema["schema"])
        if schema["schema"].keys() <= _SILENT:
            return special.read_as
    raise NotDerivableError(f"{where}: does not have its special rule alone")


def _plain(where: str, schema: Schema) -> Any:
    """Return the type that msgspec reads for a schema without a special rule."""
    _understand(where, schema, [*_BASES, "literal", "list"])
    kind = schema["type"]
    if kind == "literal":
        if not all(isinstance(value, str) for value in schema["expected"]):
            raise NotDerivableError(f"{where}: one of values that are not all texts")
        return Literal[tuple(schema["expected"])]
    base = list[_plain(where, schema["items_schema"])] if kind == "list" else _BASES[kind]  # type: ignore[misc]
    rules = {name: schema[name] for name in _META & schema.keys()}
    return Annotated[base, msgspec.Meta(**rules)] if rules else base


def _understand(where: str, schema: Schema, kinds: Collection[str] = _KEYS) -> None:
    kind = schema["type"]
    if kind not in kinds:
        raise NotDerivableError(f"{where}: {kind} is not understood")
    unknown = schema.keys() - _KEYS[kind] - _SILENT
    if unknown:
        raise NotDerivableError(f"{where}: {', '.join(sorted(unknown))} of {kind} is not understood")


def _portable(where: str, pattern: str) -> re.Pattern[str]:
    if not _PORTABLE.fullmatch(pattern):
        raise NotDerivableError(f"{where}: the pattern {pattern} may mean something else in Python")
    return re.compile(pattern[1:-1])


def _without(schema: Schema, name: str) -> Schema:
    return {key: value for key, value in schema.items() if key != name}
