"""What a second worker adds: one and two, not pinned, on the same events.

A machine of two cores cannot tell: the broker takes its share of them.
"""

from functools import partial

from benchmarks.curves.curve import Scene, options, report, rows, scene, sizes
from benchmarks.peers.data import Data, prepare
from benchmarks.peers.run import Run
from benchmarks.runs import Committed, measure, workers
from benchmarks.turns import in_turns, say

_HEAD = ("workers", "CPU an event, ÷ that of {}", "rate, ÷ that of {}", "µs CPU an event", "MB")


def main() -> None:
    """Measure, print and, if told so, write."""
    arguments = options("workers", __doc__, (1, 2), events=2_000_000).parse_args()
    with scene() as found:
        data = prepare(found.stage, "workers.", arguments.events, say)
        runs = in_turns(
            arguments.rounds, {str(size): partial(_run, found, data, size) for size in sizes(arguments)}
        )
    first = next(iter(runs))
    table = rows(runs, first, lambda _, done: [f"{max(run.megabytes for run in done):.0f}"])
    note = "From the first records that are durable to the last."
    report("workers", [column.format(first) for column in _HEAD], table, note, arguments)


def _run(found: Scene, data: Data, number: int, name: str) -> Run:
    group = f"workers-{name}"
    with workers(data.environment, group, cores=(None,) * number) as running:
        took = measure(running, Committed(found.stage, data.prefix, group), data.records)
    return Run(took.events, took.wall, took.cpu, 0.0, 0.0, took.megabytes)


if __name__ == "__main__":
    main()
