"""Compare ways to make counts of events: ours, pydantic with dicts, and plain dicts without a rule.

Ours reads, validates, knows duplicates and bots, counts columns, people, targets and orders for every scope
and window, and gathers what is to be stored. The others are what one would write first: a dict of counts and
a set of persons by campaign, influencer, content and channel, for the flight alone; one validates with the
pydantic models, one takes what json.loads returns. `--before` adds ours as it is in another checkout, in a
process of its own, batch by batch in turns.
"""

import argparse
import gc
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.records import CAMPAIGNS, machine, record
from models.campaigns.campaign import Campaign
from models.campaigns.registry import Registry
from models.core.records import records_of
from models.events.batch import Batch
from models.events.parsing import Refusal, parse_event
from models.state.shard_state import ShardState
from models.times import HOUR, parse_time
from models.topics import EventType, topic_of

ARRIVAL = parse_time("2026-11-10T12:00:00Z") + HOUR
OURS = "shard state"
Way = Callable[[EventType, Sequence[bytes]], None]
Timed = Callable[[EventType, Sequence[bytes]], float]
"""Counts a batch; returns the seconds of CPU that it took."""


def main() -> None:
    """Count the same batches in each way, in turns; print microseconds an event and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=4000)
    parser.add_argument("--batches", type=int, default=60, help="the first quarter warms up")
    parser.add_argument("--before", type=Path, help="the root of a checkout of an older release")
    parser.add_argument(
        "--in-turns", action="store_true", help="count ours alone, a batch for each line read"
    )
    arguments = parser.parse_args()
    batches = list(_batches(arguments.batch, arguments.batches))
    ours = _shard_state()
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)
    if arguments.in_turns:
        for batch, _ in zip(batches, sys.stdin, strict=False):
            print(_measure(ours, *batch), flush=True)
        return
    ways: dict[str, Timed] = {OURS: lambda *batch: _measure(ours, *batch)}
    if arguments.before:
        ways["ours before"] = _before(arguments.before, arguments.batch, arguments.batches)
    for name, read in (("pydantic and dicts", _by_model), ("json.loads and dicts", _by_json)):
        way = _dicts(read)
        ways[name] = lambda *batch, way=way: _measure(way, *batch)
    warm = arguments.batches // 4
    took: dict[str, defaultdict[EventType, list[float]]] = {name: defaultdict(list) for name in ways}
    known = set[EventType]()
    for number, (event_type, values) in enumerate(batches):
        for name, timed in ways.items():
            seconds = timed(event_type, values)
            # A type that comes for the first time may be compiled.
            if number >= warm and event_type in known:
                took[name][event_type].append(seconds / len(values) * 1e6)
        known.add(event_type)
    _report(took, arguments.batch)


def _before(root: Path, size: int, number: int) -> Timed:
    """Let a process count the same batches with the models of a checkout, one whenever it is asked."""
    command = [sys.executable, __file__, "--in-turns", "--batch", str(size), "--batches", str(number)]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    process: Any = subprocess.Popen(command, env=environment, cwd=root, **pipes)

    def count(*_: object) -> float:
        process.stdin.write("\n")
        process.stdin.flush()
        return float(process.stdout.readline())

    return count


def _batches(size: int, number: int) -> Iterator[tuple[EventType, list[bytes]]]:
    """Make batches of one type each, as partitions give them, in the mix of the records."""
    random = Random(1)
    waiting: defaultdict[EventType, list[bytes]] = defaultdict(list)
    while number:
        event_type, value = record(random)
        waiting[event_type].append(value)
        if len(waiting[event_type]) == size:
            yield event_type, waiting.pop(event_type)
            number -= 1


def _measure(way: Way, event_type: EventType, values: Sequence[bytes]) -> float:
    """Return the CPU time: others may use the machine."""
    started = time.process_time()
    way(event_type, values)
    return time.process_time() - started


def _shard_state() -> Way:
    state = ShardState(
        _registry(), key=bytes(16), assume_consent=False, duplicate_ids=20_000_000, max_leaves=20_000
    )
    state.expire(ARRIVAL)
    offsets: Counter[str] = Counter()

    def apply(event_type: EventType, values: Sequence[bytes]) -> None:
        topic, size = topic_of(event_type), len(values)
        places = range(offsets[topic], offsets[topic] + size)
        refused = state.apply(Batch(topic, 0, records_of(values, places, [ARRIVAL] * size))).refused
        offsets[topic] += size
        if refused:
            raise SystemExit(f"an event of the benchmark is refused: {refused[0]}")

    return apply


def _dicts(read: Callable[[EventType, bytes], dict[str, Any]]) -> Way:
    counts: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    persons: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)

    def count(event_type: EventType, values: Sequence[bytes]) -> None:
        for value in values:
            event = read(event_type, value)
            campaign, influencer = event["campaign_id"], event["influencer_id"]
            content, channel = event["content_id"], event["channel"]
            for scope in (
                (campaign,),
                (campaign, influencer),
                (campaign, influencer, content),
                (campaign, "", channel),
            ):
                counts[scope][event_type] += event.get("count", 1)
                if event_type == "impression" and event["consent"]:
                    persons[scope].add(event["person_id"])

    return count


def _by_json(_: EventType, value: bytes) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(value)
    return event


def _by_model(event_type: EventType, value: bytes) -> dict[str, Any]:
    event = parse_event(event_type, value)
    if isinstance(event, Refusal):
        raise SystemExit(f"an event of the benchmark is refused: {event}")
    return dict(event)


def _registry() -> Registry:
    return Registry(
        campaigns={
            name: Campaign.model_validate(
                {
                    "id": name,
                    "name": name,
                    "starts": "2026-11-01T00:00:00Z",
                    "ends": "2026-12-01T00:00:00Z",
                    "currency": "EUR",
                    "target": {"size": 1_000_000, "audience": {"country": ["FR"]}},
                }
            )
            for name in (f"campaign-{number}" for number in range(CAMPAIGNS))
        }
    )


def _report(took: dict[str, defaultdict[EventType, list[float]]], batch: int) -> None:
    """Print means over all types, and what they would be if every batch took what the quickest tenth do."""
    print(f"batches of {batch} events, Python {platform.python_version()}, {machine()}")
    print(f"{'':24}{'µs/event':>10}{'× ours':>10}{'undisturbed':>14}{'× ours':>10}")
    own = _figures(took[OURS])
    for name, times in took.items():
        columns = zip(_figures(times), own, (10, 14), strict=True)
        print(
            f"{name:24}" + "".join(f"{time:{width}.2f}{time / base:10.1f}" for time, base, width in columns)
        )
    for event_type, listed in took[OURS].items():
        print(f"  {event_type + 's':22}{statistics.mean(listed):10.2f}{_undisturbed(listed):24.2f}")


def _figures(times: dict[EventType, list[float]]) -> tuple[float, float]:
    """Return the mean, and what it would be undisturbed."""
    number = sum(map(len, times.values()))
    quick = sum(_undisturbed(listed) * len(listed) for listed in times.values())
    return sum(map(sum, times.values())) / number, quick / number


def _undisturbed(times: list[float]) -> float:
    return sorted(times)[len(times) // 10]


if __name__ == "__main__":
    main()
