"""How the cost of an event depends on the number of leaves: influencer, content, channel and format.

The same number of events is spread evenly over more and more leaves of 50 campaigns. The first half fills
the state, the second is measured. Memory is compared with that at the first size: all else in it is the same.
"""

from collections.abc import Sequence
from functools import partial

from benchmarks.curves.curve import Scene, options, report, rows, scene, sizes
from benchmarks.peers.data import Data, prepare
from benchmarks.peers.ours import run_ours
from benchmarks.peers.run import Run
from benchmarks.peers.work import Shape
from benchmarks.records import CAMPAIGNS
from benchmarks.turns import in_turns, say

_SIZES = (2_000, 100, 10_000, 100_000, 500_000, 1_000_000)
_HEAD = ("leaves", "CPU an event, ÷ that at {}", "rate, ÷ that at {}", "µs CPU an event", "MB", "kB a leaf")


def main() -> None:
    """Measure, print and, if told so, write."""
    arguments = options("leaves", __doc__, _SIZES, events=4_000_000).parse_args()
    with scene() as found:
        data = {size: _prepare(found, size, arguments.events) for size in sizes(arguments)}
        runs = in_turns(
            arguments.rounds,
            {f"{size:,}": partial(_run, found, size, one) for size, one in data.items()},
        )
    first = next(iter(runs))
    base = min(run.megabytes for run in runs[first] if run)

    def more(name: str, done: Sequence[Run]) -> list[str]:
        held = min(run.megabytes for run in done)
        leaves = int(name.replace(",", "")) - int(first.replace(",", ""))
        return [f"{held:.0f}", f"{(held - base) * 1000 / leaves:.2f}" if leaves > 0 else "–"]

    head = [column.format(first) for column in _HEAD]
    note = "Evenly over all leaves; the second half is measured."
    report("leaves", head, rows(runs, first, more), note, arguments)


def shape_of(leaves: int) -> Shape:
    """Return the shape with about so many leaves, in all campaigns."""
    contents = 2 if leaves < CAMPAIGNS * 4 else 4
    return Shape(influencers=max(1, leaves // (CAMPAIGNS * contents)), contents=contents, even=True)


def _prepare(found: Scene, leaves: int, events: int) -> Data:
    return prepare(found.stage, f"leaves-{leaves}.", events, say, shape_of(leaves))


def _run(found: Scene, leaves: int, data: Data, name: str) -> Run:
    place = found.place(f"leaves-{leaves}-{name}")
    settings = {"KPIS_MAX_LEAVES": str(max(20_000, leaves))}
    return run_ours(found.stage, data, place, after=data.records // 2, settings=settings, check=False)


if __name__ == "__main__":
    main()
