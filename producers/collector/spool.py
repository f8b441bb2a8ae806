"""The spool: what Kafka does not take now, on disk, in groups, in its order, up to a bound."""

import asyncio
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from producers.collector.lots import Lot, settle
from producers.collector.not_kept import NotKept
from producers.collector.pace import Pace
from producers.collector.records import Numbering, Outgoing
from producers.collector.spool_entries import OVERHEAD, encode
from producers.collector.spool_files import SpoolFiles
from producers.collector.spool_segments import Segment

log = logging.getLogger(__name__)

_GROUP_SECONDS = 0.010
_GROUP_BYTES = 64 * 1024
_YIELDING_SHARE = 0.8
"""Of the bound: above it, what yields is not kept, so that pixels, which nobody sends again, still are."""
_QUEUE_BYTES = 32 << 20
"""What may wait for the disk, in memory: one that hangs fails nothing, and events go on coming."""
RETRY_SECONDS = 5


@dataclass(slots=True, eq=False)
class _Fresh:
    """Records that the sender has not seen: the drain hands them on."""

    records: Sequence[Outgoing]
    kept: "asyncio.Future[None]"

    def answer(self, error: Exception | None = None) -> None:
        """Tell whoever waits; nobody may, any more."""
        settle(self.kept, error)


class Spool:
    """Writes groups of records to `files`; `why` says why it cannot, and is empty where it can.

    Invariant: records stand there in the order of their numbers. Those that were handed to the sender before
    (`copy`) are marked; only another process reads them back.
    """

    def __init__(self, files: SpoolFiles, numbering: Numbering, bound: int) -> None:
        self.arrived = asyncio.Event()
        self.why = ""
        self._files = files
        self._numbering = numbering
        self._bound = bound
        self._pace = Pace()
        self._loop = asyncio.get_running_loop()
        self._queue: list[_Fresh | Lot] = []
        self._queued_bytes = 0
        self._queued_since = 0.0
        self._fresh = 0
        self._wanted, self._plenty = asyncio.Event(), asyncio.Event()
        self._ending = False
        if files.has_unread:
            self.arrived.set()

    @property
    def is_ahead(self) -> bool:
        """Return whether records in it, or on their way to it, are to be sent before any new one."""
        return self._fresh > 0 or self._files.has_unread

    def seconds_left(self) -> int | None:
        """Return in how many seconds it is full, at the pace of the last minute; None if it does not grow."""
        self._pace.observe(self._loop.time(), self._files.size)
        return self._pace.seconds_left(self._loop.time(), self._files.size, self._bound)

    async def append(self, records: Sequence[Outgoing], *, yields: bool) -> None:
        """Return once new records are on disk.

        Raises:
            NotKept: there is no room, or the disk does not take them.

        """
        size = sum(len(record.key) + len(record.value) + OVERHEAD for record in records)
        self._admit(size, yields=yields)
        fresh = _Fresh(records, self._loop.create_future())
        self._fresh += 1
        self._enqueue(fresh, size)
        await fresh.kept

    def copy(self, lots: Sequence[Lot]) -> None:
        """Store what was handed to the sender, unless it is acknowledged or stored; each lot is answered."""
        for lot in lots:
            if lot.spooling or lot.segment or not lot.left:
                continue
            size = lot.size + OVERHEAD * len(lot.records)
            try:
                self._admit(size, yields=lot.yields)
            except NotKept as error:
                lot.answer(error)
            else:
                lot.spooling = True
                self._enqueue(lot, size)

    async def run(self) -> None:
        """Write what comes, in groups, until `end` was called and all is written."""
        while self._queue or not self._ending:
            await self._wanted.wait()
            self._wanted.clear()
            delay = self._queued_since + _GROUP_SECONDS - self._loop.time()
            if delay > 0 and not self._plenty.is_set():
                with suppress(TimeoutError):
                    async with asyncio.timeout(delay):
                        await self._plenty.wait()
            self._plenty.clear()
            await self._flush()

    def end(self) -> None:
        """Let `run` end; nothing may be added any more."""
        self._ending = True
        self._wanted.set()
        self._plenty.set()

    def _admit(self, size: int, *, yields: bool) -> None:
        share = _YIELDING_SHARE if yields else 1.0
        queued = self._queued_bytes + size
        if self._files.size + queued > self._bound * share:
            of_it = f"{share:.0%} of " if yields else ""
            raise NotKept(
                RETRY_SECONDS,
                f"Kafka takes nothing and the spool has reached {of_it}its bound of {self._bound:,} bytes.",
            )
        if queued > _QUEUE_BYTES * share:
            raise NotKept(
                RETRY_SECONDS, "Kafka takes nothing and the disk takes events more slowly than they come."
            )

    def _enqueue(self, item: _Fresh | Lot, size: int) -> None:
        if not self._queue:
            self._queued_since = self._loop.time()
        self._queue.append(item)
        self._queued_bytes += size
        self._wanted.set()
        if self._queued_bytes >= _GROUP_BYTES:
            self._plenty.set()

    async def _flush(self) -> None:
        """Write one group.

        Numbers are given here, not before: the failure of a group must leave no later ones in use.
        """
        items, self._queue = self._queue, []
        self._queued_bytes = 0
        fresh = sum(isinstance(item, _Fresh) for item in items)
        data = b"".join(self._entries(item) for item in items)
        try:
            await self._write(items, data)
        except OSError as error:
            self._give_up(items, error)
        self._fresh -= fresh
        if self._files.has_unread:
            self.arrived.set()

    async def _write(self, items: Sequence[_Fresh | Lot], data: bytes) -> None:
        if data:
            segment = await self._files.store(data)
            for item in items:
                self._count(item, segment)
            self._files.written(segment)
            self.why = ""
        self._pace.observe(self._loop.time(), self._files.size)
        for item in items:
            item.answer()

    def _entries(self, item: _Fresh | Lot) -> bytes:
        """Return what is to be written of an item: nothing, if its acknowledgement came after all."""
        if isinstance(item, _Fresh):
            return b"".join(encode(record, handed=False) for record in self._numbering.number(item.records))
        return b"".join(encode(record, handed=True) for record in item.records) if item.left else b""

    def _count(self, item: _Fresh | Lot, segment: Segment) -> None:
        if isinstance(item, _Fresh):
            segment.events += len(item.records)
        elif item.left:
            item.segment = segment
            segment.unsettled += 1
            segment.events += len(item.records)

    def _give_up(self, items: Sequence[_Fresh | Lot], error: OSError) -> None:
        """Answer that a group is not kept.

        What the disk has of it is unknown, so its numbers are never given again.
        """
        self._numbering.renew()
        why = f"The spool cannot be written ({os.strerror(error.errno or 0)}), and Kafka takes nothing."
        if why != self.why:
            log.error("%s", why)
        self.why = why
        for item in items:
            if isinstance(item, Lot):
                item.spooling = False
            item.answer(NotKept(RETRY_SECONDS, why))
