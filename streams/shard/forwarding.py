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

from streams.journal.records import PART_BYTES
from streams.kafka.halt import RecordRefused
from streams.kafka.raw_records import Record
from streams.shard.bundles import Section, encode_bundle

SEND_EVERY_SECONDS = 0.075
_MOST_EVENTS = 1_000
_EVENT_BYTES = 64

Send = Callable[[int, bytes], Awaitable["asyncio.Future[Any]"]]
"""Send a record to the forwarding topic's partition of a shard."""


def sections_of(topic: str, partition: int, start: int, end: int, records: Sequence[Record]) -> list[Section]:
    """Divide the events between two source offsets into sections that each fit into a record."""
    chunks = list(_chunks(records, _size_of))
    starts = [start, *(chunk[0].offset for chunk in chunks[1:])]
    ends = [*starts[1:], end]
    return [
        Section(topic, partition, first, after, chunk)
        for first, after, chunk in zip(starts, ends, chunks, strict=True)
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
        for chunk in _chunks(sections, lambda section: sum(map(_size_of, section.records))):
            await (await self._send(shard, encode_bundle(chunk)))


def _size_of(record: Record) -> int:
    headers = sum(len(name) + len(value or b"") + _EVENT_BYTES for name, value in record.headers)
    return len(record.value or b"") + len(record.key or b"") + headers + _EVENT_BYTES


def _chunks(items: Sequence[Any], size_of: Callable[[Any], int]) -> Iterator[list[Any]]:
    """Divide items, in their order, so that each part fits into a record."""
    chunk: list[Any] = []
    size = 0
    for item in items:
        own = size_of(item)
        if chunk and (size + own > PART_BYTES or len(chunk) >= _MOST_EVENTS):
            yield chunk
            chunk, size = [], 0
        chunk.append(item)
        size += own
    if chunk:
        yield chunk
