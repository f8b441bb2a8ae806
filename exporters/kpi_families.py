"""The catalogue's KPIs as metric families: a gauge a KPI and scope, and one for each of its bounds."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from prometheus_client.core import GaugeMetricFamily

from exporters.kpi_samples import KpiSamples, LabelLines, template_of
from models.core.columns import Ints
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
from models.readings.block_points import columns_of
from models.readings.blocks import Block
from models.scopes import LABELS, ScopeName
from models.statistics.gamma import Floats

_ALL_SIDES = (None, *SIDES, *ALWAYS_SIDES)


class _Gauges(NamedTuple):
    """A KPI at a scope: the samples of its values, and of its bounds at one look and at every look."""

    kpi: Kpi
    values: KpiSamples
    sides: tuple[KpiSamples, ...]


class Shown(NamedTuple):
    """What a family shows of a block: which lines, with which value of its own label, and their values."""

    samples: KpiSamples
    part: str
    lines: Ints
    values: Floats


class KpiFamilies:
    """Every family of the catalogue, filled block by block."""

    def __init__(self) -> None:
        self._families: list[GaugeMetricFamily] = []
        self._gauges: dict[ScopeName, list[_Gauges]] = {scope: [] for scope in LABELS}
        for kpi in KPIS:
            for scope in kpi.scopes:
                self._gauges[scope].append(self._open(scope, kpi))

    def __iter__(self) -> Iterator[GaugeMetricFamily]:
        return iter(self._families)

    def of(self, block: Block) -> Iterator[list[Shown]]:
        """Work out what is shown of a block, KPI by KPI; what is absent has no sample."""
        for kpi, values, sides in self._gauges[block.scope]:
            found: list[Shown] = []
            for part, lines, columns in columns_of(kpi, block):
                for samples, column in zip((values, *sides), columns, strict=True):
                    if column is not None:
                        here = ~np.isnan(column)
                        found.append(Shown(samples, part or "", lines[here], column[here]))
            yield found

    def add(self, block: Block, shown: Sequence[Shown]) -> None:
        """Add what is shown of a block."""
        labels = _labels_of(block)
        for samples, part, lines, values in shown:
            if len(lines):
                samples.add(labels, lines, part, values)

    def _open(self, scope: ScopeName, kpi: Kpi) -> _Gauges:
        template = template_of(label_names(scope, kpi), kpi.label)
        all_samples = [KpiSamples(metric_name(scope, kpi, side), template) for side in _ALL_SIDES]
        shown = (None, *sides_of(scope, kpi), *always_sides_of(scope, kpi))
        for side, samples in zip(_ALL_SIDES, all_samples, strict=True):
            if side in shown:
                self._show(kpi_metric(kpi, scope, side), samples)
        values, *sides = all_samples
        return _Gauges(kpi, values, tuple(sides))

    def _show(self, metric: Metric, samples: KpiSamples) -> None:
        family = GaugeMetricFamily(metric.name, metric.help, labels=metric.labels)
        family.samples = samples  # type: ignore[assignment]  # whoever writes them only iterates
        self._families.append(family)


def _labels_of(block: Block) -> LabelLines:
    ids = zip(*(key.ids for key in block.keys), strict=True)
    named = dict(zip(LABELS[block.scope], ids, strict=True))
    return LabelLines({**named, "window": block.windows, "currency": block.currencies})
