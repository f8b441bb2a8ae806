"""How the cost of an event depends on the number of records that its producer sends in one batch.

A producer sends at most a megabyte at once, which holds some 2 500 records.
"""

from functools import partial

from benchmarks.curves.curve import Scene, options, report, rows, scene, sizes
from benchmarks.peers.data import Data, prepare
from benchmarks.peers.ours import run_ours
from benchmarks.peers.run import Run
from benchmarks.stage import batches_of
from benchmarks.turns import in_turns, say

_SIZES = (1_000, 1, 10, 100, 2_500)
_HEAD = ("records a batch", "CPU an event, ÷ that at {}", "rate, ÷ that at {}", "µs CPU an event", "MB")


def main() -> None:
    """Measure, print and, if told so, write."""
    arguments = options("batches", __doc__, _SIZES, events=1_000_000).parse_args()
    with scene() as found:
        data = {f"{size:,}": _prepare(found, size, arguments.events) for size in sizes(arguments)}
        runs = in_turns(arguments.rounds, {name: partial(_run, found, one) for name, one in data.items()})
    first = next(iter(runs))
    table = rows(runs, first, lambda _, done: [f"{max(run.megabytes for run in done):.0f}"])
    report("batches", [column.format(first) for column in _HEAD], table, "lz4.", arguments)


def _prepare(found: Scene, size: int, events: int) -> Data:
    return prepare(found.stage, f"batch-{size}.", events, say, producer_of=batches_of(size))


def _run(found: Scene, data: Data, name: str) -> Run:
    return run_ours(found.stage, data, found.place(f"{data.prefix}{name}"))


if __name__ == "__main__":
    main()
