"""The one collector, with a registry of its own: nothing is kept between scrapes."""

from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from exporters.campaign_metrics import collect_campaigns
from exporters.kpi_families import KpiFamilies
from exporters.pipeline_metrics import collect_pipeline
from models.readings.pipeline import Pipeline


class KpiCollector(Collector):
    """Compute every family at scrape time, from what `read` tells; `clock` gives microseconds.

    Of campaigns whose shard is not live here nothing is given but the pipeline's families: a half-recovered
    KPI would show a dip that never was.
    """

    def __init__(self, read: Callable[[], Pipeline], clock: Callable[[], int], version: str) -> None:
        self._read = read
        self._clock = clock
        self._version = version

    def collect(self) -> Iterator[Metric]:
        """Return all families that have samples."""
        pipeline = self._read()
        yield from (family for family in self._families(pipeline) if family.samples)

    def describe(self) -> Iterable[Metric]:
        """Describe nothing, so that registering does not collect."""
        return []

    def _families(self, pipeline: Pipeline) -> Iterator[Metric]:
        kpis = KpiFamilies()
        others: list[Metric] = []
        others += collect_campaigns(kpis, pipeline.states, pipeline.registry, self._clock())
        dropped = kpis.hold_to(pipeline.max_series)
        yield from kpis
        yield from others
        yield from collect_pipeline(pipeline, dropped, self._version)


def build_collector_registry(
    read: Callable[[], Pipeline], clock: Callable[[], int], version: str
) -> CollectorRegistry:
    """Build the registry that /metrics shows."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(KpiCollector(read, clock, version))
    return registry
