"""The samples of one KPI family, cheap to gather and to write by the ten thousand.

prometheus_client's Sample holds its labels in a dict of its own, which is sorted and escaped each time that
it is written: on a page of 200 000 series that took longer than all formulas together.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter
from typing import NamedTuple, overload

import msgspec
import numpy as np
from prometheus_client.samples import Sample
from prometheus_client.utils import floatToGoString

from models.core.columns import Ints
from models.statistics.gamma import Floats

_PLAIN = 1e6
"""Below it Go writes a float as Python does."""
_PLAIN_FROM = 1e-4
"""From here on nobody writes an exponent."""


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """How a family writes labels: the names that it takes, sorted, and the KPI's own label, if it has one.

    That one's value is left open: of the common names the first `before` come before it.
    """

    names: tuple[str, ...]
    own: str | None
    before: int


class Written(NamedTuple):
    """The labels of lines as a template writes them, then a space: before the own one's value, and after."""

    heads: Sequence[str]
    tails: Sequence[str]


class LabelLines:
    """The labels of many lines, a column a name, which are written once for each template."""

    def __init__(self, columns: Mapping[str, Sequence[str]]) -> None:
        self._columns = columns
        self._escaped: dict[str, Sequence[str]] = {}
        self._written: dict[Template, Written] = {}

    def of(self, template: Template) -> Written:
        """Return the labels as a template writes them."""
        written = self._written.get(template)
        if written is None:
            written = self._written[template] = self._write(template)
        return written

    def labels(self, names: Sequence[str], line: int) -> dict[str, str]:
        """Return some labels of a line."""
        return {name: self._columns[name][line] for name in names}

    def _write(self, template: Template) -> Written:
        columns = [self._escape(name) for name in template.names]
        if template.own is None:
            return Written(["{" + ",".join(line) + "} " for line in zip(*columns, strict=True)], ())
        own, length = f'{template.own}="', len(next(iter(self._columns.values())))
        before, after = columns[: template.before], columns[template.before :]
        # Repeated empty texts, where no name stands on a side.
        heads = zip(*before, [own] * length, strict=True)
        tails = zip(['"'] * length, *after, strict=True)
        return Written(["{" + ",".join(line) for line in heads], [",".join(line) + "} " for line in tails])

    def _escape(self, name: str) -> Sequence[str]:
        if name not in self._escaped:
            self._escaped[name] = [f'{name}="{escape(value)}"' for value in self._columns[name]]
        return self._escaped[name]


class _Chunk(NamedTuple):
    """Samples that differ in line and value alone."""

    labels: LabelLines
    lines: Ints
    part: str
    values: Floats


class KpiSamples(Sequence[Sample]):
    """The samples of one family; as a sequence, what prometheus_client would hold of them.

    Held in columns, for a tuple a sample would keep the garbage collector busy.
    """

    def __init__(self, name: str, template: Template) -> None:
        self._name = name
        self._template = template
        self._chunks: list[_Chunk] = []

    def add(self, labels: LabelLines, lines: Ints, part: str, values: Floats) -> None:
        """Add samples with the labels of lines and the value `part` of the own label, empty without one."""
        self._chunks.append(_Chunk(labels, lines, part, values))

    def texts(self) -> Iterator[str]:
        """Write a line a sample, in what Prometheus text and OpenMetrics have in common; in parts."""
        return map(self._text_of, self._chunks)

    def _text_of(self, chunk: _Chunk) -> str:
        heads, tails = chunk.labels.of(self._template)
        take = _taker(chunk.lines)
        if self._template.own is None:
            columns = [take(heads), _go_strings(chunk.values)]
        else:
            columns = [take(heads), [escape(chunk.part)] * len(chunk.lines), take(tails)]
            columns.append(_go_strings(chunk.values))
        return _lines_of(self._name, columns)

    def __len__(self) -> int:
        return sum(len(chunk.lines) for chunk in self._chunks)

    def __iter__(self) -> Iterator[Sample]:
        names, own = self._template.names, self._template.own
        for labels, lines, part, values in self._chunks:
            for line, value in zip(lines.tolist(), values.tolist(), strict=True):
                found = labels.labels(names, line)
                yield Sample(self._name, found if own is None else {**found, own: part}, value)

    @overload
    def __getitem__(self, index: int) -> Sample: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Sample]: ...
    def __getitem__(self, index: int | slice) -> Sample | Sequence[Sample]:
        return list(self)[index]


@cache
def template_of(names: tuple[str, ...], own: str | None) -> Template:
    """Lay out labels, once for all families that have them; `own` is the KPI's own, one of them."""
    common = tuple(sorted(name for name in names if name != own))
    return Template(common, own, sum(own is not None and name < own for name in common))


@lru_cache(maxsize=4096)
def escape(value: str) -> str:
    """Escape a label's value."""
    return value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


def _taker(lines: Ints) -> Callable[[Sequence[str]], Sequence[str]]:
    """Return what takes the texts of some lines, at least one."""
    if len(lines) == 1:
        return lambda texts: [texts[lines[0]]]
    return itemgetter(*lines.tolist())


def _lines_of(name: str, columns: Sequence[Sequence[str]]) -> str:
    """Write a line for each entry of the columns: the name, and what stands in them.

    All texts go in one list that is joined once: 21 ns a line, 53 where each line is formatted.
    """
    width, length = len(columns) + 1, len(columns[0])
    texts = ["\n" + name] * (width * length)
    for place, column in enumerate(columns, 1):
        texts[place::width] = column
    return "".join(texts)[1:] + "\n"


def _go_strings(values: Floats) -> Sequence[str]:
    """Write numbers as Go does, none of them NaN.

    In the range of all but a few columns msgspec writes what Python and Go do, in a quarter of their time.
    """
    sizes = np.abs(values)
    if np.all((sizes < _PLAIN) & ((sizes >= _PLAIN_FROM) | (sizes == 0))):
        return msgspec.json.encode(values.tolist()).decode()[1:-1].split(",")
    return [_go_string(value) for value in values.tolist()]


def _go_string(value: float) -> str:
    if -_PLAIN < value < _PLAIN:
        return repr(value)
    return floatToGoString(value)  # type: ignore[no-untyped-call,no-any-return]  # has no types
