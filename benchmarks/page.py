"""Render a large page: ours, and what prometheus_client writes of the same samples held as its own.

That one is given its samples for nothing: formulas, bounds and windows are not in its time.
"""

import argparse
import gc
import platform
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from benchmarks.records import CAMPAIGNS, machine, record
from benchmarks.shard_state import ARRIVAL
from exporters.collector import KpiCollector
from exporters.exposition import negotiate
from models.campaigns.campaign import Campaign
from models.campaigns.registry import Registry
from models.core.records import records_of
from models.events.batch import Batch
from models.readings.pipeline import Histogram, Pipeline
from models.state.shard_state import ShardState
from models.state.shard_states import only
from models.topics import topic_of


def main() -> None:
    """Render pages in turns; print milliseconds, the least and the median, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    pipeline = pipeline_of(arguments.events)
    ours = KpiCollector(lambda: pipeline, lambda: ARRIVAL, "benchmark")
    encode, _ = negotiate("text/plain")
    families = [_copied(family) for family in ours.collect()]
    theirs = CollectorRegistry(auto_describe=False)
    theirs.register(_Given(families))
    gc.freeze()
    ways: dict[str, Callable[[], Any]] = {
        "ours, formulas included": lambda: b"".join(encode(ours)),
        "prometheus_client, samples given": lambda: generate_latest(theirs),
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(arguments.rounds):
        for name, way in ways.items():
            took[name].append(_measure(way))
    _report(took, sum(len(family.samples) for family in families))


class _Given(Collector):
    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        return iter(self._families)


def pipeline_of(events: int, campaigns: int = CAMPAIGNS) -> Pipeline:
    """Count events of some campaigns."""
    known = Registry(campaigns={f"campaign-{number}": _campaign(number) for number in range(campaigns)})
    state = ShardState(
        known, key=bytes(16), assume_consent=False, duplicate_ids=20_000_000, max_leaves=20_000
    )
    state.expire(ARRIVAL)
    random = Random(2)
    values: defaultdict[str, list[bytes]] = defaultdict(list)
    for _ in range(events):
        event_type, value = record(random, campaigns=campaigns)
        values[topic_of(event_type)].append(value)
    for topic, sent in values.items():
        state.apply(Batch(topic, 0, records_of(sent, range(len(sent)), [ARRIVAL] * len(sent))))
    return Pipeline(
        states=only(state),
        registry=known,
        ledger=only(state).ledger(),
        lag={},
        durable={},
        partitions={"live": 1, "recovering": 0},
        freshness=Histogram(),
        duplicate_horizon=3600.0,
        registry_loaded=0.0,
        max_series=1_000_000,
        holes=0,
    )


def _campaign(number: int) -> Campaign:
    names = [f"influencer-{number}-{who}" for who in range(11)]
    return Campaign.model_validate(
        {
            "id": f"campaign-{number}",
            "name": f"Campaign {number}",
            "starts": "2026-11-01T00:00:00Z",
            "ends": "2026-12-01T00:00:00Z",
            "currency": "EUR",
            "budget": 100_000,
            "costs": [{"influencer": name, "flat_fee": 1000, "cpm": 2, "cpa": 1} for name in names],
            "target": {"size": 1_000_000, "audience": {"country": ["FR"]}},
        }
    )


def _copied(family: Metric) -> Metric:
    copy = GaugeMetricFamily(family.name, family.documentation)
    copy.type, copy.samples = family.type, list(family.samples)
    return copy


def _measure(way: Callable[[], Any]) -> float:
    started = time.process_time()
    way()
    return time.process_time() - started


def _report(took: dict[str, list[float]], series: int) -> None:
    print(f"{machine()}, Python {platform.python_version()}; {CAMPAIGNS} campaigns, {series} series")
    first = min(next(iter(took.values())))
    for name, seconds in took.items():
        middle = sorted(seconds)[len(seconds) // 2]
        least = min(seconds)
        each = least / series * 1e6
        print(
            f"{name:34} least {least * 1e3:6.0f} ms, median {middle * 1e3:6.0f} ms, "
            f"{each:.2f} µs a series, × {least / first:.1f}"
        )


if __name__ == "__main__":
    main()
