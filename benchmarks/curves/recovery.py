"""How long a worker that is started again takes until it is ready, against the events that it has counted.

From the start of the process until /readyz says that all is live, which takes a while without state, too.
The times of the events run through a day: so the state has every bucket of every window that a day fills.
"""

import time
from datetime import timedelta
from functools import partial

from benchmarks.curves.curve import Scene, aimed, options, report, scene, sizes
from benchmarks.peers.data import Data, prepare
from benchmarks.peers.ours import run_ours
from benchmarks.peers.run import Run
from benchmarks.peers.tables import Rounds, shown, spread
from benchmarks.peers.work import Shape
from benchmarks.runs import Worker, seconds_until_ready
from benchmarks.turns import in_turns, say

_SIZES = (1_000, 100_000, 1_000_000, 5_000_000)
_DAY = Shape(span=timedelta(hours=23, minutes=50))
"""None of them more than a day late."""
_HEAD = ("events counted", "ready after, ÷ that at {}", "seconds", "MB while counting", "MB restored")


def main() -> None:
    """Measure, print and, if told so, write."""
    arguments = options("recovery", __doc__, _SIZES, events=0).parse_args()
    restored: dict[str, list[tuple[float, float]]] = {}
    with scene() as found:
        data = {
            f"{size:,}": prepare(found.stage, f"state-{size}.", size, say, _DAY) for size in sizes(arguments)
        }
        runs = in_turns(
            arguments.rounds,
            {name: partial(_run, found, one, restored.setdefault(name, [])) for name, one in data.items()},
        )
    first, most = next(iter(runs)), list(runs)[-1]
    table = [_row(name, rounds, restored[name], restored[first]) for name, rounds in runs.items()]
    seconds = [took for took, _ in restored[most]]
    aims = [aimed(f"a day's state of {most} events, ready after s", seconds, at_most=30)]
    report("recovery", [column.format(first) for column in _HEAD], table, "", arguments, aims)


def _row(
    name: str, rounds: Rounds, own: list[tuple[float, float]], base: list[tuple[float, float]]
) -> list[str]:
    if not own:
        return [name, *("–" for _ in _HEAD[1:])]
    ratios = [took / least for (took, _), (least, _) in zip(own, base, strict=False)]
    held = max(run.megabytes for run in rounds if run)
    seconds, megabytes = zip(*own, strict=True)
    return [
        name, shown(spread(ratios) if ratios else None), shown(spread(seconds)),
        f"{held:.0f}", f"{max(megabytes):.0f}",
    ]  # fmt: skip


def _run(found: Scene, data: Data, restored: list[tuple[float, float]], name: str) -> Run:
    place = found.place(f"{data.prefix}{name}")
    run = run_ours(found.stage, data, place, check=False)
    started = time.monotonic()
    worker = Worker(data.environment, place.group, found.core)
    try:
        seconds_until_ready(worker)
        restored.append((time.monotonic() - started, worker.megabytes()))
    finally:
        worker.stop()
    return run


if __name__ == "__main__":
    main()
