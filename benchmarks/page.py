"""Render a large page: ours, and what prometheus_client writes of the same samples held as its own.

That one is given its samples for nothing: formulas, bounds and windows are not in its time. Of ours it is
also measured how long a page keeps others waiting: the longest time between two turns of an event loop that
has nothing else to do, and the first step, in which all is read at one moment. All of it is CPU time.

With `--leaves` every campaign has as many leaves more, of influencers without costs, and the page has room
for as many series as it has by default.
"""

import argparse
import asyncio
import gc
import json
import platform
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import repeat
from random import Random
from typing import Any

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from benchmarks.records import CAMPAIGNS, machine, record
from benchmarks.shard_state import ARRIVAL
from exporters.collector import KpiCollector
from exporters.endpoint import written
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
    parser.add_argument("--campaigns", type=int, default=CAMPAIGNS)
    parser.add_argument("--leaves", type=int, default=0, help="how many more, of all campaigns")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    pipeline = pipeline_of(arguments.events, arguments.campaigns, arguments.leaves)
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
    held: dict[str, list[float]] = {"first step": [], "between two turns": []}
    for _ in range(arguments.rounds):
        for name, way in ways.items():
            took[name].append(_measure(way))
        held["first step"].append(_measure(lambda: next(iter(ours.steps()))))
        held["between two turns"].append(asyncio.run(_longest_wait(lambda: encode(ours))))
    campaigns = sum(map(bool, pipeline.states.leaf_counts().values()))
    series = sum(len(family.samples) for family in families)
    print(f"{machine()}, Python {platform.python_version()}; {campaigns} campaigns, {series} series")
    _report(took, series)
    for name, seconds in held.items():
        print(f"{name:34} least {min(seconds) * 1e3:6.0f} ms, most {max(seconds) * 1e3:8.0f} ms")


class _Given(Collector):
    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        return iter(self._families)


async def _longest_wait(write: Callable[[], Iterator[bytes]]) -> float:
    """Write a page as a worker does; return the longest CPU time for which nothing else had a turn."""
    page = asyncio.create_task(written(write, time.thread_time))
    longest, since = 0.0, time.thread_time()
    while not page.done():
        await asyncio.sleep(0)
        longest, since = max(longest, time.thread_time() - since), time.thread_time()
    return longest


def pipeline_of(events: int, campaigns: int = CAMPAIGNS, leaves: int = 0) -> Pipeline:
    """Count events of some campaigns, and an impression of each of so many leaves more."""
    known = Registry(campaigns={f"campaign-{number}": _campaign(number) for number in range(campaigns)})
    state = ShardState(
        known, key=bytes(16), assume_consent=False, duplicate_ids=20_000_000, max_leaves=1_000_000
    )
    state.expire(ARRIVAL)
    random = Random(2)
    values: defaultdict[str, list[bytes]] = defaultdict(list)
    for _ in range(events):
        event_type, value = record(random, campaigns=campaigns)
        values[topic_of(event_type)].append(value)
    values[topic_of("impression")] += map(_of_leaf, range(leaves), repeat(campaigns))
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
        max_series=200_000 if leaves else 1_000_000,
        holes=0,
    )


def _of_leaf(number: int, campaigns: int) -> bytes:
    """Make an impression of the next leaf: of campaign after campaign, content after content."""
    campaign, place = number % campaigns, number // campaigns
    influencer, content = divmod(place, 4)
    return json.dumps(
        {
            "type": "impression",
            "event_id": f"leaf-{number}",
            "event_time": "2026-11-10T12:59:00Z",
            "campaign_id": f"campaign-{campaign}",
            "influencer_id": f"influencer-{campaign}-{1000 + influencer}",
            "content_id": f"reel-{content}",
            "channel": ("instagram", "tiktok", "youtube")[content % 3],
            "person_id": f"person-{number}",
            "consent": True,
        }
    ).encode()


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
