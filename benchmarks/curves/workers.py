"""What a second worker adds: one and two on the same events, all cores free to all.

They are measured from when all are members of the group. A machine of two cores cannot tell by rate, for the
broker takes its share of them; there it is told by CPU: so many times as much two cores for themselves count.
"""

import os
import time
from collections.abc import Mapping
from functools import partial

from confluent_kafka import ConsumerGroupState
from confluent_kafka.admin import AdminClient

from benchmarks.curves.curve import (
    Scene,
    aimed,
    cpu_of_event,
    options,
    rate_of,
    ratios,
    report,
    rows,
    scene,
    sizes,
)  # fmt: skip
from benchmarks.peers.data import Data, prepare
from benchmarks.peers.run import Run
from benchmarks.peers.tables import Rounds
from benchmarks.peers.watching import EngineFailed
from benchmarks.runs import Committed, measure, workers
from benchmarks.turns import in_turns, say

_ENOUGH_CORES = 4
_JOIN_SECONDS = 120.0
_HEAD = ("workers", "CPU an event, ÷ that of {}", "rate, ÷ that of {}", "µs CPU an event", "MB")


def main() -> None:
    """Measure, print and, if told so, write."""
    arguments = options("workers", __doc__, (1, 2), events=5_000_000).parse_args()
    with scene() as found:
        data = prepare(found.stage, "workers.", arguments.events, say)
        runs = in_turns(
            arguments.rounds, {str(size): partial(_run, found, data, size) for size in sizes(arguments)}
        )
    first = next(iter(runs))
    table = rows(runs, first, lambda _, done: [f"{max(run.megabytes for run in done):.0f}"])
    note = "From when all are members of the group to the last record that is durable."
    report("workers", [column.format(first) for column in _HEAD], table, note, arguments, _aims(runs))


def _aims(runs: Mapping[str, Rounds]) -> list[str]:
    if not {"1", "2"} <= runs.keys():
        return []
    by_cpu = [2 * one for one in ratios(runs["1"], runs["2"], cpu_of_event)]
    by_rate = ratios(runs["2"], runs["1"], rate_of)
    if (os.cpu_count() or 1) >= _ENOUGH_CORES:
        return [aimed("two workers ÷ one, by rate", by_rate, at_least=1.8)]
    return [aimed("two workers ÷ one, by CPU an event, with a core each", by_cpu, at_least=1.8)]


def _run(found: Scene, data: Data, number: int, name: str) -> Run:
    group = f"workers-{name}"
    with workers(data.environment, group, cores=(None,) * number) as running:
        _await_members(found.stage.kafka, group, number)
        took = measure(running, Committed(found.stage, data.prefix, group), data.records)
    return Run(took.events, took.wall, took.cpu, 0.0, 0.0, took.megabytes)


def _await_members(kafka: str, group: str, number: int) -> None:
    """Wait until so many share the partitions: the first would else count alone what two are to count."""
    admin, ends = AdminClient({"bootstrap.servers": kafka}), time.monotonic() + _JOIN_SECONDS
    while time.monotonic() < ends:
        found = admin.describe_consumer_groups([group])[group].result()
        if found.state == ConsumerGroupState.STABLE and len(found.members) == number:
            return
        time.sleep(0.02)
    raise EngineFailed(f"{number} workers did not join within {_JOIN_SECONDS:.0f} s")


if __name__ == "__main__":
    main()
