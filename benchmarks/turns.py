"""What benchmarks that run engines in turns share: the core, places for runs, progress, failures."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from benchmarks.peers.run import Place, Run
from benchmarks.peers.watching import EngineFailed

Point = TypeVar("Point")


def say(what: str) -> None:
    """Tell whoever waits how far it is."""
    print(what, file=sys.stderr, flush=True)


def begin() -> int:
    """Keep this process, and the broker that it will start, off the core that engines are pinned to.

    Told to end (SIGTERM), it first ends what it started, as after Ctrl-C.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    core = (os.cpu_count() or 1) - 1
    if core:
        os.sched_setaffinity(0, set(range(core)))
    return core


def place_for(folder: Path, name: str, core: int, within: float) -> Place:
    """Make a folder for a run, which is also the name of its group."""
    own = folder / f"runs-{name}"
    own.mkdir()
    return Place(core, own, name, within)


def turns(rounds: int, points: Sequence[Point]) -> Iterator[tuple[int, Point]]:
    """Go through all points in each round, and let each round begin with another."""
    for number in range(rounds):
        first = number % len(points)
        yield from ((number, point) for point in (*points[first:], *points[:first]))


def attempt(run: Callable[[], Run]) -> Run | None:
    """Run, and tell how it was; None where it failed."""
    try:
        found = run()
    except EngineFailed as failure:
        say(f"  it failed: {failure}")
        return None
    said = "; ".join(found.wrong) or "counted right"
    rate, cpu = found.rate / 1000, found.cpu_of_event
    say(f"  {rate:.1f} k/s, {cpu:.1f} µs CPU, {found.foreign:.2f} cores foreign; {said}")
    return found


def in_turns(rounds: int, ways: Mapping[str, Callable[[str], Run]]) -> dict[str, list[Run | None]]:
    """Run each way once a round, with a name that no other run has."""
    runs: dict[str, list[Run | None]] = {name: [] for name in ways}
    for number, name in turns(rounds, list(ways)):
        say(f"round {number + 1} of {rounds}: {name} …")
        own = f"{list(ways).index(name)}-{number}"
        runs[name].append(attempt(partial(ways[name], own)))
    return runs
