"""What the scanner asks of each field, derived from the pydantic models: the only source of the schema.

What it takes may be less than a model accepts, and is never more. A model with a rule of which this is not
known is not derived.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from pydantic import BaseModel

from models.core.columns import Ints
from models.core.words import Words, words_of

Schema = Mapping[str, Any]

UNKNOWN, KEPT, WRITTEN, PASSED, WORD, SWITCH, WHOLE, NUMBER, PART, LEFT = range(10)
"""What a field holds: nothing that the model knows, a text without escapes that is looked at later, one that
is looked at as it is written, one that is only passed, one of some words, true or false, a whole number, any
number, a model, or what is rare: the model itself reads an event that has it."""
LONGEST = 2**31 - 1

# What is understood of each kind of pydantic schema, beside what says nothing about values.
_KEYS: dict[str, set[str]] = {
    "model": {"cls", "config", "custom_init", "root_model", "schema"},
    "model-fields": {"fields", "model_name", "computed_fields"},
    "model-field": {"schema"},
    "default": {"schema", "default"},
    "nullable": {"schema"},
    "str": {"min_length", "max_length", "pattern", "to_lower"},
    "int": {"ge", "le"},
    "float": {"ge", "le", "allow_inf_nan"},
    "bool": set(),
    "literal": {"expected"},
    "function-before": {"function", "schema"},
}
_SILENT = {"type", "metadata", "ref", "strict"}
_CONFIG = {"title", "strict", "frozen", "extra_fields_behavior"}
_NO_DEFAULT = object()

# What means the same in Rust's regular expressions (pydantic's) and Python's: characters, classes, groups.
_CLASS = r"\[(?:[A-Za-z0-9._:]-[A-Za-z0-9]|[A-Za-z0-9._:])+-?\]"
_PORTABLE = re.compile(rf"\^(?:(?:[A-Za-z0-9-]|{_CLASS}|\((?!\?)|\))(?:[*+?]|\{{\d+(?:,\d+)?\}})?)+\$")


class NotDerivableError(TypeError):
    """A model has a rule that the scanner cannot keep; the message names model, field and rule."""


class Form(NamedTuple):
    """What a scanner is told of a model; arrays are by the number of a field.

    A text has from `least` to `most` characters, a whole number is from `least` to `most`; `choices` has, by
    field and number of the word, which of the field's values it is, or −1. Bits of `required` are fields.
    """

    names: Words
    words: Words
    kinds: Ints
    least: Ints
    most: Ints
    choices: Ints
    required: int


class Rules(NamedTuple):
    """What is known beside of the fields that have it: to be kept by whoever looks at what was scanned.

    Texts must match their pattern as a whole; `lowers` are read in lower case; `values` are the words of a
    field in their order; `defaults` stand for what is absent, and are none of None.
    """

    patterns: dict[str, re.Pattern[str]]
    lowers: set[str]
    values: dict[str, tuple[str, ...]]
    parts: dict[str, type[BaseModel]]
    defaults: dict[str, str | int]


class _Asked(NamedTuple):
    """What is asked of one field."""

    kind: int
    least: int = 0
    most: int = LONGEST
    required: bool = False


@dataclass(frozen=True, slots=True)
class Derived:
    """A model's form and rules."""

    model: type[BaseModel]
    form: Form
    rules: Rules


def derive(
    model: type[BaseModel],
    fields: Collection[str],
    *,
    otherwise: Mapping[str, int] | None = None,
    special: Mapping[str, Callable[..., Any]] | None = None,
) -> Derived:
    """Derive what is asked of a model's fields, which are among `fields`, in whose order they are numbered.

    Texts are KEPT, but for those in `otherwise`, where any field may be LEFT that may be absent. Of a field
    in `special` the rule is this validator.

    Raises:
        NotDerivableError: the model has a rule that is neither understood here nor special.

    """
    rules, schemas = Rules({}, set(), {}, {}, {}), _fields(model)
    if unknown := schemas.keys() - set(fields):
        raise NotDerivableError(f"{model.__name__}: {', '.join(sorted(unknown))} have no number")
    looked_at, validators = otherwise or {}, special or {}
    asked = [
        _field(model, name, schemas[name], rules, looked_at.get(name), validators.get(name))
        if name in schemas
        else _Asked(UNKNOWN)
        for name in fields
    ]
    required = sum(1 << number for number, one in enumerate(asked) if one.required)
    kinds, least, most, _ = (np.array(column, np.int64) for column in zip(*asked, strict=True))
    words, choices = _choices(fields, rules.values)
    return Derived(model, Form(words_of(list(fields)), words, kinds, least, most, choices, required), rules)


