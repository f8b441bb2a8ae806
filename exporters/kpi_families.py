"""The catalogue's KPIs as metric families: a gauge a KPI and scope, and one for each of its bounds."""

from collections.abc import Iterator
from typing import Literal

from prometheus_client.core import GaugeMetricFamily

from models.campaigns import Campaign
from models.catalogue import BOUNDED_SCOPES, KPIS, Kpi
from models.leaf import LABELS, ScopeName
from models.points import points
from models.reading import Reading

Side = Literal["lower", "upper"]
SIDES: tuple[Side, ...] = ("lower", "upper")


class KpiFamilies:
    """Every family of the catalogue, filled reading by reading."""

    def __init__(self) -> None:
        self._families = {
            (scope, kpi.id, side): _family(scope, kpi, side)
            for kpi in KPIS
            for scope in kpi.scopes
            for side in (None, *sides_of(scope, kpi))
        }

    def __iter__(self) -> Iterator[GaugeMetricFamily]:
        return iter(self._families.values())

    def add(self, reading: Reading, campaign: Campaign) -> None:
        """Add what a reading of a campaign shows; what is absent has no sample."""
        for kpi in KPIS:
            labels = _labels(kpi, reading, campaign)
            for part, value, bounds in points(kpi, reading):
                own = labels if part is None else [*labels, part]
                self._add(reading, kpi, None, own, value)
                self._add(reading, kpi, "lower", own, bounds.lower)
                self._add(reading, kpi, "upper", own, bounds.upper)

    def _add(
        self, reading: Reading, kpi: Kpi, side: Side | None, labels: list[str], value: float | None
    ) -> None:
        if value is not None:
            self._families[reading.scope.name, kpi.id, side].add_metric(labels, value)


def metric_name(scope: ScopeName, kpi: Kpi, side: Side | None = None) -> str:
    """Name a KPI's metric at a scope, or that of one of its bounds."""
    return f"kpi_{scope}_{kpi.id}" + (f"_{side}" if side else "")


def label_names(scope: ScopeName, kpi: Kpi) -> list[str]:
    """List the labels of a KPI's metric at a scope, and of its bounds."""
    labels = [*LABELS[scope], *(["window"] if kpi.windowed else [])]
    if kpi.unit == "money":
        labels.append("currency")
    return [*labels, kpi.label] if kpi.label else labels


def sides_of(scope: ScopeName, kpi: Kpi) -> tuple[Side, ...]:
    """List the bounds that a KPI has at a scope."""
    return SIDES if kpi.bounds is not None and scope in BOUNDED_SCOPES else ()


def _family(scope: ScopeName, kpi: Kpi, side: Side | None) -> GaugeMetricFamily:
    text = f"{kpi.english} by {scope}: {kpi.definition} ({kpi.formula})"
    if side is not None and kpi.bounds is not None:
        text = f"{kpi.english} by {scope}, {side} 95 % bound: {kpi.bounds.method}"
    return GaugeMetricFamily(metric_name(scope, kpi, side), text, labels=label_names(scope, kpi))


def _labels(kpi: Kpi, reading: Reading, campaign: Campaign) -> list[str]:
    labels = [*reading.scope.ids, *([reading.window] if kpi.windowed else [])]
    return [*labels, campaign.currency] if kpi.unit == "money" else labels
