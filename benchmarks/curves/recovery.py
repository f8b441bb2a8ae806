"""How long a worker that is started again takes until it is ready, against the events that it has counted.

From the start of the process until /readyz says that all is live, which takes a while without state, too.
"""

import time
from functools import partial

from benchmarks.curves.curve import Scene, options, report, scene, sizes
from benchmarks.peers.data import Data, prepare
from benchmarks.peers.ours import run_ours
from benchmarks.peers.run import Run
from benchmarks.peers.tables import shown, spread
from benchmarks.runs import Worker, seconds_until_ready
from benchmarks.turns import in_turns, say

_SIZES = (1_000, 100_000, 1_000_000, 5_000_000)
_HEAD = ("events counted", "ready after, ÷ that at {}", "seconds", "MB while counting", "MB restored")


def main() -> None:
    """Measure, print and, if told so, write."""
    arguments = options("recovery", __doc__, _SIZES, events=0).parse_args()
    restored: dict[str, list[tuple[float, float]]] = {}
    with scene() as found:
        data = {f"{size:,}": prepare(found.stage, f"state-{size}.", size, say) for size in sizes(arguments)}
        runs = in_turns(
            arguments.rounds,
            {name: partial(_run, found, one, restored.setdefault(name, [])) for name, one in data.items()},
        )
    first = next(iter(runs))
    table = []
    for name, rounds in runs.items():
        seconds, megabytes = zip(*restored[name], strict=True)
        ratios = [own / base for own, (base, _) in zip(seconds, restored[first], strict=False)]
        held = max((run.megabytes for run in rounds if run), default=0.0)
        row = [shown(spread(ratios)), shown(spread(seconds)), f"{held:.0f}", f"{max(megabytes):.0f}"]
        table.append([name, *row])
    report("recovery", [column.format(first) for column in _HEAD], table, "", arguments)


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
