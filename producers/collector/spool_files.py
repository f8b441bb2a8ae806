"""The segments of a process's spool: one is written, the others wait to be read, or to be acknowledged."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from producers.collector.records import Numbered
from producers.collector.spool_folders import Folder
from producers.collector.spool_segments import Segment

log = logging.getLogger(__name__)

_SEGMENT_BYTES = 8 << 20


class SpoolFiles:
    """Appends to a folder's newest segment, and reads all of them from the oldest on.

    `leftovers` are segments that dead processes left. `clock` gives seconds since 1970.
    """

    def __init__(self, folder: Folder, leftovers: Sequence[Segment], clock: Callable[[], float]) -> None:
        self.damaged_bytes = 0
        self._folder = folder
        self._clock = clock
        self._segments = list(leftovers)
        self._reading = deque(leftovers)
        self._current: Segment | None = None
        self._writing: Segment | None = None
        self._thread = ThreadPoolExecutor(1, "spool")
        self._pass_by_read()
        for segment in leftovers:
            # One that its process had only just created.
            self._delete_if_over(segment)

    @property
    def has_unread(self) -> bool:
        """Return whether something is to be read."""
        return bool(self._reading) and self._reading[0].cursor < self._reading[0].size

    @property
    def events(self) -> int:
        """Return how many records are not acknowledged, as far as is known before all was read."""
        return sum(segment.events for segment in self._segments)

    @property
    def size(self) -> int:
        """Return how many bytes all segments have."""
        return sum(segment.size for segment in self._segments)

    @property
    def oldest_seconds(self) -> float:
        """Return the age of the oldest segment; 0 if there is none."""
        return max(0.0, self._clock() - self._segments[0].begun) if self._segments else 0.0

    async def store(self, data: bytes) -> Segment:
        """Append entries, and return their segment once they are on disk.

        What a disk did not take is tried once more in another segment: the file may be at fault.

        Raises:
            OSError: that failed, too; nothing was added.

        """
        try:
            return await self._append(data)
        except OSError:
            return await self._append(data)

    async def take(self) -> tuple[list[Numbered], Segment] | None:
        """Read the next records that are to be sent, some hundred; None if there are none now.

        Their segment stays until `settle` was called once for them.
        """
        while self.has_unread:
            segment = self._reading[0]
            records = await self._read(segment)
            segment.unsettled += bool(records)
            self._pass_by_read()
            self._delete_if_over(segment)
            if records:
                return records, segment
        return None

    def settle(self, segment: Segment, records: int) -> None:
        """Forget a lot whose records are acknowledged, and delete the segment with the last."""
        segment.unsettled -= 1
        segment.events -= records
        self._delete_if_over(segment)

    def written(self, segment: Segment) -> None:
        """Take note that the lots of the last entries stored are counted in their segment."""
        self._writing = None
        self._delete_if_over(segment)

    def set_aside(self, record: Numbered, why: str, segment: Segment | None) -> None:
        """Keep the bytes of a record that was promised and that Kafka will never take, a line each.

        Where that fails, the whole segment that it is in is kept, once it is over.
        """
        kept = self._folder.path / "refused.ndjson"
        try:
            with kept.open("ab") as file:
                file.write(record.value + b"\n")
        except OSError as error:
            log.error("%s cannot be written (%s).", kept, error.strerror)
            kept = segment.keep() if segment else kept
        log.error("Record %d of the producer %s is set aside in %s: %s",
                  record.number, record.producer.decode(), kept, why)  # fmt: skip

    def close(self) -> None:
        """Write no more; what is not acknowledged stays."""
        self._thread.shutdown()
        if self._current:
            self._current.seal()

    async def _append(self, data: bytes) -> Segment:
        segment = self._writing = self._segment(len(data))
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, segment.append, data)
        except OSError:
            self._writing = None
            self._seal()
            raise
        segment.size += len(data)
        return segment

    def _segment(self, size: int) -> Segment:
        """Return the segment to write to."""
        if self._current and self._current.size + size > _SEGMENT_BYTES:
            self._seal()
        if not self._current:
            self._current = self._folder.new_segment(self._clock())
            self._segments.append(self._current)
            self._reading.append(self._current)
        return self._current

    def _seal(self) -> None:
        segment, self._current = self._current, None
        if segment:
            segment.seal()
            self._pass_by_read()
            self._delete_if_over(segment)

    async def _read(self, segment: Segment) -> list[Numbered]:
        try:
            parsed, data = await asyncio.to_thread(segment.read)
        except OSError as error:
            self.damaged_bytes += segment.size - segment.cursor
            segment.abandon(error)
            return []
        if parsed.damaged:
            await asyncio.to_thread(segment.set_aside, data, parsed.damaged)
        self.damaged_bytes += sum(place.stop - place.start for place in parsed.damaged)
        segment.cursor += parsed.consumed
        return [entry.record for entry in parsed.entries if not (segment.ours and entry.handed)]

    def _pass_by_read(self) -> None:
        while self._reading and self._reading[0] is not self._current and not self.has_unread:
            self._reading.popleft()

    def _delete_if_over(self, segment: Segment) -> None:
        if not segment.is_over or segment is self._writing or segment not in self._segments:
            return
        if segment is self._current:
            self._current = None
        self._segments.remove(segment)
        if segment in self._reading:
            self._reading.remove(segment)
        segment.delete()
