"""Plain data from YAML 1.2 (core schema), with the position of every value and key."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

Path = tuple[str | int, ...]

_MOST_REPEATED = 50_000
_DEEPEST = 100
_CORE = "tag:yaml.org,2002:"
_MERGE = "<<"
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGERS = (
    (re.compile(r"[-+]?[0-9]+", re.ASCII), 10),
    (re.compile(r"0o[0-7]+", re.ASCII), 8),
    (re.compile(r"0x[0-9a-fA-F]+", re.ASCII), 16),
)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_SPECIAL_FLOAT = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", re.ASCII)
_LONGEST_INTEGER = 400


class Position(NamedTuple):
    """Line and column, both from 1."""

    line: int
    column: int


class Mistake(NamedTuple):
    """What is wrong in a document, and where."""

    position: Position
    path: Path
    rule: str


class YamlError(Exception):
    """The text is not YAML as we read it."""

    def __init__(self, position: Position, rule: str) -> None:
        super().__init__(rule)
        self.position = position
        self.rule = rule


@dataclass(slots=True)
class YamlDocument:
    """A document's data, the position of each value and key, and what YAML allows but we do not."""

    data: Any = None
    values: dict[Path, Position] = field(default_factory=dict)
    keys: dict[Path, Position] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def position_of(self, path: Path) -> Position:
        """Return the position of a value, or of the nearest value around it."""
        while path not in self.values and path:
            path = path[:-1]
        return self.values.get(path, Position(1, 1))


def read_yaml(text: str) -> YamlDocument:
    """Read one document by the core schema (NO and times are plain text), with aliases and merge keys.

    Raises:
        YamlError: the text is not YAML, has several documents, or nests or repeats without bound.

    """
    document = YamlDocument()
    node = _compose(text)
    if node is not None:
        document.data = _Reader(document).read(node, ())
    return document


def _compose(text: str) -> Node | None:
    yaml = YAML(typ="rt", pure=True)
    yaml.max_depth = _DEEPEST
    yaml.composer.warn_double_anchors = False
    try:
        node: Node | None = yaml.compose(text)
        return node
    except ReaderError as error:
        raise YamlError(
            _position_at(text, error.position), "holds a character that YAML does not take"
        ) from None
    except MarkedYAMLError as error:
        # A construct that never ends is reported where it begins.
        endless = error.context_mark and "end" in str(error.problem) and "stream" in str(error.problem)
        mark = error.context_mark if endless else error.problem_mark or error.context_mark
        position = Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
        raise YamlError(position, _explain(error)) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise YamlError(Position(1, 1), f"is not YAML: {error}") from None


def _explain(error: MarkedYAMLError) -> str:
    problem = str(error.problem or error.context)
    if "'\\t'" in problem:
        return "is not YAML: a tab indents here; indent with spaces"
    if "maximum depth" in problem:
        return f"nests deeper than {_DEEPEST} levels"
    if "another document" in problem:
        return "a second document begins here; put everything into one"
    return f"is not YAML: {problem}" + (f" ({error.context})" if error.problem and error.context else "")


def _position_at(text: str, index: int) -> Position:
    before = text[:index]
    return Position(before.count("\n") + 1, index - before.rfind("\n"))


class _Reader:
    def __init__(self, document: YamlDocument) -> None:
        self._document = document
        self._open: set[int] = set()
        self._seen: set[int] = set()
        self._repeated = 0

    def read(self, node: Node, path: Path) -> Any:
        """Turn a node into data; an alias is read again wherever it is used."""
        position = _position(node)
        if id(node) in self._open:
            raise YamlError(position, "an alias stands inside of what it repeats")
        self._repeated += id(node) in self._seen
        if self._repeated > _MOST_REPEATED:
            raise YamlError(position, f"is one of more than {_MOST_REPEATED:,} values that aliases repeat")
        self._seen.add(id(node))
        self._document.values[path] = position
        self._open.add(id(node))
        value = self._value(node, path)
        self._open.remove(id(node))
        return value

    def _value(self, node: Node, path: Path) -> Any:
        if isinstance(node, MappingNode):
            self._require_no_tag(node, "map", path)
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            self._require_no_tag(node, "seq", path)
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        if _is_quoted(node) or str(node.tag) == f"{_CORE}str":
            self._require_no_tag(node, "str", path)
            return self._text(node, path)
        if not str(node.tag).startswith(_CORE):
            self._complain(node, path, f"has the tag {node.tag}, which means nothing here")
        return _resolve(str(node.value))

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key, key_node, value_node in self._own(node, path):
            if key in data:
                first = self._document.keys[*path, key].line
                self._complain(key_node, (*path, key), f"stands here a second time, after line {first}")
            else:
                self._document.keys[*path, key] = _position(key_node)
                data[key] = self.read(value_node, (*path, key))
        for source in self._merged(node, path):
            for key, key_node, value_node in self._own(source, path):
                if key not in data:
                    self._document.keys[*path, key] = _position(key_node)
                    data[key] = self.read(value_node, (*path, key))
        return data

    def _own(self, node: MappingNode, path: Path) -> Iterator[tuple[str, ScalarNode, Node]]:
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._complain(key_node, path, "has a list or a mapping for a key; a key is a word")
            elif not _is_merge(key_node):
                yield self._text(key_node, path), key_node, value_node

    def _merged(self, node: MappingNode, path: Path) -> Iterator[MappingNode]:
        """Yield what `<<` merges in, the nearest first: the first to name a key wins."""
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode) or not _is_merge(key_node):
                continue
            for source in value_node.value if isinstance(value_node, SequenceNode) else [value_node]:
                if not isinstance(source, MappingNode):
                    self._complain(
                        source, (*path, _MERGE), "must be an alias of a mapping, or a list of such"
                    )
                elif id(source) in self._open:
                    raise YamlError(_position(source), "an alias stands inside of what it repeats")
                else:
                    yield source
                    self._open.add(id(source))
                    yield from self._merged(source, path)
                    self._open.remove(id(source))

    def _text(self, node: ScalarNode, path: Path) -> str:
        text = str(node.value)
        try:
            # JSON writes characters beyond the first 65 536 as two escapes, which YAML does not join.
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self._complain(node, path, "holds half a character (a lone surrogate)")
            return text

    def _require_no_tag(self, node: Node, kind: str, path: Path) -> None:
        if str(node.tag) != f"{_CORE}{kind}":
            self._complain(node, path, f"has the tag {node.tag}, which means nothing here")

    def _complain(self, node: Node, path: Path, rule: str) -> None:
        self._document.mistakes.append(Mistake(_position(node), path, rule))


def _is_quoted(node: ScalarNode) -> bool:
    return bool(node.style)


def _is_merge(node: ScalarNode) -> bool:
    return node.value == _MERGE and not _is_quoted(node)


def _resolve(text: str) -> Any:
    """Resolve a plain scalar by YAML 1.2's core schema."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    for form, base in _INTEGERS:
        if form.fullmatch(text) and len(text) <= _LONGEST_INTEGER:
            return int(text, base)
    if _SPECIAL_FLOAT.fullmatch(text):
        return float(text.replace(".", ""))
    return float(text) if _FLOAT.fullmatch(text) else text


def _position(node: Node) -> Position:
    return Position(node.start_mark.line + 1, node.start_mark.column + 1)
