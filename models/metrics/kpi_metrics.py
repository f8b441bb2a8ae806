"""The metrics of the catalogue's KPIs: a gauge a KPI and scope, and one for each of its bounds."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from models.kpis.catalogue import KPIS
from models.kpis.kpi import Kpi
from models.metrics.metric import PREFIX, Metric
from models.scopes import LABELS, ScopeName

Side = Literal["lower", "upper", "always_lower", "always_upper"]
SIDES: tuple[Side, ...] = ("lower", "upper")
"""The 95 % bounds of one look."""
ALWAYS_SIDES: tuple[Side, ...] = ("always_lower", "always_upper")
"""The bounds that hold at every look at once, which verdicts are made from."""


@dataclass(frozen=True, slots=True)
class KpiMetric:
    """The gauge of a KPI at a scope, or of one of its bounds."""

    kpi: Kpi
    scope: ScopeName
    side: Side | None
    metric: Metric


def kpi_metric(kpi: Kpi, scope: ScopeName, side: Side | None = None) -> Metric:
    """Return the gauge of a KPI at a scope, or that of one of its bounds."""
    return Metric(metric_name(scope, kpi, side), "gauge", _help(kpi, scope, side), label_names(scope, kpi))


def metric_name(scope: ScopeName, kpi: Kpi, side: Side | None = None) -> str:
    """Name the gauge of a KPI at a scope, or that of one of its bounds."""
    return f"{PREFIX}_{scope}_{kpi.id}" + (f"_{side}" if side else "")


def label_names(scope: ScopeName, kpi: Kpi) -> tuple[str, ...]:
    """List the labels of a KPI's gauge at a scope, and of its bounds."""
    window = ("window",) if kpi.windowed else ()
    currency = ("currency",) if kpi.unit == "money" else ()
    return (*LABELS[scope], *window, *currency, *((kpi.label,) if kpi.label else ()))


def sides_of(scope: ScopeName, kpi: Kpi) -> tuple[Side, ...]:
    """List the bounds that a KPI has at a scope."""
    return SIDES if kpi.is_bounded(scope) else ()


def always_sides_of(scope: ScopeName, kpi: Kpi) -> tuple[Side, ...]:
    """List the bounds for all times at once that a KPI has at a scope: those that thresholds judge."""
    return ALWAYS_SIDES if scope == "campaign" and kpi.threshold is not None else ()


def every_kpi_metric() -> Iterator[KpiMetric]:
    """List every gauge of the catalogue, each KPI's value before its bounds."""
    for kpi in KPIS:
        for scope in kpi.scopes:
            for side in (None, *sides_of(scope, kpi), *always_sides_of(scope, kpi)):
                yield KpiMetric(kpi, scope, side, kpi_metric(kpi, scope, side))


def _help(kpi: Kpi, scope: ScopeName, side: Side | None) -> str:
    if side in ALWAYS_SIDES:
        which = side.removeprefix("always_")
        return f"{kpi.name.english} by {scope}, {which} bound for every look at once (docs/confidence.md)"
    if side is not None and kpi.bounds is not None:
        return (
            f"{kpi.name.english} by {scope}, {side} {kpi.bounds.percent} % bound: {kpi.bounds.method.english}"
        )
    return f"{kpi.name.english} by {scope}: {kpi.meaning.english} ({kpi.formula.english})"
