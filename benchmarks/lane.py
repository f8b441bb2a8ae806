"""What a worker takes, from Kafka to the gauge: alone, misrouted, doubled, in a trickle, restarted."""

import argparse
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.records import machine
from benchmarks.runs import (
    Committed,
    Measured,
    Worker,
    freshness,
    measure,
    seconds_until_ready,
    workers,
)
from benchmarks.stage import Stage, send, stage

_TRICKLE_RATE, _TRICKLE_SECONDS = 5_000, 30
_CORE = 1


def main() -> None:
    """Measure what is asked for, or everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--events", type=int, default=1_000_000, help="for a worker (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="(default: %(default)s)")
    parser.add_argument("--state", type=int, default=5_000_000, help="events before a restart")
    arguments = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as found:
        for what in arguments.what or PARTS:
            PARTS[what](found, arguments)


def _misrouted(found: Stage, arguments: argparse.Namespace) -> None:
    at_home, misrouted = found.prefixed("keyed."), found.prefixed("random.")
    send(found, "keyed.", arguments.events, "by campaign")
    send(found, "random.", arguments.events, "at random")
    one, other = [], []
    for number in range(arguments.rounds):
        with workers(at_home, f"keyed-{number}", cores=(_CORE,)) as running:
            one.append(measure(running, Committed(found, "keyed.", f"keyed-{number}"), arguments.events))
        with workers(misrouted, f"random-{number}", cores=(_CORE,)) as running:
            other.append(measure(running, Committed(found, "random.", f"random-{number}"), arguments.events))
    _say("one worker, events on their campaign's partition", one)
    _say("one worker, events on random partitions, three in four forwarded", other)
    print(
        f"  random to home: {_spread([two.rate / x.rate for two, x in zip(other, one, strict=True)])} by rate"
    )


def _two(found: Stage, arguments: argparse.Namespace) -> None:
    own = found.prefixed("two.")
    send(found, "two.", arguments.events, "by campaign")
    one, both = [], []
    for number in range(arguments.rounds):
        with workers(own, f"one-{number}", cores=(None,)) as running:
            one.append(measure(running, Committed(found, "two.", f"one-{number}"), arguments.events))
        with workers(own, f"both-{number}", cores=(None, None)) as running:
            both.append(measure(running, Committed(found, "two.", f"both-{number}"), arguments.events))
    _say("one worker, broker on the same cores", one)
    _say("two workers, broker on the same cores", both)
    print(f"  two to one: {_spread([two.rate / x.rate for two, x in zip(both, one, strict=True)])} by rate")


def _trickle(found: Stage) -> None:
    own = found.prefixed("trickle.")
    with workers(own, "trickle", cores=(_CORE,)) as (worker,):
        seconds_until_ready(worker)
        before = worker.cpu()
        send(found, "trickle.", _TRICKLE_RATE * _TRICKLE_SECONDS, "at random", _TRICKLE_RATE)
        share = (worker.cpu() - before) / _TRICKLE_SECONDS
        half, most = freshness(worker, 0.5), freshness(worker, 0.99)
    print(f"{_TRICKLE_RATE} events/s, one a request, on random partitions, for {_TRICKLE_SECONDS} s:")
    print(f"  visible within {half:g} s (half), {most:g} s (99 of 100); {share:.0%} of a core")


def _restart(found: Stage, arguments: argparse.Namespace) -> None:
    own = found.prefixed("state.")
    send(found, "state.", arguments.state, "by campaign")
    with workers(own, "state", cores=(_CORE,)) as running:
        measured = measure(running, Committed(found, "state.", "state"), arguments.state)
    _say(f"{arguments.state} events", [measured])
    worker = Worker(own, "state", _CORE)
    print(f"  restarted and ready with their state after {seconds_until_ready(worker):.1f} s")
    worker.stop()


def _say(what: str, measured: Sequence[Measured]) -> None:
    rates = _spread([one.rate / 1000 for one in measured])
    cpu = _spread([one.cpu_of_event for one in measured])
    print(f"{what}: {rates} thousand events/s, {cpu} µs CPU an event, {measured[-1].megabytes:.0f} MB")


def _spread(values: Sequence[float]) -> str:
    return f"{min(values):.1f}/{statistics.median(values):.1f}/{max(values):.1f}"


PARTS: dict[str, Callable[[Stage, argparse.Namespace], None]] = {
    "misrouted": _misrouted,
    "two": _two,
    "trickle": lambda found, _: _trickle(found),
    "restart": _restart,
}

if __name__ == "__main__":
    main()
