"""Compare ways to read events: the decoder and its parts, msgspec, the models, and JSON without any rule."""

import argparse
import json
import platform
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

import msgspec
import numpy as np

from benchmarks.records import OF_PEERS, machine, record
from models.core.columns import Ints
from models.core.octets import Octets
from models.core.records import records_of
from models.core.text_table import Lengths
from models.events.batch import Batch
from models.events.decoder import Decoder
from models.events.described import Agents, Audiences
from models.events.forms import forms_of, leaf_rules, numbers_of, width_of
from models.events.leaf_index import LeafFacts, LeafIndex
from models.events.parsing import parse_event
from models.events.scanning import Scanned, room_for, scan
from models.events.schema import LEAF_FIELDS
from models.topics import INPUT_TOPICS, EventType, topic_of

# About as many as a fetch brings of one partition.
_BATCH = 4000


class Work(NamedTuple):
    """Events of one type: their bytes, and as a batch."""

    type: EventType
    values: list[bytes]
    batch: Batch


Find = Callable[[Octets, Ints, Lengths, Ints, Ints, Ints], None]
Way = Callable[[Sequence[Work]], None]


class Audience(msgspec.Struct, gc=False):
    """What msgspec reads of an audience."""

    country: str | None = None
    language: str | None = None
    age_band: str | None = None
    gender: str | None = None
    interests: list[str] | None = None


class Event(msgspec.Struct, gc=False):
    """What msgspec reads of an event: the same fields, with neither limits nor patterns."""

    type: str
    event_id: str
    event_time: str
    campaign_id: str
    influencer_id: str
    content_id: str
    channel: str
    format: str = "none"
    person_id: str | None = None
    consent: bool | None = None
    user_agent: str | None = None
    audience: Audience | None = None
    source: str | None = None
    count: int = 1
    kind: str | None = None
    text: str | None = None
    sentiment: str | None = None
    order_id: str | None = None
    revenue: float | None = None
    currency: str | None = None


def main() -> None:
    """Read the same events in each way, in turns; print nanoseconds an event and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--types", nargs="*", choices=[*INPUT_TOPICS.values()])
    arguments = parser.parse_args()
    works = _works(arguments.events, arguments.types or OF_PEERS)
    ways = _ways()
    times: dict[str, list[float]] = {name: [] for name in ways}
    for read in ways.values():
        read(works)
    for _ in range(arguments.rounds):
        for name, read in ways.items():
            times[name].append(_measure(read, works))
    _report(works, times)


def _works(events: int, types: Sequence[EventType]) -> list[Work]:
    sent = [record(Random(seed), types=types) for seed in range(events)]
    works = []
    for event_type, topic in ((event_type, topic_of(event_type)) for event_type in INPUT_TOPICS.values()):
        values = [value for kind, value in sent if kind == event_type]
        for start in range(0, len(values), _BATCH):
            part = values[start : start + _BATCH]
            count = range(len(part))
            works.append(Work(event_type, part, Batch(topic, 0, records_of(part, count, count))))
    return works


def _ways() -> dict[str, Way]:
    leaves = LeafIndex(leaf_rules(), lambda _: LeafFacts(0, 0, 0), bytes(16))
    decoder, numbering = Decoder(leaves, lambda _: False), _Numbering(leaves)
    read = msgspec.json.Decoder(Event).decode

    def decode(works: Sequence[Work]) -> None:
        for work in works:
            if refused := decoder.decode(work.batch).refused:
                raise SystemExit(f"an event of the benchmark is refused: {refused[0]}")

    def each(function: Callable[[EventType, bytes], object]) -> Way:
        def read_each(works: Sequence[Work]) -> None:
            for work in works:
                for value in work.values:
                    function(work.type, value)

        return read_each

    return {
        "decode": decode,
        "· scan alone": numbering.scan,
        "· texts to numbers alone": numbering.number,
        "msgspec, without rules": each(lambda _, value: read(value)),
        "models (parse_event)": each(parse_event),
        "json.loads, without rules": each(lambda _, value: json.loads(value)),
    }


class _Numbering:
    """The two costliest parts of decoding, by themselves."""

    def __init__(self, leaves: LeafIndex) -> None:
        self._finders: list[
            tuple[tuple[str, ...], Callable[[Octets, Ints, Lengths, Ints, Ints, Ints], None]]
        ] = [
            (LEAF_FIELDS, leaves.find),
            (("user_agent",), Agents(lambda _: False, bool).texts.find),
            (("audience",), Audiences().texts.find),
        ]
        self._scanned: list[Scanned] = []

    def scan(self, works: Sequence[Work]) -> None:
        if not self._scanned:
            self._scanned = [room_for(len(work.values), width_of(work.type)) for work in works]
        for work, out in zip(works, self._scanned, strict=True):
            records, form = work.batch.records, forms_of(work.type)[0].form
            lines = np.arange(len(work.values))
            scan(records.buffer, records.starts, records.lengths, lines, form, 0, out)

    def number(self, works: Sequence[Work]) -> None:
        for work, (starts, values, _) in zip(works, self._scanned, strict=True):
            lines, found = np.arange(len(values)), np.empty(len(values), np.int64)
            for fields, find in self._finders:
                find(work.batch.records.buffer, starts, values, numbers_of(*fields), lines, found)


def _measure(read: Way, works: Sequence[Work]) -> float:
    """Return the CPU time in nanoseconds an event: others may use the machine."""
    started = time.process_time_ns()
    read(works)
    return (time.process_time_ns() - started) / sum(len(work.values) for work in works)


def _report(works: Sequence[Work], times: dict[str, list[float]]) -> None:
    sizes = [len(value) for work in works for value in work.values]
    types = Counter(work.type for work in works for _ in work.values)
    shares = ", ".join(f"{kind} {count / len(sizes):.0%}" for kind, count in types.items())
    print(f"{len(sizes)} events of {statistics.mean(sizes):.0f} bytes ({shares})")
    print(f"Python {platform.python_version()}, {machine()}")
    print(f"{'':28}{'ns/event':>10}{'least':>8}{'× decode':>10}")
    own = next(iter(times.values()))
    for name, rounds in times.items():
        ratio = statistics.median(one / other for one, other in zip(rounds, own, strict=True))
        print(f"{name:28}{statistics.median(rounds):10.0f}{min(rounds):8.0f}{ratio:10.1f}")


if __name__ == "__main__":
    main()
