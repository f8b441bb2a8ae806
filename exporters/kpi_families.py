"""The catalogue's KPIs as metric families: a gauge a KPI and scope, and one for each of its bounds."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from prometheus_client.core import GaugeMetricFamily

from exporters.kpi_samples import KpiSamples, LabelSets, Template, template_of
from exporters.series_budget import DROPPABLE, Entry, left_out
from models.campaigns.campaign import Campaign
from models.kpis import formulas
from models.kpis.catalogue import KPIS
from models.kpis.kpi import Kpi
from models.metrics.kpi_metrics import (
    ALWAYS_SIDES,
    SIDES,
    always_sides_of,
    kpi_metric,
    label_names,
    metric_name,
    sides_of,
)
from models.metrics.metric import Metric
from models.readings.points import points
from models.readings.scope_reading import Reading
from models.scopes import LABELS, ScopeKey, ScopeName
from models.windows import FLIGHT

_ALL_SIDES = (None, *SIDES, *ALWAYS_SIDES)


class _Gauges(NamedTuple):
    """A KPI at a scope: the samples of its values, and of its bounds at one look and at every look."""

    kpi: Kpi
    template: Template
    values: KpiSamples
    sides: tuple[KpiSamples, ...]


class KpiFamilies:
    """Every family of the catalogue, filled reading by reading."""

    def __init__(self) -> None:
        self._families: list[GaugeMetricFamily] = []
        self._samples: list[KpiSamples] = []
        self._gauges: dict[ScopeName, list[_Gauges]] = {scope: [] for scope in LABELS}
        self._activity: dict[ScopeKey, float] = {}
        for kpi in KPIS:
            for scope in kpi.scopes:
                self._gauges[scope].append(self._open(scope, kpi))

    def __iter__(self) -> Iterator[GaugeMetricFamily]:
        return iter(self._families)

    def add(self, reading: Reading, campaign: Campaign) -> None:
        """Add what a reading of a campaign shows; what is absent has no sample."""
        label_sets = _label_sets(reading, campaign)
        for kpi, template, values, sides in self._gauges[reading.scope.name]:
            label_set = label_sets.of(template)
            for part, value, bounds, always in points(kpi, reading):
                if value is not None:
                    values.add(label_set, part or "", value)
                for samples, bound in zip(sides, (*bounds, *always), strict=True):
                    if bound is not None:
                        samples.add(label_set, part or "", bound)
        if reading.window == FLIGHT:
            self._activity[reading.scope] = formulas.activity(reading.figures)

    def hold_to(self, budget: int) -> dict[ScopeName, int]:
        """Leave out what is beyond a budget of series, the least active first; count that by scope."""
        dropped: dict[ScopeName, int] = dict.fromkeys(DROPPABLE, 0)
        if sum(map(len, self._samples)) <= budget:
            return dropped
        chosen = left_out(self._entries(), budget)
        for entry in chosen:
            dropped[entry.scope.name] += entry.series
        scopes = frozenset(entry.scope for entry in chosen)
        for samples in self._samples:
            samples.drop(scopes)
        return dropped

    def _open(self, scope: ScopeName, kpi: Kpi) -> _Gauges:
        template = template_of(label_names(scope, kpi), kpi.label)
        all_samples = [KpiSamples(metric_name(scope, kpi, side), template) for side in _ALL_SIDES]
        shown = (None, *sides_of(scope, kpi), *always_sides_of(scope, kpi))
        for side, samples in zip(_ALL_SIDES, all_samples, strict=True):
            if side in shown:
                self._show(kpi_metric(kpi, scope, side), samples)
        values, *sides = all_samples
        return _Gauges(kpi, template, values, tuple(sides))

    def _show(self, metric: Metric, samples: KpiSamples) -> None:
        family = GaugeMetricFamily(metric.name, metric.help, labels=metric.labels)
        family.samples = samples  # type: ignore[assignment]  # whoever writes them only iterates
        self._families.append(family)
        self._samples.append(samples)

    def _entries(self) -> list[Entry]:
        series: Counter[ScopeKey] = Counter()
        for label_set, count in Counter(chain.from_iterable(one.label_sets for one in self._samples)).items():
            series[label_set.scope] += count
        return [Entry(scope, count, self._activity.get(scope, 0)) for scope, count in series.items()]


def _label_sets(reading: Reading, campaign: Campaign) -> LabelSets:
    ids = zip(LABELS[reading.scope.name], reading.scope.ids, strict=True)
    return LabelSets(reading.scope, {**dict(ids), "window": reading.window, "currency": campaign.currency})
