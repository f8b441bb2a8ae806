"""The pipeline's health as metric families, shown whatever state the partitions are in."""

import platform
from collections.abc import Iterator, Mapping
from itertools import accumulate

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from models.admission.outcomes import OUTCOMES
from models.readings.pipeline import Histogram, Pipeline
from models.scopes import Leaf, ScopeName
from models.state.leaves import OTHER
from models.state.shard_states import ShardStates
from models.tally import Tally, by_suffix
from models.topics import FORWARDED, INPUT_TOPICS


def collect_pipeline(pipeline: Pipeline, dropped: Mapping[ScopeName, int], version: str) -> Iterator[Metric]:
    """Give every family of the pipeline's own health; `dropped` counts the series left out by scope."""
    yield from _outcomes(pipeline)
    yield _lag(pipeline)
    yield _freshness(pipeline.freshness)
    yield _durable(pipeline)
    yield _partitions(pipeline)
    yield _gauge("duplicate_horizon_seconds", "How far back duplicates are recognised now",
                 pipeline.duplicate_horizon)  # fmt: skip
    if pipeline.registry_loaded is not None:
        yield _gauge("registry_loaded_timestamp_seconds", "When the campaign registry was last seen whole",
                     pipeline.registry_loaded)  # fmt: skip
    yield _leaves(pipeline.folds)
    yield _leaves_capped(pipeline.folds)
    yield _holes(pipeline.holes)
    yield _series_dropped(dropped)
    yield _build_info(version)


def _outcomes(pipeline: Pipeline) -> Iterator[Metric]:
    if pipeline.ledger is None:
        return
    events = _counter("events", "Records by what became of them", "topic", "outcome")
    letters = _counter("dead_letters", "Records refused, by reason", "topic", "reason")
    late = _counter("late_events", "Events that arrived more than 24 h after they happened", "topic")
    forwarded = _counter("forwarded_events", "Events sent on to the partition of their campaign", "topic")
    lost = _counter("lost_records", "Records that retention took before they were read", "topic")
    for topic in INPUT_TOPICS:
        tally: Tally = dict(pipeline.ledger.get(topic, {}))
        for outcome in OUTCOMES:
            events.add_metric([topic, outcome], tally.get(f"outcome:{outcome}", 0))
        for reason, count in by_suffix(tally, "refused").items():
            letters.add_metric([topic, reason], count)
        late.add_metric([topic], tally.get("late", 0))
        forwarded.add_metric([topic], tally.get("forwarded", 0))
        lost.add_metric([topic], tally.get("lost", 0))
    lost.add_metric([FORWARDED], pipeline.ledger.get(FORWARDED, {}).get("lost", 0))
    yield from (events, letters, late, forwarded, lost)


def _lag(pipeline: Pipeline) -> Metric:
    family = _gauges("consumer_lag_records", "Records not applied yet, by the broker's end offset",
                     "topic", "partition")  # fmt: skip
    for (topic, partition), records in sorted(pipeline.lag.items()):
        family.add_metric([topic, str(partition)], records)
    return family


def _freshness(histogram: Histogram) -> Metric:
    bounds = [*(str(bound) for bound in histogram.bounds), "+Inf"]
    buckets = list(zip(bounds, accumulate(histogram.counts), strict=True))
    return HistogramMetricFamily(
        "kpi_pipeline_freshness_seconds",
        "From a record's arrival at the broker until the gauges show it",
        buckets=buckets,
        sum_value=histogram.total,
    )


def _durable(pipeline: Pipeline) -> Metric:
    family = _gauges("durable_timestamp_seconds", "When the partition's state was last stored", "partition")
    for partition, moment in sorted(pipeline.durable.items()):
        family.add_metric([str(partition)], moment)
    return family


def _partitions(pipeline: Pipeline) -> Metric:
    family = _gauges("partitions", "Partitions held, by state", "state")
    for state, count in pipeline.partitions.items():
        family.add_metric([state], count)
    return family


def _leaves(folds: ShardStates) -> Metric:
    family = _gauges("leaves", "Distinct influencer, content and channel of a campaign", "campaign")
    for campaign, count in sorted(folds.leaf_counts().items()):
        family.add_metric([campaign], count)
    return family


def _leaves_capped(folds: ShardStates) -> Metric:
    text = f"1 for each campaign that reached KPIS_MAX_LEAVES: what came after counts under `{OTHER}`"
    family = _gauges("leaves_capped", text, "campaign")
    for campaign in sorted(folds.leaf_counts()):
        fold = folds.of(campaign)
        if fold is not None and Leaf(campaign, OTHER, OTHER, OTHER) in fold.leaves_of(campaign):
            family.add_metric([campaign], 1)
    return family


def _holes(holes: int) -> Metric:
    family = _counter("forwarding_holes", "Gaps in what was forwarded: events are missing")
    family.add_metric([], holes)
    return family


def _series_dropped(dropped: Mapping[ScopeName, int]) -> Metric:
    text = "KPI series left out of the page to hold it to KPIS_MAX_SERIES, the least active first"
    family = _gauges("series_dropped", text, "scope")
    for scope, count in dropped.items():
        family.add_metric([scope], count)
    return family


def _build_info(version: str) -> Metric:
    family = _gauges("build_info", "1, with the versions that run", "version", "python")
    family.add_metric([version, platform.python_version()], 1)
    return family


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"kpi_pipeline_{name}", text, value=value)


def _gauges(name: str, text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"kpi_pipeline_{name}", text, labels=labels)


def _counter(name: str, text: str, *labels: str) -> CounterMetricFamily:
    return CounterMetricFamily(f"kpi_pipeline_{name}", text, labels=labels)
