"""Read a campaign file (YAML 1.2), with the line and column of everything that is wrong in it."""

import difflib
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from models.campaigns import (
    Campaign,
    Cost,
    CurrencyRates,
    Declaration,
    EmvCard,
    MinSample,
    Target,
    Thresholds,
    Values,
)

Path = tuple[str | int, ...]
_MODELS: tuple[type[BaseModel], ...] = (
    Campaign,
    Cost,
    CurrencyRates,
    Declaration,
    EmvCard,
    MinSample,
    Target,
    Thresholds,
    Values,
)
_FIELDS = sorted({info.alias or name for model in _MODELS for name, info in model.model_fields.items()})
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class CampaignFileError(Exception):
    """A campaign file that is not valid: the message has a line, FILE:LINE:COLUMN, for each problem."""


@dataclass(frozen=True, slots=True)
class CampaignFile:
    """What a campaign file declares: checked, and as it was written (times stay text)."""

    declaration: Declaration
    declared: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Place:
    line: int
    column: int


@dataclass(slots=True)
class _Reader:
    """Turns YAML nodes into plain data, remembering where each value or its key stands."""

    yaml: YAML
    places: dict[Path, _Place] = field(default_factory=dict)
    repeated: list[Path] = field(default_factory=list)

    def read(self, node: Node, path: Path) -> Any:
        self.places.setdefault(path, _place(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        # A time stays text: our own reading wants its zone, which YAML's would drop.
        if str(node.tag) == _TIMESTAMP:
            return node.value
        return self.yaml.constructor.construct_object(node)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, ScalarNode) else "?"
            if key in data:
                self.repeated.append((*path, key))
            self.places[*path, key] = _place(key_node)
            data[key] = self.read(value_node, (*path, key))
        return data


def read_campaign_file(name: str, text: str) -> CampaignFile:
    """Read and check a campaign file; `name` stands in the messages.

    Raises:
        CampaignFileError: it is not YAML, or not a valid declaration.

    """
    yaml = YAML(typ="safe", pure=True)
    try:
        node = yaml.compose(StringIO(text))
        reader = _Reader(yaml)
        data = reader.read(node, ()) if node is not None else None
    except MarkedYAMLError as error:
        raise CampaignFileError(_explain_yaml(name, error)) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise CampaignFileError(f"{name}: is not YAML: {error}") from None
    if not isinstance(data, dict):
        raise CampaignFileError(f"{name}:1:1: must have the key campaigns")
    return CampaignFile(_check(name, data, reader), data)


def _check(name: str, data: dict[str, Any], reader: _Reader) -> Declaration:
    problems = [(path, "stands here a second time") for path in reader.repeated]
    declaration = None
    try:
        declaration = Declaration.model_validate(data)
    except ValidationError as error:
        problems += [_problem(detail) for detail in error.errors()]
    if declaration is None or problems:
        lines = {_line(name, path, rule, reader.places) for path, rule in problems}
        raise CampaignFileError("\n".join(text for _, text in sorted(lines)))
    return declaration


def _problem(detail: ErrorDetails) -> tuple[Path, str]:
    path: Path = tuple(part for part in detail["loc"] if part != "[key]")
    rule = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(path[-1]), _FIELDS, n=1)
        rule = "no such field" + (f"; did you mean {near[0]}?" if near else "")
    elif detail["type"] == "missing":
        rule = "required"
    return path, rule


def _line(name: str, path: Path, rule: str, places: dict[Path, _Place]) -> tuple[tuple[int, int], str]:
    known = path
    while known not in places:
        known = known[:-1]
    place = places[known]
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
    text = f"{name}:{place.line}:{place.column}: {where + ': ' if where else ''}{rule}"
    return (place.line, place.column), text


def _explain_yaml(name: str, error: MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
    return f"{where}: is not YAML: {error.problem or error.context}"


def _place(node: Node) -> _Place:
    return _Place(node.start_mark.line + 1, node.start_mark.column + 1)
