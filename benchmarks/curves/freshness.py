"""How soon events are on the page, and how much of a core they take, against their rate.

Up to 10 000 a second each event is a request of its own, as pixels send them; above, producers gather what
comes within 5 ms. Values are made before: the sender shares the broker's core. What it sent is measured, not
what was asked for, once three seconds of it have warmed the worker up. Within how many seconds half of the
events are visible, and 99 of 100, is read from the worker's histogram, as if they were even within a bucket.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from benchmarks.curves.curve import Scene, aimed, options, report, scene, sizes
from benchmarks.peers.tables import shown, spread
from benchmarks.peers.watching import EngineFailed
from benchmarks.peers.work import Shape, Work
from benchmarks.runs import Worker, freshness_buckets, seconds_until_ready, within
from benchmarks.stage import PARTITIONS, gathering, produce, small_requests
from benchmarks.turns import say, turns

_SIZES = (1_000, 5_000, 10_000, 100_000)
_HEAD = ("events/s asked for", "sent", "half within s", "99 of 100 within s", "share of a core")
_ONE_A_REQUEST = 10_000
_TRICKLE = 5_000
_WARM_UP_SECONDS = 3
_RANDOM = 0.75
_READY = 600.0


@dataclass(frozen=True)
class Fresh:
    """What a worker showed of one rate."""

    sent: float
    half: float
    most: float
    core: float


def main() -> None:
    """Measure, print and, if told so, write."""
    parser = options("freshness", __doc__, _SIZES, events=0, rounds=1)
    parser.add_argument("--seconds", type=float, default=30, help="at each rate (default: %(default)s)")
    arguments = parser.parse_args()
    found: dict[int, list[Fresh]] = {rate: [] for rate in sizes(arguments)}
    with scene() as place:
        for number, rate in turns(arguments.rounds, list(found)):
            say(
                f"round {number + 1} of {arguments.rounds}: {rate:,} events/s for {arguments.seconds:.0f} s …"
            )
            found[rate].append(_measure(place, rate, arguments.seconds, f"{rate}-{number}"))
    table = [[f"{rate:,}", *_columns(measured)] for rate, measured in found.items()]
    note = f"{arguments.seconds:.0f} s each, on random partitions (three in four sent on)."
    trickle = found.get(_TRICKLE, [])
    of = f"{_TRICKLE:,} events/s, one a request"
    aims = [
        aimed(f"99 of 100 of {of}, within s", [one.most for one in trickle], at_most=0.3),
        aimed(f"share of a core at {of}", [one.core for one in trickle], at_most=0.2),
    ]
    report("freshness", _HEAD, table, note, arguments, aims)


def _columns(measured: list[Fresh]) -> list[str]:
    columns = zip(*((one.sent, one.half, one.most, one.core) for one in measured), strict=True)
    forms = ("{:,.0f}", "{:.2f}", "{:.2f}", "{:.0%}")
    return [shown(spread(values), form.format) for values, form in zip(columns, forms, strict=True)]


def _measure(found: Scene, rate: int, seconds: float, name: str) -> Fresh:
    own = found.stage.prefixed(f"fresh-{name}.")
    warm_up = rate * _WARM_UP_SECONDS
    values = Work(warm_up + int(rate * seconds), PARTITIONS, datetime.now(UTC), Shape(misrouted=_RANDOM))
    ready = [(f"fresh-{name}.{sent.topic}", sent.partition, sent.value) for sent in values]
    worker = Worker(own, f"fresh-{name}", found.core)
    try:
        seconds_until_ready(worker)
        _send(found, ready[:warm_up], rate)
        before = _seen(worker, warm_up, {})
        cpu, started = worker.cpu(), time.monotonic()
        _send(found, ready[warm_up:], rate)
        took = time.monotonic() - started
        share = (worker.cpu() - cpu) / took
        seen = _seen(worker, len(ready) - warm_up, before)
    finally:
        worker.stop()
    return Fresh((len(ready) - warm_up) / took, within(seen, 0.5), within(seen, 0.99), share)


def _send(found: Scene, ready: list[tuple[str, int, bytes]], rate: int) -> None:
    producer = small_requests(found.stage.kafka) if rate <= _ONE_A_REQUEST else gathering(found.stage.kafka)
    started = time.monotonic()
    for number, (topic, partition, value) in enumerate(ready):
        produce(producer, topic, partition, value)
        if number % 10 == 0 and (ahead := number / rate - (time.monotonic() - started)) > 0.001:
            time.sleep(ahead)
    producer.flush()


def _seen(worker: Worker, events: int, before: Mapping[float, float]) -> dict[float, float]:
    """Wait until so many more are visible, but for a few; return how many were within which seconds.

    Raises:
        EngineFailed: they never were.

    """
    ends = time.monotonic() + _READY
    while time.monotonic() < ends:
        time.sleep(1)
        after = freshness_buckets(worker)  # Nothing where the page could not be read in time.
        more = {bound: count - before.get(bound, 0.0) for bound, count in after.items()}
        if more and max(more.values()) >= 0.98 * events:
            return more
    raise EngineFailed(f"{events:,} events were not visible within {_READY:.0f} s")


if __name__ == "__main__":
    main()
