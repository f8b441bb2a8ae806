"""The pipeline's health as metric families, shown whatever state the partitions are in."""

import platform
from collections.abc import Iterator, Mapping
from itertools import accumulate

from prometheus_client.core import HistogramMetricFamily
from prometheus_client.core import Metric as PrometheusMetric

from exporters.families import Family, family_of, gauge
from models.authenticity.memory import TABLES
from models.metrics import pipeline_metrics as metrics
from models.metrics.metric import Metric
from models.readings.pipeline import Histogram, Pipeline
from models.scopes import ScopeName, other_leaf
from models.sentiment.asking import WHY_UNRATED
from models.state.shard_states import ShardStates
from models.tally import OUTCOMES, Tally, by_suffix, merge
from models.topics import FORWARDED, INPUT_TOPICS


def collect_pipeline(
    pipeline: Pipeline, dropped: Mapping[ScopeName, int], version: str
) -> Iterator[PrometheusMetric]:
    """Return every family of the pipeline's own health; `dropped` counts the series left out by scope."""
    yield from _outcomes(pipeline)
    yield from _texts(pipeline)
    yield _by_source(metrics.CONSUMER_LAG, pipeline.lag)
    yield _by_source(metrics.OPEN_TRANSACTION, pipeline.held_back)
    yield _freshness(pipeline.freshness)
    yield _durable(pipeline)
    yield _partitions(pipeline)
    yield gauge(metrics.HALTED, int(pipeline.halted))
    yield gauge(metrics.DUPLICATE_HORIZON, pipeline.duplicate_horizon)
    yield gauge(metrics.AUTHENTICITY_BYTES, pipeline.states.judge_octets())
    if pipeline.registry_loaded is not None:
        yield gauge(metrics.REGISTRY_LOADED, pipeline.registry_loaded)
    yield _unreadable(pipeline)
    yield _leaves(pipeline.states)
    yield _leaves_capped(pipeline.states)
    yield _holes(pipeline.holes)
    yield _series_dropped(dropped)
    yield _build_info(version)


def _outcomes(pipeline: Pipeline) -> Iterator[Family]:
    if pipeline.ledger is None:
        return
    events, letters = family_of(metrics.EVENTS), family_of(metrics.DEAD_LETTERS)
    ignored, forgotten = family_of(metrics.IGNORED_FIELDS), family_of(metrics.AUTHENTICITY_EVICTED)
    others = {
        "late": family_of(metrics.LATE_EVENTS),
        "forwarded": family_of(metrics.FORWARDED_EVENTS),
        "lost": family_of(metrics.LOST_RECORDS),
    }
    for topic in INPUT_TOPICS:
        tally: Tally = dict(pipeline.ledger.get(topic, {}))
        for outcome in OUTCOMES:
            events.add_metric([topic, outcome], tally.get(f"outcome:{outcome}", 0))
        for reason, count in by_suffix(tally, "refused").items():
            letters.add_metric([topic, reason], count)
        for name, count in by_suffix(tally, "ignored").items():
            ignored.add_metric([topic, name], count)
        for name, family in others.items():
            family.add_metric([topic], tally.get(name, 0))
    evicted = by_suffix(merge(pipeline.ledger.values()), "evicted")
    for table in TABLES:
        forgotten.add_metric([table], evicted.get(table, 0))
    others["lost"].add_metric([FORWARDED], pipeline.ledger.get(FORWARDED, {}).get("lost", 0))
    yield from (events, letters, ignored, forgotten, *others.values())


def _texts(pipeline: Pipeline) -> Iterator[Family]:
    if pipeline.rating is None:
        return
    if pipeline.ledger is not None:
        told = merge(pipeline.ledger.values())
        read, unrated = family_of(metrics.READ_TEXTS), family_of(metrics.UNRATED_TEXTS)
        models = merge({name.partition("|")[2]: count} for name, count in by_suffix(told, "read").items())
        for model, count in sorted(models.items()):
            read.add_metric([model], count)
        for reason in WHY_UNRATED:
            unrated.add_metric([reason], told.get(f"unrated:{reason}", 0))
        yield from (read, unrated)
    yield gauge(metrics.TEXTS_WAITING, pipeline.rating.waiting)
    starts, rates = family_of(metrics.RATER_STARTS), family_of(metrics.SENTIMENT_MODEL)
    starts.add_metric([], pipeline.rating.starts)
    if pipeline.rating.model:
        rates.add_metric([pipeline.rating.model], 1)
    otherwise = family_of(metrics.RATED_OTHERWISE)
    for campaign in pipeline.rating.otherwise:
        otherwise.add_metric([campaign], 1)
    yield from (starts, rates, otherwise)


def _by_source(metric: Metric, figures: Mapping[tuple[str, int], float]) -> Family:
    family = family_of(metric)
    for (topic, partition), figure in sorted(figures.items()):
        family.add_metric([topic, str(partition)], figure)
    return family


def _freshness(histogram: Histogram) -> PrometheusMetric:
    bounds = [*(str(bound) for bound in histogram.bounds), "+Inf"]
    buckets = list(zip(bounds, accumulate(histogram.counts), strict=True))
    metric = metrics.FRESHNESS
    return HistogramMetricFamily(metric.name, metric.help, buckets=buckets, sum_value=histogram.total)


def _durable(pipeline: Pipeline) -> Family:
    family = family_of(metrics.DURABLE)
    for partition, moment in sorted(pipeline.durable.items()):
        family.add_metric([str(partition)], moment)
    return family


def _partitions(pipeline: Pipeline) -> Family:
    family = family_of(metrics.PARTITIONS)
    for state, count in pipeline.partitions.items():
        family.add_metric([state], count)
    return family


def _unreadable(pipeline: Pipeline) -> Family:
    family = family_of(metrics.REGISTRY_UNREADABLE)
    for one in pipeline.registry.unreadable:
        family.add_metric([one.entry], 1)
    return family


def _leaves(states: ShardStates) -> Family:
    family = family_of(metrics.LEAVES)
    for campaign, count in sorted(states.leaf_counts().items()):
        family.add_metric([campaign], count)
    return family


def _leaves_capped(states: ShardStates) -> Family:
    family = family_of(metrics.LEAVES_CAPPED)
    for campaign in sorted(states.leaf_counts()):
        state = states.of(campaign)
        if state is not None and state.is_leaf(other_leaf(campaign)):
            family.add_metric([campaign], 1)
    return family


def _holes(holes: int) -> Family:
    family = family_of(metrics.FORWARDING_HOLES)
    family.add_metric([], holes)
    return family


def _series_dropped(dropped: Mapping[ScopeName, int]) -> Family:
    family = family_of(metrics.SERIES_DROPPED)
    for scope, count in dropped.items():
        family.add_metric([scope], count)
    return family


def _build_info(version: str) -> Family:
    family = family_of(metrics.BUILD_INFO)
    family.add_metric([version, platform.python_version()], 1)
    return family
