"""Plain data from YAML 1.2 (core schema), with the position of every value and key.

ruamel's safe loader scans, composes and constructs; here stand the core schema, positions and bounds.
docs/decisions/0010-yaml-with-positions.md says why.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.resolver import VersionedResolver

from models.campaigns.yaml_tabs import TabScanner

Path = tuple[str | int, ...]

_MOST_REPEATED = 50_000
_DEEPEST = 100
_CORE = "tag:yaml.org,2002:"
_TEXT = f"{_CORE}str"
_MERGE = f"{_CORE}merge"
# Python converts no longer text to an integer; and no field takes one.
_FORMS = {
    f"{_CORE}null": re.compile(r"(~|null|Null|NULL|)\Z"),
    f"{_CORE}bool": re.compile(r"(true|True|TRUE|false|False|FALSE)\Z"),
    f"{_CORE}int": re.compile(r"([-+]?[0-9]{1,400}|0o[0-7]{1,400}|0x[0-9a-fA-F]{1,400})\Z"),
    f"{_CORE}float": re.compile(
        r"([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\Z"
    ),
    _MERGE: re.compile(r"<<\Z"),
}
_RESOLVED = list(_FORMS.items())
# A comment as people write it has a space after its sign; without one, it was likely meant as text.
_SWALLOWED = re.compile(r"(?:[ \t]*:)?[ \t]+(#[^\s#].*)")

_TAB_INDENTS = re.compile(r"[ -]*\t")
# To YAML 1.2 they are text, to ruamel and YAML 1.1 line breaks; nobody sees one and means it.
_LINE_SEPARATOR = re.compile("[\x85\u2028\u2029]")


class Position(NamedTuple):
    """Line and column, both from 1."""

    line: int
    column: int


class Mistake(NamedTuple):
    """What is wrong in a document, or surely not what was meant, and where."""

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
    """A document's data, where each value and key stands, and what YAML allows but we do not.

    `written` is the text of each value that is no list or mapping: `0042`, where the data is 42.
    """

    data: Any = None
    values: dict[Path, Position] = field(default_factory=dict)
    keys: dict[Path, Position] = field(default_factory=dict)
    written: dict[Path, str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[Mistake] = field(default_factory=list)

    def position_of(self, path: Path) -> Position:
        """Return the position of a value, or of the nearest value around it."""
        while path not in self.values and path:
            path = path[:-1]
        return self.values.get(path, Position(1, 1))


class _CoreSchema(VersionedResolver):
    """What a plain scalar is in YAML 1.2's core schema: NO, 12:30, 1_000 and times are text."""

    @property
    def versioned_resolver(self) -> dict[None, list[tuple[str, re.Pattern[str]]]]:
        """The forms that a plain scalar is compared with, whatever its first character."""
        return {None: _RESOLVED}

    @property
    def processing_version(self) -> tuple[int, int]:
        """The version that numbers are read by, whatever a directive says."""
        return (1, 2)


def read_yaml(text: str) -> YamlDocument:
    """Read one document by the core schema (NO and times are plain text), with aliases and merge keys.

    Raises:
        YamlError: the text is not YAML, has several documents, or nests or repeats without bound.

    """
    document = YamlDocument()
    yaml = YAML(typ="safe", pure=True)
    yaml.Resolver = _CoreSchema
    yaml.Scanner = TabScanner
    yaml.max_depth = _DEEPEST
    node = _compose(yaml, text)
    if node is not None:
        _Check(document, text).check(node, ())
        document.data = yaml.constructor.construct_document(node)
        _place(document, node, ())
    return document


def is_number(text: str) -> bool:
    """Return whether a plain scalar of this text is a number in YAML 1.2's core schema."""
    return any(_FORMS[f"{_CORE}{kind}"].match(text) for kind in ("int", "float"))


def _compose(yaml: YAML, text: str) -> Node | None:
    separator = _LINE_SEPARATOR.search(text)
    if separator:
        name = f"U+{ord(separator[0]):04X}"
        rule = f"holds a line separator that editors hide ({name}): break the line, or leave it out"
        raise YamlError(_position_at(text, separator.start()), rule)
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
        raise YamlError(position, _explain(error, text, position)) from None
    except AssertionError:
        # ruamel asserts that a directive names 1.1 or 1.2: it says so in no error of its own.
        at = _position_at(text, max(text.find("%YAML"), 0))
        raise YamlError(at, "declares a version of YAML that is not read here: 1.2 and 1.1 are") from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise YamlError(Position(1, 1), f"is not YAML: {error}") from None


def _explain(error: MarkedYAMLError, text: str, position: Position) -> str:
    problem = str(error.problem or error.context)
    line = "".join(text.splitlines()[position.line - 1 : position.line])
    if "'\\t'" in problem or ("not allowed here" in problem and _TAB_INDENTS.match(line)):
        return "is not YAML: a tab indents here; indent with spaces"
    if "maximum depth" in problem:
        return f"nests deeper than {_DEEPEST} levels"
    if "another document" in problem:
        return "a second document begins here; put everything into one"
    return f"is not YAML: {problem}" + (f" ({error.context})" if error.problem and error.context else "")


