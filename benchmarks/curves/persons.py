"""How memory depends on how many people there are.

The same number of events is of more and more people; counted are the sums of the campaigns' distinct people.
"""

from collections.abc import Sequence
from functools import partial

from benchmarks.curves.curve import Scene, options, report, rows, scene, sizes
from benchmarks.peers.data import Data, prepare
from benchmarks.peers.ours import run_ours
from benchmarks.peers.run import Run
from benchmarks.peers.work import Shape
from benchmarks.turns import in_turns, say

_SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
_HEAD = (
    "persons",
    "CPU an event, ÷ that at {}",
    "rate, ÷ that at {}",
    "µs CPU an event",
    "counted",
    "MB",
    "bytes more each",
)


def main() -> None:
    """Measure, print and, if told so, write."""
    arguments = options("persons", __doc__, _SIZES, events=2_000_000).parse_args()
    with scene() as found:
        data = {f"{size:,}": _prepare(found, size, arguments.events) for size in sizes(arguments)}
        runs = in_turns(arguments.rounds, {name: partial(_run, found, one) for name, one in data.items()})
    first = next(iter(runs))
    base = min(run.megabytes for run in runs[first] if run)

    def more(name: str, done: Sequence[Run]) -> list[str]:
        held = min(run.megabytes for run in done)
        counted, fewest = (sum(data[one].truth.people.values()) for one in (name, first))
        each = f"{(held - base) * 1e6 / (counted - fewest):.0f}" if counted > fewest else "–"
        return [f"{counted:,.0f}", f"{held:.0f}", each]

    report("persons", [column.format(first) for column in _HEAD], rows(runs, first, more), "", arguments)


def _prepare(found: Scene, persons: int, events: int) -> Data:
    return prepare(found.stage, f"persons-{persons}.", events, say, Shape(persons=persons))


def _run(found: Scene, data: Data, name: str) -> Run:
    return run_ours(found.stage, data, found.place(f"{data.prefix}{name}"))


if __name__ == "__main__":
    main()
