"""Tables: a row for each thing shown, a query for each column."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from string import ascii_uppercase

from grafana_foundation_sdk.builders import table
from grafana_foundation_sdk.builders.common import TableSortByFieldState
from grafana_foundation_sdk.models.dashboard import (
    DataTransformerConfig,
    DynamicConfigValue,
    ValueMap,
    ValueMappingResult,
)

from monitoring.dashboards.panels import (
    NOTHING,
    PLAIN,
    SOURCE,
    Colours,
    Frame,
    Texts,
    as_table,
    in_words,
    steps,
)
from monitoring.dashboards.units import Unit

LETTERS = [*ascii_uppercase, *(f"A{letter}" for letter in ascii_uppercase)]


@dataclass(frozen=True)
class Column:
    """A column of numbers: one query, joined to the others by the labels that they share."""

    title: str
    expression: str
    unit: Unit
    colours: Colours = ()
    texts: Texts = field(default_factory=dict)

    def narrowed(self, narrowing: str) -> "Column":
        """Keep fewer rows, by PromQL that follows the expression."""
        return replace(self, expression=self.expression + narrowing)


@dataclass(frozen=True)
class Label:
    """A column that is a label; `link` leads on from its cells, `texts` put values into words."""

    name: str
    title: str
    link: str = ""
    link_title: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)


def rows(
    frame: Frame,
    labels: Sequence[Label],
    columns: Sequence[Column],
    highest_first: str | None = None,
    about: str | None = None,
) -> table.Panel:
    """Lay out a table of labels and numbers.

    `about` is a query of labels alone: its value is not shown.
    """
    panel = (
        table.Panel()
        .title(frame.title).description(frame.meaning).datasource(SOURCE)
        .span(frame.width).height(frame.height)
        .unit(frame.unit.name).no_value(NOTHING).filterable(True)
        .thresholds(steps([(None, PLAIN)]))
    )  # fmt: skip
    if highest_first:
        panel = panel.sort_by([TableSortByFieldState().display_name(highest_first).desc(True)])
    expressions = [*([about] if about else []), *(column.expression for column in columns)]
    for letter, expression in zip(LETTERS, expressions, strict=False):
        panel = panel.with_target(as_table(letter, expression))
    for transformation in _joined(labels, columns, about):
        panel = panel.with_transformation(transformation)
    for column, properties in _overrides(labels, columns):
        panel = panel.override_by_name(column, properties)
    return panel


def _joined(
    labels: Sequence[Label], columns: Sequence[Column], about: str | None
) -> Iterator[DataTransformerConfig]:
    """Join the queries' rows, name and order what is shown, and hide the rest."""
    values = [f"Value #{letter}" for letter in LETTERS] if len(columns) + bool(about) > 1 else ["Value"]
    hidden = ["Time", *(values[:1] if about else [])]
    names = {label.name: label.title for label in labels}
    names |= {value: column.title for value, column in zip(values[bool(about) :], columns, strict=False)}
    yield DataTransformerConfig("merge", options={})
    yield DataTransformerConfig(
        "organize",
        options={
            "excludeByName": dict.fromkeys(hidden, True),
            "indexByName": {name: place for place, name in enumerate(names)},
            "renameByName": names,
        },
    )


def _overrides(
    labels: Sequence[Label], columns: Sequence[Column]
) -> Iterator[tuple[str, list[DynamicConfigValue]]]:
    for label in labels:
        if properties := _of_label(label):
            yield label.title, properties
    for column in columns:
        yield column.title, _of_column(column)


def _of_label(label: Label) -> list[DynamicConfigValue]:
    properties = []
    if label.link:
        links = [{"title": label.link_title, "url": label.link}]
        properties.append(DynamicConfigValue("links", links))
    if label.texts:
        options = {value: ValueMappingResult(text=shown) for value, shown in label.texts.items()}
        properties.append(DynamicConfigValue("mappings", [ValueMap(options)]))
    return properties


def _of_column(column: Column) -> list[DynamicConfigValue]:
    properties = [DynamicConfigValue("unit", column.unit.name)]
    if column.unit.decimals is not None:
        properties.append(DynamicConfigValue("decimals", column.unit.decimals))
    if column.colours:
        properties.append(DynamicConfigValue("thresholds", steps(column.colours).build()))
    if column.texts:
        properties.append(DynamicConfigValue("mappings", [in_words(column.texts)]))
    if column.colours or column.texts:
        properties.append(DynamicConfigValue("custom.cellOptions", {"type": "color-text"}))
    return properties
