"""Let a worker run through days at high speed, and say whether what it takes stays flat.

    python -m benchmarks.soak                            an hour: six days of ten minutes
    python -m benchmarks.soak --minutes 2 --day 0.5      a trial

Events come at the rhythm of a day: a fifth of the top rate at night, all of it in the evening, on random
partitions, some with an id that was seen. There are few leaves, more people than are counted one by one, few
orders, and fewer ids are remembered than usual: a worker comes to know all of them in the first days, and
what grows after that is what it does not let go. (Among 2,000 leaves, most of them rarely seen, it still met
people for the first time after an hour, which cannot be told from a leak.)

Every few seconds the worker is looked at from outside: resident memory, open handles, series, bytes of its
journal at the broker, records not applied yet, and the time between two commits (a second, and what a flush
takes). The last day's mean is compared with that of the day at which a third of the time was over.
"""

import argparse
import math
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.peers.tables import markdown
from benchmarks.peers.work import Shape, Work
from benchmarks.runs import Committed, Worker, seconds_until_ready
from benchmarks.soaking import Look, head, look, row, verdicts
from benchmarks.stage import PARTITIONS, Stage, gathering, produce, stage
from benchmarks.turns import begin, say
from benchmarks.written import circumstances, write_part

_NIGHT = 0.2
_GROUP = "soak"
_PREFIX = "soak."
_IDS = "1000000"
_SHAPE = Shape(
    campaigns=20,
    influencers=5,
    contents=2,
    even=True,
    persons=20_000,
    orders=2_000,
    duplicates=0.02,
    misrouted=0.75,
)
_MADE_AT_ONCE = 20_000


def main() -> None:
    """Run, print what was seen and what became of it."""
    arguments = _parser().parse_args()
    core = begin()
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as found:
        looks = _soak(found, core, arguments)
    days = arguments.minutes / arguments.day
    said = verdicts(looks, days)
    about = f"{circumstances()}. {arguments.minutes:g} min, {days:g} days, at most {arguments.rate:,} a s."
    text = "\n\n".join(
        [
            f"{about} {arguments.note}".strip(),
            markdown(head(), [row(one) for one in _some(looks)]),
            "\n".join(f"- {line}" for line in said),
        ]
    )
    print(text)
    if arguments.write:
        write_part("soak", text)
    sys.exit(any("grew" in line for line in said))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m benchmarks.soak",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=__doc__,
    )
    parser.add_argument("--minutes", type=float, default=60, help="(default: %(default)s)")
    parser.add_argument("--day", type=float, default=10, help="in minutes (default: %(default)s)")
    parser.add_argument(
        "--rate", type=int, default=30_000, help="events/s in the evening (default: %(default)s)"
    )
    parser.add_argument(
        "--every", type=float, default=10, help="seconds between looks (default: %(default)s)"
    )
    parser.add_argument(
        "--note", default="", help="sentences on this run, such as what else ran on the machine"
    )
    parser.add_argument("--write", action="store_true", help="put what was seen in docs/benchmarks.md")
    return parser


def _soak(found: Stage, core: int, arguments: argparse.Namespace) -> list[Look]:
    own = found.prefixed(_PREFIX) | {"KPIS_DUPLICATE_IDS": _IDS}
    worker = Worker(own, _GROUP, core)
    over = threading.Event()
    sender = threading.Thread(target=_send, args=(found, arguments, over), daemon=True)
    looks: list[Look] = []
    try:
        seconds_until_ready(worker)
        committed, started = Committed(found, _PREFIX, _GROUP), time.monotonic()
        sender.start()
        while (at := time.monotonic() - started) < arguments.minutes * 60:
            looks.append(look(worker, committed, found, _GROUP, at))
            say("  ".join(row(looks[-1])))
            time.sleep(max(0.0, at + arguments.every - (time.monotonic() - started)))
    finally:
        over.set()
        worker.stop()
    return looks


def _send(found: Stage, arguments: argparse.Namespace, over: threading.Event) -> None:
    producer, started = gathering(found.kafka), time.monotonic()
    for sent, (topic, partition, value) in enumerate(_records()):
        if sent % 100 == 0:
            _wait_for_turn(sent, started, arguments)
        if over.is_set():
            break
        produce(producer, topic, partition, value)
    producer.flush(10)


def _records() -> Iterator[tuple[str, int, bytes]]:
    """Make records without end, each block of the time in which it is made."""
    seed = 0
    while True:
        for sent in Work(_MADE_AT_ONCE, PARTITIONS, datetime.now(UTC), _SHAPE, seed):
            yield _PREFIX + sent.topic, sent.partition, sent.value
        seed += 1


def _wait_for_turn(sent: int, started: float, arguments: argparse.Namespace) -> None:
    while sent > expected(time.monotonic() - started, arguments.rate, arguments.day * 60):
        time.sleep(0.005)


def expected(seconds: float, top: float, day: float) -> float:
    """Return how many events have come after so many seconds: a day's rhythm, from night on, added up."""
    mean = top * (1 + _NIGHT) / 2
    swing = top * (1 - _NIGHT) / 2
    return mean * seconds - swing * math.sin(2 * math.pi * seconds / day) * day / (2 * math.pi)


def _some(looks: list[Look]) -> list[Look]:
    """Pick about a dozen for the table."""
    return looks[:: max(1, len(looks) // 12)]


if __name__ == "__main__":
    main()
