"""What a broker answered to a fetch, until it is handed over: whole batches, without what does not count."""

import struct
from collections.abc import Iterable
from typing import NamedTuple

from faust.types import TP

from models.core.record_batches import Extent, read_batches
from streams.kafka.batches import Packed, batch_end, claimed_end, open_batch
from streams.kafka.compression import BatchDamaged, Room
from streams.kafka.fetched import Fetched
from streams.kafka.raw_records import RawRecords

_MARKER = struct.Struct(">hh")
_ABORT = 0


class Damaged(Exception):
    """What stands in a log from an offset on, as far as its header says, has a wrong checksum or form."""

    def __init__(self, tp: TP, offset: int, end: int) -> None:
        super().__init__(f"{tp.topic}/{tp.partition} is damaged at offset {offset}")
        self.tp, self.offset, self.end = tp, offset, end


class Answer(NamedTuple):
    """Record batches as they came from an offset on; and the aborted transactions: producer, first offset."""

    start: int
    data: bytes
    aborted: Iterable[tuple[int, int]]


class _Batch(NamedTuple):
    """A batch that counts, unpacked, and the offsets at which reading is before it and after it."""

    extent: Extent
    before: int
    after: int


class Unread:
    """What of an answer is not handed over yet.

    `next_fetch_offset`, as aiokafka calls it, is where that begins: aiokafka compares it with the position,
    and moves the position to it. It never moves back: records would be handed over a second time, and nobody
    would know.
    """

    def __init__(self, tp: TP, answer: Answer, room: Room) -> None:
        self.next_fetch_offset = answer.start
        self.ended = False
        self._tp = tp
        self._room = room
        self._data = answer.data
        self._at = 0
        self._aborted = sorted(answer.aborted, key=lambda one: one[1])
        self._aborting: set[int] = set()

    def take(self, most: int) -> Fetched | None:
        """Take the records of whole batches, about so many; None where nothing is left.

        `ended` says whether nothing is left afterwards. What is damaged ends it, and is told when it comes
        first: until then it is fetched again from there.

        Raises:
            Damaged: what comes first is damaged.

        """
        start = self.next_fetch_offset
        batches, damaged_to = self._open(most)
        records, places, whole = read_batches(self._room.take(), [batch.extent for batch in batches])
        if whole < len(batches):
            self.next_fetch_offset, damaged_to = batches[whole].before, batches[whole].after
        self.ended = damaged_to is not None or batch_end(self._data, self._at) is None
        if self.next_fetch_offset > start:
            return Fetched(start, self.next_fetch_offset, RawRecords(records, places))
        if damaged_to is not None:
            raise Damaged(self._tp, start, max(start + 1, damaged_to))
        return None

    def _open(self, most: int) -> tuple[list[_Batch], int | None]:
        """Open batches that count, up to one that is damaged; return what offset that says it goes up to."""
        batches: list[_Batch] = []
        while most > 0 and (end := batch_end(self._data, self._at)) is not None:
            batch, before = memoryview(self._data)[self._at : end], self.next_fetch_offset
            try:
                packed = open_batch(batch)
                if self._counts(packed):
                    extent = self._unpack(packed, before)
                    batches.append(_Batch(extent, before, max(before, packed.head.end)))
                    most -= extent.records
            except BatchDamaged:
                return batches, claimed_end(batch)
            self._at, self.next_fetch_offset = end, max(before, packed.head.end)
        return batches, None

    def _counts(self, packed: Packed) -> bool:
        """Return whether a batch holds records that count; note where aborted transactions begin and end."""
        head = packed.head
        while self._aborted and self._aborted[0][1] <= head.offset:
            self._aborting.add(self._aborted.pop(0)[0])
        if head.is_control:
            if self._is_abort(packed):
                self._aborting.discard(head.producer)
            return False
        return not (head.is_transactional and head.producer in self._aborting)

    def _is_abort(self, packed: Packed) -> bool:
        """Return whether a transaction's marker says that it was aborted; one that compaction emptied, not.

        Raises:
            BatchDamaged: it is no marker.

        """
        extent = self._unpack(packed, 0)
        marker = self._room.take(extent.start)
        extent = extent._replace(start=0, end=extent.end - extent.start)
        records, places, whole = read_batches(marker, [extent])
        if whole and not len(records.starts):
            return False
        key = RawRecords(records, places)[0].key if whole else None
        if key is None or len(key) < _MARKER.size:
            raise BatchDamaged("it is no marker")
        _, kind = _MARKER.unpack_from(key)
        return int(kind) == _ABORT

    def _unpack(self, packed: Packed, least: int) -> Extent:
        head, start = packed.head, self._room.filled
        end = self._room.unpack(head.attributes, packed.records)
        return Extent(
            start, end, least, head.attributes, head.offset, head.last, head.time, head.latest, head.records
        )
