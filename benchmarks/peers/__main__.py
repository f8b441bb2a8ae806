"""Compare our worker with other engines on the same work, on one broker, in turns.

    python -m benchmarks.peers              those in Python; some minutes
    python -m benchmarks.peers --jvm        Kafka Streams and Flink, too: needs Maven and a JDK, 17 or later
    python -m benchmarks.peers --engines hand_loop,bytewax_flow --rounds 1 --events 200000
    python -m benchmarks.peers --write      also puts what it found in docs/benchmarks.md

The work: read events of four kinds from four topics, check them, drop duplicates, count by campaign, kind
and minute, and count distinct people by campaign. Each engine has one core for itself, all else has the
others. What each counted is compared with what was sent. Ratios are made round by round, so that what
disturbs the machine for a while disturbs both sides. The first use makes an environment for each engine,
which takes a minute.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks.peers.data import Data, prepare
from benchmarks.peers.engines import IN_JAVA, IN_PYTHON, Engine, run_peer
from benchmarks.peers.environments import USUAL, NoEnvironment
from benchmarks.peers.ours import run_ours
from benchmarks.peers.report import report
from benchmarks.peers.run import Place, Run
from benchmarks.peers.tables import OURS, Rounds
from benchmarks.stage import Stage, stage
from benchmarks.turns import attempt, begin, in_turns, place_for, say
from benchmarks.written import circumstances, write_part

Commands = dict[Engine, list[str]]
_TO_WARM_UP = 5_000
"""Records for a first worker of ours, not measured: it compiles what no earlier one has left in the cache."""


def main() -> None:
    """Measure, print and, if told so, write."""
    arguments = _parser().parse_args()
    found_on = circumstances()
    commands = _commands(_chosen(arguments), arguments.cache)
    core = begin()
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as found:
        ours, runs = _measure(found, commands, arguments, core)
    text = report(ours, runs, arguments, found_on)
    print(text)
    if arguments.write:
        write_part("peers", text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m benchmarks.peers",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=__doc__,
    )
    keys = ", ".join(engine.key for engine in (*IN_PYTHON, *IN_JAVA))
    parser.add_argument(
        "--engines", help=f"which beside ours, by comma, of {keys} (all in Python by default)"
    )
    parser.add_argument(
        "--jvm", action="store_true", help="also those in Java, each warmed up in every round"
    )
    parser.add_argument("--rounds", type=int, default=4, help="(default: %(default)s)")
    parser.add_argument("--events", type=int, default=1_000_000, help="records (default: %(default)s)")
    parser.add_argument(
        "--slow-events", type=int, default=50_000, help="for Quix Streams and Faust (default: %(default)s)"
    )
    parser.add_argument("--limit", type=float, default=900, help="seconds for a run (default: %(default)s)")
    parser.add_argument(
        "--cache", type=Path, default=USUAL, help="environments and jars (default: %(default)s)"
    )
    parser.add_argument("--write", action="store_true", help="put the tables in docs/benchmarks.md")
    return parser


def _chosen(arguments: argparse.Namespace) -> list[Engine]:
    every = {engine.key: engine for engine in (*IN_PYTHON, *IN_JAVA)}
    named = arguments.engines.split(",") if arguments.engines else [engine.key for engine in IN_PYTHON]
    if unknown := [key for key in named if key not in every]:
        sys.exit(f"There is no engine {unknown[0]}; there are {', '.join(every)}.")
    jvm = [engine for engine in IN_JAVA if arguments.jvm and engine.key not in named]
    return [*(every[key] for key in named), *jvm]


def _commands(engines: Sequence[Engine], cache: Path) -> Commands:
    """Make the environments; an engine that cannot have one is left out, with a word."""
    commands: Commands = {}
    for engine in engines:
        try:
            commands[engine] = engine.command(cache, say)
        except NoEnvironment as problem:
            say(f"{engine.name} is left out: {problem}")
    return commands


def _measure(
    found: Stage, commands: Commands, arguments: argparse.Namespace, core: int
) -> tuple[Rounds, dict[Engine, Rounds]]:
    def place(name: str) -> Place:
        return place_for(found.folder, name, core, arguments.limit)

    warm = prepare(found, "warm.", _TO_WARM_UP, say)
    attempt(lambda: run_ours(found, warm, place("warm")))
    data = prepare(found, "peers.", arguments.events, say)
    slow = any(engine.slow for engine in commands)
    small = prepare(found, "peers-small.", arguments.slow_events, say) if slow else data
    ways: dict[str, Callable[[str], Run]] = {OURS: lambda name: run_ours(found, data, place(name))}
    for engine, command in commands.items():
        ways[engine.name] = partial(_run, found, command, small if engine.slow else data, place)
    runs = in_turns(arguments.rounds, ways)
    return runs.pop(OURS), {engine: runs[engine.name] for engine in commands}


def _run(found: Stage, command: list[str], data: Data, place: Callable[[str], Place], name: str) -> Run:
    return run_peer(command, found, data, place(name))


if __name__ == "__main__":
    main()
