"""How the cost of an event depends on the number of leaves: influencer, content, channel and format.

The same number of events is spread evenly over more and more leaves of 50 campaigns. The first half fills
the state, the second is measured. Memory is compared with that at the first size: all else in it is the same.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from benchmarks.curves.curve import (
    Scene,
    aimed,
    cpu_of_event,
    options,
    ratios,
    report,
    rows,
    scene,
    sizes,
)  # fmt: skip
from benchmarks.peers.data import Data, prepare
from benchmarks.peers.ours import run_ours
from benchmarks.peers.run import Run
from benchmarks.peers.tables import Rounds
from benchmarks.peers.work import Shape
from benchmarks.records import CAMPAIGNS
from benchmarks.turns import in_turns, say

_SIZES = (2_000, 100, 10_000, 100_000, 500_000, 1_000_000)
_MANY = "500,000"
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

    def more(name: str, done: Sequence[Run]) -> list[str]:
        own = _kilobytes_of_leaf(runs, first, name)
        return [f"{min(run.megabytes for run in done):.0f}", f"{own[0]:.2f}" if own else "–"]

    head = [column.format(first) for column in _HEAD]
    note = "Evenly over all leaves; the second half is measured."
    most = _MANY if _MANY in runs else list(runs)[-1]
    aims = [
        aimed(
            f"CPU an event at {most} leaves ÷ that at {first}",
            ratios(runs[most], runs[first], cpu_of_event),
            at_most=1.5,
        ),
        aimed(f"kB a leaf at {most}", _kilobytes_of_leaf(runs, first, most), at_most=1),
    ]
    report("leaves", head, rows(runs, first, more), note, arguments, aims)


def _kilobytes_of_leaf(runs: Mapping[str, Rounds], first: str, name: str) -> list[float]:
    """Compare memory with that at the first size; one figure, or none where a run failed or has no more."""
    held = [[run.megabytes for run in runs[one] if run] for one in (name, first)]
    leaves = _leaves_of(name) - _leaves_of(first)
    return [(min(held[0]) - min(held[1])) * 1000 / leaves] if all(held) and leaves > 0 else []


def _leaves_of(name: str) -> int:
    return int(name.replace(",", ""))


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
