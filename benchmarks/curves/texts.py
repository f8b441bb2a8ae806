"""What rating takes, by the share of engagements that carry a text: beside the same events with rating off.

The worker is pinned to one core. The process that rates shares it, or has the broker's core ("beside").
"""

from collections.abc import Callable, Sequence
from functools import partial

from benchmarks.curves.curve import Scene, aimed, options, rate_of, ratios, report, rows, scene, sizes
from benchmarks.peers.data import Data, prepare
from benchmarks.peers.ours import run_ours
from benchmarks.peers.run import Run
from benchmarks.peers.work import Shape
from benchmarks.turns import in_turns, say

_HEAD = ("texts", "CPU an event, ÷ that of none", "rate, ÷ that of none", "µs CPU an event", "unrated", "MB")
_NONE = "none"
_LEAST = 0.95


def main() -> None:
    """Measure, print and, if told so, write."""
    arguments = options("texts", __doc__, (6, 60), events=3_000_000).parse_args()
    with scene() as found:
        ways: dict[str, Callable[[str], Run]] = {
            _NONE: partial(_run, found, _prepare(found, 0, arguments.events), rated=False)
        }
        for percent in sizes(arguments):
            data = _prepare(found, percent, arguments.events)
            ways[f"{percent} %, not rated"] = partial(_run, found, data, rated=False)
            ways[f"{percent} %, on the same core"] = partial(_run, found, data)
            ways[f"{percent} %, beside"] = partial(_run, found, data, beside=True)
        runs = in_turns(arguments.rounds, ways)
    table = rows(runs, _NONE, _more)
    aims = [
        aimed(f"rate of {name} ÷ that of none", ratios(runs[name], runs[_NONE], rate_of), at_least=_LEAST)
        for name in runs
        if name.endswith("beside")
    ]
    note = "Percent of the engagements, which are 6 of 100 events. All is backlog, which waits for ratings."
    report("texts", _HEAD, table, note, arguments, aims)


def _more(_: str, done: Sequence[Run]) -> list[str]:
    return [str(max(run.unrated for run in done)), f"{max(run.megabytes for run in done):.0f}"]


def _prepare(found: Scene, percent: int, events: int) -> Data:
    return prepare(found.stage, f"texts-{percent}.", events, say, Shape(texts=percent / 100))


def _run(found: Scene, data: Data, name: str, *, rated: bool = True, beside: bool = False) -> Run:
    place = found.place(f"{data.prefix}{name}")
    return run_ours(found.stage, data, place, rated=rated, children_anywhere=beside)


if __name__ == "__main__":
    main()
