"""The samples of one KPI family, cheap to gather and to write by the ten thousand.

prometheus_client's Sample holds its labels in a dict of its own, which is sorted and escaped each time that
it is written: on a page of 200 000 series that took longer than all formulas together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import compress
from typing import overload

from prometheus_client.samples import Sample
from prometheus_client.utils import floatToGoString

from models.scopes import ScopeKey

_PLAIN = 1e6
"""Below it Go writes a float as Python does."""


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """How a family writes labels: the names that it takes, sorted, and the KPI's own label, if it has one.

    That one's value is left open: `head` is what comes before it, `tail` what comes after.
    """

    names: tuple[str, ...]
    own: str | None
    head: str
    tail: str


@dataclass(slots=True, eq=False)
class LabelSet:
    """Labels that many samples have in common: as they are, and written as a template says."""

    scope: ScopeKey
    labels: Mapping[str, str]
    head: str
    tail: str


class LabelSets:
    """One scope and window, whose labels are written once for each template."""

    def __init__(self, scope: ScopeKey, labels: Mapping[str, str]) -> None:
        self._scope = scope
        self._labels = labels
        self._escaped = {name: escape(value) for name, value in labels.items()}
        self._written: dict[Template, LabelSet] = {}

    def of(self, template: Template) -> LabelSet:
        """Return the labels as a template writes them."""
        label_set = self._written.get(template)
        if label_set is None:
            head, tail = template.head % self._escaped, template.tail % self._escaped
            label_set = self._written[template] = LabelSet(self._scope, self._labels, head, tail)
        return label_set


class KpiSamples(Sequence[Sample]):
    """The samples of one family; as a sequence, what prometheus_client would hold of them.

    Held in columns, for a tuple a sample would keep the garbage collector busy: the label sets, the values of
    the KPI's own label (empty without one) and the samples' values.
    """

    def __init__(self, name: str, template: Template) -> None:
        self.label_sets: list[LabelSet] = []
        self._parts: list[str] = []
        self._values: list[float] = []
        self._name = name
        self._template = template

    def add(self, label_set: LabelSet, part: str, value: float) -> None:
        """Add a sample."""
        self.label_sets.append(label_set)
        self._parts.append(part)
        self._values.append(value)

    def drop(self, scopes: frozenset[ScopeKey]) -> None:
        """Leave out what belongs to some scopes."""
        stay = [label_set.scope not in scopes for label_set in self.label_sets]
        self.label_sets = list(compress(self.label_sets, stay))
        self._parts = list(compress(self._parts, stay))
        self._values = list(compress(self._values, stay))

    def text(self) -> str:
        """Write a line a sample, in what Prometheus text and OpenMetrics have in common."""
        name = self._name
        lines = [
            f"{name}{label_set.head}{escape(part)}{label_set.tail} {_go_string(value)}\n"
            for label_set, part, value in zip(self.label_sets, self._parts, self._values, strict=True)
        ]
        return "".join(lines)

    def __len__(self) -> int:
        return len(self.label_sets)

    def __iter__(self) -> Iterator[Sample]:
        names, own = self._template.names, self._template.own
        for label_set, part, value in zip(self.label_sets, self._parts, self._values, strict=True):
            labels = {name: label_set.labels[name] for name in names}
            yield Sample(self._name, labels if own is None else {**labels, own: part}, value)

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
    written = [f'{name}="%({name})s"' for name in common]
    if own is None:
        return Template(common, own, "{" + ",".join(written) + "}", "")
    before = sum(name < own for name in common)
    head = ",".join([*written[:before], f'{own}="'])
    return Template(common, own, "{" + head, ",".join(['"', *written[before:]]) + "}")


@lru_cache(maxsize=4096)
def escape(value: str) -> str:
    """Escape a label's value."""
    return value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


def _go_string(value: float) -> str:
    if -_PLAIN < value < _PLAIN:
        return repr(float(value))
    return floatToGoString(value)  # type: ignore[no-untyped-call,no-any-return]  # has no types
