"""What the curves share: options, a broker, a worker on one core in turns, and a table of ratios."""

import argparse
import math
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.data import prepare
from benchmarks.peers.ours import run_ours
from benchmarks.peers.run import Place, Run
from benchmarks.peers.tables import Rounds, markdown, shown, spread
from benchmarks.stage import Stage, stage
from benchmarks.turns import attempt, begin, place_for, say
from benchmarks.written import circumstances, write_part

_TO_WARM_UP = 5_000
_HOUR = 3600.0


@dataclass(frozen=True)
class Scene:
    """A broker, and where runs happen."""

    stage: Stage
    core: int

    def place(self, name: str) -> Place:
        """Make a place for a run."""
        return place_for(self.stage.folder, name, self.core, _HOUR)


@contextmanager
def scene() -> Iterator[Scene]:
    """Start a broker, and let a first worker compile what is not in the cache yet."""
    core = begin()
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as found:
        made = Scene(found, core)
        warm = prepare(found, "warm.", _TO_WARM_UP, say)
        attempt(lambda: run_ours(found, warm, made.place("warm")))
        yield made


def options(
    name: str, says: str | None, sizes: Sequence[float], events: int, rounds: int = 3
) -> argparse.ArgumentParser:
    """Make a parser of what all curves take."""
    parser = argparse.ArgumentParser(
        f"python -m benchmarks.curves.{name}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=says,
    )
    listed = ",".join(f"{size:g}" if size % 1 else str(int(size)) for size in sizes)
    parser.add_argument("--sizes", default=listed, help="points, by comma (default: %(default)s)")
    parser.add_argument("--events", type=int, default=events, help="at each (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=rounds, help="(default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="put the table in docs/benchmarks.md")
    return parser


def sizes(arguments: argparse.Namespace) -> list[int]:
    """Return the points that were asked for."""
    return [int(size) for size in arguments.sizes.split(",")]


def rows(
    runs: Mapping[str, Rounds], base: str, more: Callable[[str, Sequence[Run]], list[str]]
) -> list[list[str]]:
    """Return a row for each point: CPU and rate by ratios, made round by round, and what else."""
    found = []
    for name, rounds in runs.items():
        done = [run for run in rounds if run is not None]
        cpu, rate = (_shown(ratios(rounds, runs[base], figure)) for figure in (cpu_of_event, rate_of))
        own = f"{statistics.median(run.cpu_of_event for run in done):.2f}" if done else "–"
        found.append([name, cpu, rate, own, *(more(name, done) if done else ["–"])])
    return found


def cpu_of_event(run: Run) -> float:
    """Return the CPU microseconds that an event took."""
    return run.cpu_of_event


def rate_of(run: Run) -> float:
    """Return the events a second."""
    return run.rate


def ratios(rounds: Rounds, base: Rounds, figure: Callable[[Run], float]) -> list[float]:
    """Compare a figure with that of the same round of another point."""
    pairs = zip(rounds, base, strict=True)
    return [figure(run) / figure(other) for run, other in pairs if run and other]


def _shown(values: Sequence[float]) -> str:
    return shown(spread(values)) if values else "–"


def aimed(
    what: str,
    values: Sequence[float],
    *,
    at_most: float = math.inf,
    at_least: float = -math.inf,
    form: Callable[[float], str] = "{:.2f}".format,
) -> str:
    """Say whether the middle of what was seen is as it should be."""
    wanted = f"at most {form(at_most)}" if at_most < math.inf else f"at least {form(at_least)}"
    if not values:
        return f"{what}: not measured; aim: {wanted}"
    found = statistics.median(values)
    verdict = "met" if at_least <= found <= at_most else "not met"
    return f"{what}: {form(found)}; aim: {wanted}, {verdict}"


def report(
    name: str,
    head: Sequence[str],
    found: Sequence[Sequence[str]],
    note: str,
    arguments: argparse.Namespace,
    aims: Sequence[str] = (),
) -> None:
    """Print a table with its circumstances and what it should show; write it where that was asked for."""
    of = f" of {arguments.events:,} records" if arguments.events else ""
    about = f"{circumstances()}. {arguments.rounds} rounds in turns{of}. {note}".strip()
    text = "\n\n".join([about, markdown(head, found), "\n".join(f"- {aim}" for aim in aims)])
    print(text)
    if arguments.write:
        write_part(name, text)