def _position_at(text: str, index: int) -> Position:
    before = text[:index]
    return Position(before.count("\n") + 1, index - before.rfind("\n"))


class _Check:
    """Makes nodes fit to be constructed: what would not be plain data becomes a mistake and goes."""

    def __init__(self, document: YamlDocument, text: str) -> None:
        self._document = document
        self._text = text
        self._open: set[int] = set()
        self._seen: set[int] = set()
        self._repeated = 0

    def check(self, node: Node, path: Path) -> None:
        """Check a node and what is in it; an alias counts again wherever it is used."""
        if id(node) in self._open:
            raise YamlError(_position(node), "an alias stands inside of what it repeats")
        is_new = id(node) not in self._seen
        self._repeated += not is_new
        if self._repeated > _MOST_REPEATED:
            raise YamlError(
                _position(node), f"is one of more than {_MOST_REPEATED:,} values that aliases repeat"
            )
        self._seen.add(id(node))
        self._open.add(id(node))
        if isinstance(node, MappingNode):
            if is_new:
                self._require_tag(node, path, "map")
                node.value = list(self._pairs(node, path))
            for key, value in node.value:
                self.check(value, (*path, key.value))
        elif isinstance(node, SequenceNode):
            if is_new:
                self._require_tag(node, path, "seq")
            for index, item in enumerate(node.value):
                self.check(item, (*path, index))
        elif is_new and isinstance(node, ScalarNode):
            self._check_scalar(node, path)
        self._open.remove(id(node))

    def _pairs(self, node: MappingNode, path: Path) -> Iterator[tuple[ScalarNode, Node]]:
        """Yield a mapping's pairs, their keys as text: what stands twice, once."""
        first: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._complain(key, path, "has a list or a mapping for a key; a key is a word")
                continue
            is_merge = key.tag == _MERGE
            text = self._joined(key, path)
            # A key may be an alias of a value, which stays as it is.
            copy = ScalarNode(_MERGE if is_merge else _TEXT, text, key.start_mark, key.end_mark, key.style)
            if text in first:
                rule = f"stands here a second time, after line {first[text]}"
                self._complain(key, (*path, text), rule)
            elif not is_merge or self._can_merge(value, (*path, text)):
                first[text] = _position(key).line
                if value.value == "":
                    # Where nothing stands, ruamel notes the place of what comes next.
                    self._warn_of_comment(key.end_mark.index, key, (*path, text))
                yield copy, value

    def _can_merge(self, node: Node, path: Path) -> bool:
        sources = node.value if isinstance(node, SequenceNode) else [node]
        wrong = [source for source in sources if not isinstance(source, MappingNode)]
        for source in wrong:
            self._complain(source, path, "must be an alias of a mapping, or a list of such")
        return not wrong

    def _check_scalar(self, node: ScalarNode, path: Path) -> None:
        if node.tag == _MERGE:
            node.tag = _TEXT
        form = _FORMS.get(str(node.tag))
        if form is not None and not form.match(node.value):
            self._complain(node, path, f"has the tag {node.tag}, and is none")
            node.tag = _TEXT
        elif form is None:
            self._require_tag(node, path, "str")
        if node.tag == _TEXT:
            node.value = self._joined(node, path)
        if not node.style and node.value:
            self._warn_of_comment(node.end_mark.index, node, path)

    def _warn_of_comment(self, after: int, node: Node, path: Path) -> None:
        if rest := _SWALLOWED.match(self._text, after):
            rule = f"what follows is a comment: {rest[1]}; if it belongs to the value, put quotes around both"
            self._document.warnings.append(Mistake(_position(node), path, rule))

    def _joined(self, node: ScalarNode, path: Path) -> str:
        text = str(node.value)
        try:
            # JSON writes characters beyond the first 65 536 as two escapes, which YAML does not join.
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self._complain(node, path, "holds half a character (a lone surrogate)")
            return text

    def _require_tag(self, node: Node, path: Path, kind: str) -> None:
        if node.tag != f"{_CORE}{kind}":
            self._complain(node, path, f"has the tag {node.tag}, which means nothing here")
            node.tag = f"{_CORE}{kind}"

    def _complain(self, node: Node, path: Path, rule: str) -> None:
        self._document.mistakes.append(Mistake(_position(node), path, rule))


def _place(document: YamlDocument, node: Node, path: Path) -> None:
    """Note where everything stands in a document that was constructed: its merges are resolved."""
    document.values[path] = _position(node)
    if isinstance(node, MappingNode):
        # Of a key that is merged in and stands here, too, the last one counts.
        for key, (key_node, value) in {key.value: (key, value) for key, value in node.value}.items():
            document.keys[*path, key] = _position(key_node)
            _place(document, value, (*path, key))
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            _place(document, item, (*path, index))
    else:
        document.written[path] = node.value


def _position(node: Node) -> Position:
    return Position(node.start_mark.line + 1, node.start_mark.column + 1)
