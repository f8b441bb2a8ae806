"""Compare ways to read events: the derived decoder, the pydantic models, and JSON without any rule."""

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import itemgetter
from random import Random

from benchmarks.records import Record, machine, record
from models.core.records import records_of
from models.events.batch import Batch
from models.events.decoding import decode
from models.events.leaf_index import LeafFacts, LeafIndex
from models.events.parsing import parse_event
from models.events.structs import leaf_rules
from models.topics import topic_of


def main() -> None:
    """Read the same batch in each way, in turns; print microseconds an event and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    # By type, as topics give them.
    batch = sorted(record(Random(seed)) for seed in range(arguments.events))
    times: dict[str, list[float]] = {name: [] for name in _WAYS}
    for _ in range(arguments.rounds):
        for name, read in _WAYS.items():
            times[name].append(_measure(read, batch))
    _report(batch, times)


def _derived(batch: Sequence[Record]) -> None:
    leaves = LeafIndex(leaf_rules(), lambda _: LeafFacts(0, 0, 0, 0), bytes(16))
    for event_type, records in groupby(batch, key=itemgetter(0)):
        values = [value for _, value in records]
        read = decode(
            Batch(topic_of(event_type), 0, records_of(values, range(len(values)), [0] * len(values))), leaves
        )
        if read.refused:
            raise SystemExit(f"an event of the benchmark is refused: {read.refused[0]}")


def _models(batch: Sequence[Record]) -> None:
    for event_type, value in batch:
        parse_event(event_type, value)


def _without_rules(batch: Sequence[Record]) -> None:
    for _, value in batch:
        json.loads(value)


_WAYS: dict[str, Callable[[Sequence[Record]], None]] = {
    "derived (decode)": _derived,
    "models (parse_event)": _models,
    "json.loads, no rules": _without_rules,
}


def _measure(read: Callable[[Sequence[Record]], None], batch: Sequence[Record]) -> float:
    """Return the CPU time: others may use the machine."""
    started = time.process_time()
    read(batch)
    return (time.process_time() - started) / len(batch) * 1e6


def _report(batch: Sequence[Record], times: dict[str, list[float]]) -> None:
    size = statistics.mean(len(value) for _, value in batch)
    print(f"{len(batch)} events of {size:.0f} bytes, Python {platform.python_version()}, {machine()}")
    print(f"{'':24}{'µs/event':>10}{'least':>8}{'× derived':>12}")
    own = next(iter(times.values()))
    for name, rounds in times.items():
        ratio = statistics.median(one / other for one, other in zip(rounds, own, strict=True))
        print(f"{name:24}{statistics.median(rounds):10.2f}{min(rounds):8.2f}{ratio:12.1f}")


if __name__ == "__main__":
    main()
