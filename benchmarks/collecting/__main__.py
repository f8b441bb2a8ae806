"""Compare the collector with handlers that one would write first, on one broker, in turns.

    python -m benchmarks.collecting              some minutes
    python -m benchmarks.collecting --write      also puts what it found in docs/benchmarks.md

Pixels one by one over some connections, and batches. Ours checks every event, judges bots and rates, and
answers when Kafka has acknowledged or the disk has synced; the others check nothing. One answers at once and
loses what is on its way when it is killed, one awaits each acknowledgement. The server has one core for
itself; broker and sender share the others, so that rates are theirs as much as the server's: CPU is not.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.collecting.load import Load, Requests, load
from benchmarks.collecting.requests import KEY, batches, pixels
from benchmarks.peers.tables import markdown, shown, spread
from benchmarks.peers.watching import Watched, watched
from benchmarks.processes import Snapshot
from benchmarks.stage import KPIS, Stage, stage
from benchmarks.turns import begin, say, turns
from benchmarks.written import circumstances, write_part
from embedded.ports import free_port

_OURS, _AT_ONCE, _AWAITS = "this service", "answers at once", "awaits each acknowledgement"
_WAYS = (_OURS, _AT_ONCE, _AWAITS)
_PIXELS, _BATCHES = "pixels", "batches"
_PREFIX = "collecting."
_HEAD = (
    "",
    "requests/s, ours ÷ it",
    "CPU, ours ÷ it",
    "requests/s",
    "99 of 100 within ms",
    "µs CPU an event",
)
_WARM_UP_SECONDS = 2.0


class Found(NamedTuple):
    """What one run of one way showed."""

    rate: float
    milliseconds: float
    cpu: float
    wrong: int


def main() -> None:
    """Run all, print, and write if told so."""
    arguments = _parser().parse_args()
    core = begin()
    found: dict[tuple[str, str], list[Found]] = {
        (what, way): [] for what in (_PIXELS, _BATCHES) for way in _WAYS
    }
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as servers:
        own = servers.prefixed(_PREFIX)
        for number, (what, way) in turns(arguments.rounds, list(found)):
            say(f"round {number + 1} of {arguments.rounds}: {what}, {way} …")
            run = _run(servers, own, core, what, way, arguments, number)
            said = f"{run.rate:,.0f} requests/s, {run.milliseconds:.1f} ms, {run.cpu:.1f} µs CPU an event"
            say(f"  {said}; answered otherwise: {run.wrong}")
            found[what, way].append(run)
    parts = [f"{circumstances()}. {arguments.rounds} rounds in turns, {arguments.seconds:g} s each."]
    for what, of in ((_PIXELS, 1), (_BATCHES, arguments.batch)):
        each = "one event each" if of == 1 else f"{of} events each"
        parts += [
            f"{what.capitalize()}, {each}, over {arguments.connections} connections:",
            _table(found, what),
        ]
    text = "\n\n".join(parts)
    print(text)
    if arguments.write:
        write_part("collecting", text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m benchmarks.collecting",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=__doc__,
    )
    parser.add_argument("--rounds", type=int, default=3, help="(default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=8, help="for each run (default: %(default)s)")
    parser.add_argument("--connections", type=int, default=32, help="(default: %(default)s)")
    parser.add_argument("--batch", type=int, default=500, help="events (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="put the tables in docs/benchmarks.md")
    return parser


def _run(
    servers: Stage,
    own: Mapping[str, str],
    core: int,
    what: str,
    way: str,
    arguments: argparse.Namespace,
    number: int,
) -> Found:
    port = free_port()
    command, environment = _server(servers, own, way, port)
    of = 1 if what == _PIXELS else arguments.batch
    requests = pixels(_now) if of == 1 else batches(of, _now)
    log = servers.folder / f"{what}-{_WAYS.index(way)}-{number}.log"
    # Numbers of their own in every run: what was seen is a duplicate.
    first = time.monotonic_ns() // 1_000_000 * 100_000
    with watched(command, environment, core, log, _mark_of) as server:
        server.reach("serves", 60)
        asyncio.run(load(port, requests, arguments.connections, _WARM_UP_SECONDS, first))
        before, done, after = _measured(server, port, requests, arguments, first + (1 << 30))
    events = len(done.seconds) * of
    return Found(
        done.rate, done.within(0.99) * 1000, (after.engine - before.engine) / events * 1e6, done.wrong
    )


def _measured(
    server: Watched, port: int, requests: Requests, arguments: argparse.Namespace, first: int
) -> tuple[Snapshot, Load, Snapshot]:
    before = server.look()
    done = asyncio.run(load(port, requests, arguments.connections, arguments.seconds, first))
    return before, done, server.look()


def _server(
    servers: Stage, own: Mapping[str, str], way: str, port: int
) -> tuple[Sequence[str], Mapping[str, str]]:
    if way != _OURS:
        plain = [sys.executable, "-m", "benchmarks.collecting.plain", str(port), servers.kafka]
        return [*plain, f"{_PREFIX}impressions", *(["--awaits"] if way == _AWAITS else [])], os.environ
    secrets = (
        f'person_salt = "{KEY}"\n[click_keys]\ncurrent = "{KEY}"\n[api_keys.benchmark]\nsecrets = ["{KEY}"]\n'
    )
    more = {
        "KPIS_COLLECT_ADDRESS": f"127.0.0.1:{port}",
        "KPIS_COLLECT_RATE": "0",
        "KPIS_SECRETS": secrets,
        "KPIS_DATA_DIR": str(servers.folder / f"data-{port}"),
    }
    return [*KPIS, "collect"], {**own, **more}


def _mark_of(line: str) -> str | None:
    return "serves" if line.startswith(("serves", "collecting on ")) else None


def _now() -> datetime:
    return datetime.now(UTC)


def _table(found: Mapping[tuple[str, str], Sequence[Found]], what: str) -> str:
    ours = found[what, _OURS]
    rows = []
    for way in _WAYS:
        runs = found[what, way]
        rows.append(
            [
                way,
                _ratio(ours, runs, lambda run: run.rate),
                _ratio(ours, runs, lambda run: run.cpu),
                shown(spread([run.rate for run in runs]), "{:,.0f}".format),
                shown(spread([run.milliseconds for run in runs]), "{:.1f}".format),
                shown(spread([run.cpu for run in runs])),
            ]
        )
    return markdown(_HEAD, rows)


def _ratio(ours: Sequence[Found], runs: Sequence[Found], figure: Callable[[Found], float]) -> str:
    return shown(spread([figure(own) / figure(other) for own, other in zip(ours, runs, strict=True)]))


if __name__ == "__main__":
    main()