def _field(
    model: type[BaseModel],
    name: str,
    schema: Schema,
    rules: Rules,
    how: int | None,
    validator: Callable[..., Any] | None,
) -> _Asked:
    """Return what is asked of a field that is looked at in some way, or as usual; note its other rules."""
    where = f"{model.__name__}.{name}"
    default, inner = _unwrapped(where, schema)
    if how == LEFT:
        if default is not None:
            raise NotDerivableError(f"{where}: is not rare, where it may not be absent")
        return _Asked(LEFT)
    asked = _asked(where, name, inner, rules, validator)
    if how is not None:
        _require_plain(where, asked.kind, inner)
        asked = asked._replace(kind=how)
    if default is _NO_DEFAULT:
        return asked._replace(required=True)
    if default is not None:
        rules.defaults[name] = default
    return asked


def _choices(fields: Collection[str], values: Mapping[str, tuple[str, ...]]) -> tuple[Words, Ints]:
    words = list(dict.fromkeys(word for listed in values.values() for word in listed))
    choices = np.full((len(fields), max(len(words), 1)), -1)
    for number, name in enumerate(fields):
        for value, word in enumerate(values.get(name, ())):
            choices[number, words.index(word)] = value
    return words_of(words), choices


def _fields(model: type[BaseModel]) -> dict[str, Schema]:
    where, schema = model.__name__, dict(model.__pydantic_core_schema__)
    _understand(where, schema, ["model"])
    config = schema.get("config", {})
    if config.keys() - _CONFIG or config.get("extra_fields_behavior") != "ignore" or not config.get("strict"):
        raise NotDerivableError(f"{where}: is configured in a way that is not understood: {dict(config)}")
    if schema.get("custom_init") or schema.get("root_model"):
        raise NotDerivableError(f"{where}: is made in its own way")
    _understand(where, schema["schema"], ["model-fields"])
    return dict(schema["schema"]["fields"])


def _unwrapped(where: str, schema: Schema) -> tuple[Any, Schema]:
    """Return a field's default and what it is where it is not absent."""
    _understand(where, schema, ["model-field"])
    inner, default = schema["schema"], _NO_DEFAULT
    if inner["type"] == "default":
        _understand(where, inner)
        inner, default = inner["schema"], inner["default"]
        if not isinstance(default, str | int | None):
            raise NotDerivableError(f"{where}: a default that is no word or whole number")
    if inner["type"] != "nullable":
        return default, inner
    _understand(where, inner)
    if default is not None:  # null is absent, and absent would be something else
        raise NotDerivableError(f"{where}: may be null, which is not its default")
    return None, inner["schema"]


def _asked(
    where: str, name: str, schema: Schema, rules: Rules, validator: Callable[..., Any] | None
) -> _Asked:
    """Return what a field holds, and its bounds; note its other rules."""
    kind = schema["type"]
    if kind == "function-before" and schema["function"]["function"] is validator:
        _understand(where, schema["schema"], ["int"])
        if schema["schema"].keys() <= _SILENT:
            return _Asked(KEPT)
    if kind == "model":
        rules.parts[name] = schema["cls"]
        return _Asked(PART)
    _understand(where, schema, ["str", "int", "float", "bool", "literal"])
    if kind == "literal":
        rules.values[name] = _words(where, schema["expected"])
        return _Asked(WORD)
    if kind == "bool":
        return _Asked(SWITCH)
    if kind == "str":
        if "pattern" in schema:
            rules.patterns[name] = _portable(where, schema["pattern"])
        if schema.get("to_lower"):
            rules.lowers.add(name)
        return _Asked(KEPT, schema.get("min_length") or 0, schema.get("max_length") or LONGEST)
    least, most = schema.get("ge"), schema.get("le")
    if least is None or most is None or least < 0 or least != int(least) or most != int(most):
        raise NotDerivableError(f"{where}: a number without bounds that are whole")
    if kind == "int" and most > LONGEST:
        raise NotDerivableError(f"{where}: whole numbers beyond {LONGEST}")
    return _Asked(WHOLE if kind == "int" else NUMBER, int(least), int(most))


def _require_plain(where: str, kind: int, schema: Schema) -> None:
    if kind != KEPT or schema["type"] != "str" or {"pattern", "to_lower"} & schema.keys():
        raise NotDerivableError(f"{where}: must be looked at without its escapes")


def _words(where: str, expected: Collection[Any]) -> tuple[str, ...]:
    if not all(isinstance(value, str) and value.isascii() for value in expected):
        raise NotDerivableError(f"{where}: one of values that are not all words")
    return tuple(expected)


def _understand(where: str, schema: Schema, kinds: Collection[str] = _KEYS) -> None:
    kind = schema["type"]
    if kind not in kinds:
        raise NotDerivableError(f"{where}: {kind} is not understood")
    unknown = {name for name in schema.keys() - _KEYS[kind] - _SILENT if schema[name] is not None}
    if unknown:
        raise NotDerivableError(f"{where}: {', '.join(sorted(unknown))} of {kind} is not understood")


def _portable(where: str, pattern: str) -> re.Pattern[str]:
    if not _PORTABLE.fullmatch(pattern):
        raise NotDerivableError(f"{where}: the pattern {pattern} may mean something else in Python")
    return re.compile(pattern[1:-1])
