"""What the comparison found, as docs/benchmarks.md has it."""

import argparse
import statistics
from collections.abc import Mapping

from benchmarks.peers.engines import Engine
from benchmarks.peers.tables import OURS, Rounds, comparison, markdown, shown, spread

_HEAD = (
    "engine",
    "rate, ours ÷ it",
    "CPU an event, ours ÷ it",
    "thousand events/s",
    "µs CPU an event",
    "MB",
    "cores others used",
    "counted right",
)
_ABOUT = ("engine", "version", "promises after a crash", "does not do", "settings")
_OURS = (
    "exactly once",
    "does more: dead letters, orders, scopes down to contents, rolling windows, forwarding",
    "as shipped, texts not rated; the time ends when the last event is durable",
)


_QUIET = 0.1
_BUSY = " **The machine was busy**: ratios by rate say little; those by CPU are some 20 % off."


def report(ours: Rounds, runs: Mapping[Engine, Rounds], arguments: argparse.Namespace, found_on: str) -> str:
    """Write the tables, the machine and how busy others kept it."""
    rows = comparison(ours, {engine.name: rounds for engine, rounds in runs.items()})
    about = [(OURS, "", *_OURS)] + [
        (engine.name, engine.version(), engine.guarantee, engine.lacks, engine.settings) for engine in runs
    ]
    return "\n\n".join(
        [
            f"{found_on}. {len(ours)} rounds in turns of {arguments.events:,} records"
            f"{_slow(runs, arguments)}, each engine pinned to one core, the broker to the others. Medians, "
            f"and least and most in brackets. {_foreign([ours, *runs.values()])}",
            markdown(_HEAD, rows),
            markdown(_ABOUT, about),
        ]
    )


def _slow(runs: Mapping[Engine, Rounds], arguments: argparse.Namespace) -> str:
    slow = [engine.name for engine in runs if engine.slow]
    return f" ({arguments.slow_events:,} for {' and '.join(slow)})" if slow else ""


def _foreign(every: list[Rounds]) -> str:
    runs = [run for rounds in every for run in rounds if run is not None]
    if not runs:
        return "No run came to its end."
    whole = shown(spread([run.foreign for run in runs]), "{:.2f}".format)
    own = shown(spread([run.foreign_on_core for run in runs]), "{:.2f}".format)
    said = f"Meanwhile other work took {whole} cores of the machine, {own} of the engine's own."
    return said + (_BUSY if statistics.median(run.foreign for run in runs) > _QUIET else "")
