"""How the cost of an event depends on the share that comes on another partition than its campaign's.

One worker has all partitions; such events go through the broker once more, and are read a second time.
"""

from functools import partial

from benchmarks.curves.curve import (
    Scene,
    aimed,
    options,
    rate_of,
    ratios,
    report,
    rows,
    scene,
    sizes,
)  # fmt: skip
from benchmarks.peers.data import Data, prepare
from benchmarks.peers.ours import run_ours
from benchmarks.peers.run import Run
from benchmarks.peers.work import Shape
from benchmarks.turns import in_turns, say

_HEAD = ("misrouted", "CPU an event, ÷ that at 0 %", "rate, ÷ that at 0 %", "µs CPU an event", "MB")
_NONE, _RANDOM = "0 %", "75 %"


def main() -> None:
    """Measure, print and, if told so, write."""
    arguments = options("misrouted", __doc__, (0, 10, 25, 50, 75, 100), events=3_000_000).parse_args()
    with scene() as found:
        percents = dict.fromkeys([0, *sizes(arguments)])
        data = {f"{one} %": _prepare(found, one, arguments.events) for one in percents}
        runs = in_turns(arguments.rounds, {name: partial(_run, found, one) for name, one in data.items()})
    table = rows(runs, _NONE, lambda _, done: [f"{max(run.megabytes for run in done):.0f}"])
    on_random = ratios(runs[_RANDOM], runs[_NONE], rate_of) if _RANDOM in runs else []
    aims = [aimed("rate on random partitions ÷ that on their own", on_random, at_least=0.5)]
    note = "Percent of the records; on random partitions of four it is 75."
    report("misrouted", _HEAD, table, note, arguments, aims)


def _prepare(found: Scene, percent: int, events: int) -> Data:
    return prepare(found.stage, f"stray-{percent}.", events, say, Shape(misrouted=percent / 100))


def _run(found: Scene, data: Data, name: str) -> Run:
    return run_ours(found.stage, data, found.place(f"{data.prefix}{name}"))


if __name__ == "__main__":
    main()
