"""Runs as tables: ratios first, each with the range that its rounds had."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from benchmarks.peers.run import Run

OURS = "this service"
Rounds = Sequence[Run | None]
"""The run of each round; None where an engine failed."""


class Spread(NamedTuple):
    """The least, the middle and the most of some figures."""

    least: float
    median: float
    most: float


def spread(values: Sequence[float]) -> Spread:
    """Return the spread of at least one figure."""
    return Spread(min(values), statistics.median(values), max(values))


def ratios(ours: Rounds, theirs: Rounds, figure: Callable[[Run, Run], float]) -> Spread | None:
    """Compare two engines round by round; None where no round has both."""
    pairs = zip(ours, theirs, strict=True)
    values = [figure(own, other) for own, other in pairs if own is not None and other is not None]
    return spread(values) if values else None


def by_rate(own: Run, other: Run) -> float:
    """Return how many times as many events a second the first counts."""
    return own.rate / other.rate


def by_cpu(own: Run, other: Run) -> float:
    """Return how many times as much CPU an event the first takes."""
    return own.cpu_of_event / other.cpu_of_event


def shown(found: Spread | None, form: Callable[[float], str] = lambda value: f"{value:.3g}") -> str:
    """Write the middle, and the range in brackets."""
    if found is None:
        return "–"
    least, median, most = map(form, found)
    return median if least == most else f"{median} ({least}–{most})"


def comparison(ours: Rounds, runs: Mapping[str, Rounds]) -> list[list[str]]:
    """Return a row for each engine, ours first: ratios by rate and CPU, then its own figures."""
    return [
        [OURS, "1", "1", *_figures(ours)],
        *(
            [
                name,
                shown(ratios(ours, rounds, by_rate)),
                shown(ratios(ours, rounds, by_cpu)),
                *_figures(rounds),
            ]
            for name, rounds in runs.items()
        ),
    ]


def _figures(rounds: Rounds) -> list[str]:
    runs = [run for run in rounds if run is not None]
    return [
        shown(_spread_of(runs, lambda run: run.rate / 1000)),
        shown(_spread_of(runs, lambda run: run.cpu_of_event)),
        shown(_spread_of(runs, lambda run: run.megabytes), lambda value: f"{value:.0f}"),
        shown(_spread_of(runs, lambda run: run.foreign), "{:.2f}".format),
        verdict(rounds),
    ]


def verdict(rounds: Rounds) -> str:
    """Say whether an engine counted right in every round."""
    failed = sum(run is None for run in rounds)
    wrong = sorted({what for run in rounds if run is not None for what in run.wrong})
    said = [f"failed in {failed} of {len(rounds)} rounds"] if failed else []
    return "; ".join(said + wrong) or "yes"


def _spread_of(runs: Sequence[Run], figure: Callable[[Run], float]) -> Spread | None:
    return spread([figure(run) for run in runs]) if runs else None


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
