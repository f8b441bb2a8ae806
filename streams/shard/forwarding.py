"""Send events on to the shard of their campaign, in sections that say what they cover.

Invariants:
1. The sections of a source topic's partition for a shard follow one another without a gap: each begins at the
   source offset where the one before it ended. So a shard notices that something is missing when a section
   begins later than what it has received.
2. One record per shard is on its way at a time, and the next is sent when it is acknowledged: so they arrive
   in order. What is sent again after a crash covers offsets that the shard has received, and is ignored.
3. A delta is written only when all sections are acknowledged that its positions pass over.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from models.core.columns import Ints, numbers
from models.core.record_writing import most_bytes, write_records
from streams.journal.records import PART_BYTES
from streams.kafka.halt import RecordRefused
from streams.kafka.raw_records import RawRecords
from streams.shard.bundles import Section, encode_bundle

SEND_EVERY_SECONDS = 0.075
_SECTION_BYTES = 512
"""What a section takes at most beside its records: its topic's name, and numbers."""
_MICROSECONDS = 1000

Send = Callable[[int, bytes], Awaitable["asyncio.Future[Any]"]]
"""Send a record to the forwarding topic's partition of a shard."""


def sections_of(
    topic: str, partition: int, start: int, end: int, found: RawRecords, lines: Ints
) -> list[Section]:
    """Divide the events at some lines, all that are between two source offsets, into sections.

    Each fits into a record; one event at least is needed.
    """
    records, places = found.records, found.places
    parts = list(_parts(lines, most_bytes(places, lines)))
    starts = [start, *records.offsets[[part[0] for part in parts[1:]]].tolist()]
    times = (records.arrivals[[part[0] for part in parts]] // _MICROSECONDS).tolist()
    return [
        Section(
            topic, partition, first, after, time, len(part), write_records(records, places, part, first, time)
        )
        for first, after, time, part in zip(starts, [*starts[1:], end], times, parts, strict=True)
    ]


class NotForwarded(Exception):
    """An earlier section was not acknowledged, and is no longer waiting."""


class Outbox:
    """Sections that wait to be sent, by the shard that they are for.

    What was sent without an acknowledgement is lost to the shards. So after a failure, whoever met it,
    nothing more is sent until `clear` says that those shards are thrown away.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: defaultdict[int, list[Section]] = defaultdict(list)
        self._any = asyncio.Event()
        self._sending = asyncio.Lock()
        self._failed = False
        self._refused: RecordRefused | None = None

    def add(self, shard: int, sections: Iterable[Section]) -> None:
        """Take sections, in their order."""
        self._waiting[shard].extend(sections)
        self._any.set()

    def clear(self) -> None:
        """Forget what waits, and what failed: the shards that it came from are thrown away."""
        self._waiting.clear()
        self._any.clear()
        self._failed = False
        self._refused = None

    async def drain(self) -> None:
        """Send what waits, and wait until all that was sent is acknowledged.

        Raises:
            NotForwarded: something was not acknowledged before.
            RecordRefused: the broker does not take something, now or before.
            KafkaError: the broker did not acknowledge something.

        """
        async with self._sending:
            if self._failed:
                raise self._refused or NotForwarded("an earlier section was not acknowledged")
            self._failed, self._refused = True, None
            waiting, self._waiting = self._waiting, defaultdict(list)
            self._any.clear()
            try:
                await asyncio.gather(*(self._send_all(shard, found) for shard, found in waiting.items()))
            except RecordRefused as refused:
                self._refused = refused
                raise
            self._failed = False

    async def run(self) -> None:
        """Send what comes, until cancelled: at once where nothing was sent for a while."""
        while True:
            await self._any.wait()
            await self.drain()
            await asyncio.sleep(SEND_EVERY_SECONDS)

    async def _send_all(self, shard: int, sections: Sequence[Section]) -> None:
        sizes = numbers([len(section.written) + _SECTION_BYTES for section in sections])
        for part in _parts(np.arange(len(sections)), sizes):
            await (await self._send(shard, encode_bundle(sections[part[0] : part[-1] + 1])))


def _parts(items: Ints, sizes: Ints) -> Iterator[Ints]:
    """Divide items, in their order, so that each part fits into a record."""
    before, first = np.concatenate([numbers([0]), np.cumsum(sizes)]), 0
    while first < len(items):
        fitting = int(np.searchsorted(before, before[first] + PART_BYTES - _SECTION_BYTES, "right")) - 1
        after = max(first + 1, fitting)
        yield items[first:after]
        first = after
