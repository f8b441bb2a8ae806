"""Panels: curves with their band and threshold, numbers of now, and tables that join queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from grafana_foundation_sdk.builders import common, stat, text, timeseries
from grafana_foundation_sdk.builders.dashboard import ThresholdsConfig
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.models.common import (
    BigValueColorMode,
    BigValueGraphMode,
    BigValueTextMode,
    DataSourceRef,
    LegendDisplayMode,
    LegendPlacement,
    SortOrder,
    TooltipDisplayMode,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import (
    DynamicConfigValue,
    Threshold,
    ThresholdsMode,
    ValueMap,
    ValueMappingResult,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat
from grafana_foundation_sdk.models.text import TextMode

from monitoring.dashboards.units import Unit

SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")
NOTHING = "–"
GREEN, ORANGE, RED, PLAIN = "green", "orange", "red", "text"
Colours = Sequence[tuple[float | None, str]]
Texts = Mapping[int, tuple[str, str]]
OF_SHARES: Colours = ((None, PLAIN), (1.000001, ORANGE))
"""A share of more than all is marked."""
OF_BUDGET: Colours = ((None, PLAIN), (1.000001, RED))
"""That more is spent than the budget is no forecast."""


@dataclass(frozen=True)
class Query:
    """A query and what its series are called."""

    expression: str
    legend: str = ""


@dataclass(frozen=True)
class Frame:
    """What every panel has: its title, the sentence that says what it means, unit and size."""

    title: str
    meaning: str
    unit: Unit
    width: int = 8
    height: int = 7


def reading_help(sentence: str) -> text.Panel:
    """Show how to read the page at its top."""
    return text.Panel().mode(TextMode.MARKDOWN).content(sentence).transparent(True).span(24).height(2)


def curves(frame: Frame, queries: Sequence[Query]) -> timeseries.Panel:
    """Draw series over the time range."""
    panel = (
        timeseries.Panel()
        .title(frame.title).description(frame.meaning).datasource(SOURCE)
        .span(frame.width).height(frame.height)
        .unit(frame.unit.name).no_value(NOTHING)
        .line_width(2).fill_opacity(0).span_nulls(False)
        .thresholds(steps([(None, PLAIN)]))
        .legend(
            common.VizLegendOptions()
            .display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM).show_legend(True)
        )
        .tooltip(common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI).sort(SortOrder.DESCENDING))
    )  # fmt: skip
    if frame.unit.decimals is not None:
        panel = panel.decimals(frame.unit.decimals)
    for letter, query in zip(ascii_uppercase, queries, strict=False):
        panel = panel.with_target(ranged(letter, query))
    return panel


def band(panel: timeseries.Panel, lower: str, lower_name: str, upper: str) -> timeseries.Panel:
    """Fill between two of a panel's queries, by their letters."""
    edge = [DynamicConfigValue("custom.lineWidth", 0), _fixed(PLAIN)]
    filled = [
        DynamicConfigValue("custom.fillBelowTo", lower_name),
        DynamicConfigValue("custom.fillOpacity", 15),
    ]
    return panel.override_by_query(lower, edge).override_by_query(upper, [*edge, *filled])


def limit_line(panel: timeseries.Panel, letter: str) -> timeseries.Panel:
    """Draw one of a panel's queries as a threshold."""
    dashed = {"fill": "dash", "dash": [10, 10]}
    return panel.override_by_query(letter, [_fixed(RED), DynamicConfigValue("custom.lineStyle", dashed)])


def numbers(frame: Frame, queries: Sequence[Query], colours: Colours = ((None, PLAIN),)) -> stat.Panel:
    """Show the numbers of now, each with its name; one that is absent is not shown."""
    panel = (
        stat.Panel()
        .title(frame.title).description(frame.meaning).datasource(SOURCE)
        .span(frame.width).height(frame.height)
        .unit(frame.unit.name).no_value(NOTHING)
        .text_mode(BigValueTextMode.VALUE_AND_NAME).graph_mode(BigValueGraphMode.NONE)
        .color_mode(BigValueColorMode.VALUE).orientation(VizOrientation.AUTO)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]).values(False).fields(""))
        .thresholds(steps(colours))
    )  # fmt: skip
    if frame.unit.decimals is not None:
        panel = panel.decimals(frame.unit.decimals)
    for letter, query in zip(ascii_uppercase, queries, strict=False):
        panel = panel.with_target(of_now(letter, query))
    return panel


def steps(colours: Colours) -> ThresholdsConfig:
    """Colour values from each limit on; the first limit is None."""
    ordered = [Threshold(value=limit, color=colour) for limit, colour in colours]
    return ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(ordered)


def in_words(texts: Texts) -> ValueMap:
    """Put states into coloured words."""
    return ValueMap(
        {str(state): ValueMappingResult(text=word, color=colour) for state, (word, colour) in texts.items()}
    )


def renamed(panel: timeseries.Panel, names: Mapping[str, str]) -> timeseries.Panel:
    """Show series under names of the page's language."""
    for name, shown in names.items():
        panel = panel.override_by_name(name, [DynamicConfigValue("displayName", shown)])
    return panel


def ranged(letter: str, query: Query) -> Dataquery:
    """Ask for a query over the time range."""
    return _query(letter, query).range()


def of_now(letter: str, query: Query) -> Dataquery:
    """Ask for a query at the end of the time range."""
    return _query(letter, query).instant()


def as_table(letter: str, expression: str) -> Dataquery:
    """Ask for a query at the end of the time range, its labels as columns."""
    return of_now(letter, Query(expression)).format(PromQueryFormat.TABLE)


def _query(letter: str, query: Query) -> Dataquery:
    asked = Dataquery().expr(query.expression).ref_id(letter).datasource(SOURCE)
    return asked.legend_format(query.legend or "__auto")


def _fixed(colour: str) -> DynamicConfigValue:
    return DynamicConfigValue("color", {"mode": "fixed", "fixedColor": colour})
