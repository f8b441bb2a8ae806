"""What a worker's page says of one campaign, found by KPI, scope and window."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from commands.metrics_page import Sample
from models.kpis.concerns import Concern
from models.kpis.kpi import Kpi
from models.metrics.campaign_metrics import ABOUT, CONCERN_VERDICT, INFO, VERDICT, VERDICTS
from models.metrics.kpi_metrics import ALWAYS_SIDES, SIDES, Side, every_kpi_metric, metric_name
from models.metrics.metric import Metric
from models.scopes import LABELS, ScopeKey, ScopeName
from models.windows import WindowName

Parts = Mapping[tuple[str, ...], float]
Key = tuple[str, ScopeKey, WindowName | None]
"""A metric's name, what it is shown for, and its window."""

_METRICS: dict[str, tuple[ScopeName, Metric]] = {
    **{found.metric.name: (found.scope, found.metric) for found in every_kpi_metric()},
    **{metric.name: ("campaign", metric) for metric in (*ABOUT, *VERDICTS)},
}


class Figure(NamedTuple):
    """A KPI's value and its bounds; None where there is none."""

    value: float | None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """One campaign: what is declared of it, and its series by metric, scope and window.

    Series that differ only in labels such as `kind` are held together, by the values of those labels.
    `whole` is false where only the series of campaign scope were read.
    """

    id: str
    name: str
    owner: str
    currency: str
    status: str
    series: Mapping[Key, Parts]
    whole: bool

    @property
    def scope(self) -> ScopeKey:
        """The scope key of the campaign itself."""
        return ScopeKey("campaign", (self.id,))

    def parts(self, kpi: Kpi, scope: ScopeKey, window: WindowName) -> Parts:
        """Return a KPI's values by its label; of a KPI without a label, the one value."""
        shown = window if kpi.windowed else None
        return self.series.get((metric_name(scope.name, kpi), scope, shown), {})

    def total(self, kpi: Kpi, scope: ScopeKey, window: WindowName) -> float | None:
        """Add up a KPI's values: kinds of one count, never reach or money."""
        parts = self.parts(kpi, scope, window)
        return sum(parts.values()) if parts else None

    def figure(self, kpi: Kpi, scope: ScopeKey, window: WindowName) -> Figure:
        """Return a KPI's value and bounds; the bounds of parts are not those of their sum."""
        value = self.total(kpi, scope, window)
        if kpi.label is not None:
            return Figure(value)
        return Figure(value, *self._sides(kpi, scope, window, SIDES))

    def likely(self, kpi: Kpi, window: WindowName) -> Figure:
        """Return a KPI's value and the bounds that hold at every look, of the campaign as a whole."""
        value = self.total(kpi, self.scope, window)
        return Figure(value, *self._sides(kpi, self.scope, window, ALWAYS_SIDES))

    def verdict(self, kpi: Kpi, window: WindowName) -> float | None:
        """Return the verdict on a KPI with a threshold: 1, 0 or -1."""
        if kpi.threshold is None:
            return None
        return self.series.get((VERDICT.name, self.scope, window), {}).get((kpi.threshold.name,))

    def concern(self, name: Concern) -> float | None:
        """Return the verdict on a concern: 1, 0 or -1."""
        return self.declared(CONCERN_VERDICT, name)

    def _sides(
        self, kpi: Kpi, scope: ScopeKey, window: WindowName, sides: Iterable[Side]
    ) -> Iterator[float | None]:
        shown = window if kpi.windowed else None
        for side in sides:
            yield self.series.get((metric_name(scope.name, kpi, side), scope, shown), {}).get(())

    def declared(self, metric: Metric, *labels: str) -> float | None:
        """Return a figure of the campaign file, such as a threshold, by its labels' values."""
        return self.series.get((metric.name, self.scope, None), {}).get(labels)

    def scopes(self, name: ScopeName) -> list[ScopeKey]:
        """List the campaign's keys of a scope."""
        return sorted({scope for _, scope, _ in self.series if scope.name == name})


def campaign_pages(samples: Iterable[Sample], whole: str | None = None) -> dict[str, CampaignPage]:
    """Sort a page's samples by campaign; `whole` names the campaign of which every series was read."""
    series: defaultdict[str, defaultdict[Key, dict[tuple[str, ...], float]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    about: dict[str, Mapping[str, str]] = {}
    for sample in samples:
        if sample.name == INFO.name:
            about[sample.labels["campaign"]] = sample.labels
        elif sample.name in _METRICS:
            key, parts = _placed(sample, *_METRICS[sample.name])
            series[key[1].ids[0]][key][parts] = sample.value
    return {
        campaign: CampaignPage(
            campaign, labels["name"], labels["owner"], labels["currency"], labels["status"],
            series[campaign], campaign == whole,
        )
        for campaign, labels in about.items()
    }  # fmt: skip


def _placed(sample: Sample, scope: ScopeName, metric: Metric) -> tuple[Key, tuple[str, ...]]:
    """Return where a sample is kept, and the values of the labels that tell it from others there."""
    ids = tuple(sample.labels[label] for label in LABELS[scope])
    other = {*LABELS[scope], "window", "currency"}
    parts = tuple(
        sample.labels[label] for label in metric.labels if label not in other and label in sample.labels
    )
    return (metric.name, ScopeKey(scope, ids), sample.labels.get("window")), parts
