"""YAML that a person wrote, checked by a model: every problem comes with its line and column."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from models.campaigns.wording import no_such_field, rule_in_words
from models.campaigns.yaml_data import Mistake, Path, Position, YamlDocument, YamlError, read_yaml

Models = Mapping[Path, type[BaseModel]]
"""The model at each path, so that a field that none has can be likened to one that it has."""
ANY = "*"
"""Stands in a path for any name or number."""
_KEY = "[key]"
# The reader reports lone surrogates itself: pydantic finds them only where it measures a text.
_LONE_SURROGATE = "string_unicode"
# A cross-check that pydantic makes without the other field's text, which the message quotes.
_LATER_THAN = re.compile(r"must be later than (\w+)")


def read_text(content: str | bytes) -> YamlDocument:
    """Read one document in UTF-8, without the white space around its texts.

    Raises:
        YamlError: it is not UTF-8, or not YAML as we read it.

    """
    document = read_yaml(_decode(content))
    document.data = _stripped(document.data)
    return document


def mistakes_of(error: ValidationError, document: YamlDocument, models: Models) -> list[Mistake]:
    """Return what a model found wrong in a document, each where it stands, in words."""
    details = error.errors(include_url=False)
    return [_mistake(detail, document, models) for detail in details if detail["type"] != _LONE_SURROGATE]


def line_of(name: str, mistake: Mistake) -> str:
    """Return the message about a mistake: FILE:LINE:COLUMN: field: rule."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in mistake.path)
    where = "".join(parts).removeprefix(".")
    line, column = mistake.position
    return f"{name}:{line}:{column}: {where + ': ' if where else ''}{mistake.rule}"


def lines_of(name: str, mistakes: Iterable[Mistake]) -> list[str]:
    """Return the messages about mistakes, in the order in which they stand in the file."""
    return [line_of(name, one) for one in sorted(mistakes, key=lambda one: (one.position, one.rule))]


def _stripped(data: Any) -> Any:
    """Take the white space off around every text: folded and literal ones end with a line break."""
    if isinstance(data, dict):
        return {key: _stripped(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_stripped(value) for value in data]
    return data.strip() if isinstance(data, str) else data


def _decode(content: str | bytes) -> str:
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line_start = content.rfind(b"\n", 0, error.start) + 1
        position = Position(content.count(b"\n", 0, error.start) + 1, error.start - line_start + 1)
        raise YamlError(position, "is not UTF-8 text: save it as UTF-8") from None


def _mistake(detail: ErrorDetails, document: YamlDocument, models: Models) -> Mistake:
    path: Path = tuple(part for part in detail["loc"] if part != _KEY)
    about_key = _KEY in detail["loc"] or detail["type"] == "extra_forbidden" or detail["input"] is None
    position = document.keys.get(path) if about_key else None
    comments = [warning.rule for warning in document.warnings if warning.path == path]
    rule = "; ".join([_rule(detail, path, document, models), *comments])
    return Mistake(position or document.position_of(path), path, rule)


def _rule(detail: ErrorDetails, path: Path, document: YamlDocument, models: Models) -> str:
    rule = rule_in_words(detail, document.written.get(path))
    if detail["type"] == "extra_forbidden":
        return no_such_field(str(path[-1]), _fields_at(path[:-1], models))
    if found := _LATER_THAN.fullmatch(rule):
        return f"{rule} ({document.written[*path[:-1], found[1]]})"
    return rule


def _fields_at(path: Path, models: Models) -> list[str]:
    for shape, model in models.items():
        if len(shape) == len(path) and all(a in (ANY, b) for a, b in zip(shape, path, strict=True)):
            return [info.alias or name for name, info in model.model_fields.items()]
    return []
