"""Kafka's record batches as brokers send them: where each ends, its header, its checksum."""

import struct
from typing import NamedTuple

from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.util import calc_crc32c

from streams.kafka.compression import BatchDamaged
from streams.kafka.old_batches import read_old

_HEADER = struct.Struct(">qiibIhiqqqhii")
HEADER_BYTES = _HEADER.size
_SIZE = struct.Struct(">qi")
_VERSION_AT = 16
_VERSION = 2
_CHECKED_FROM = 21
_LEAST_OLD_BYTES = 26
_TRANSACTIONAL, _CONTROL = 0x10, 0x20
_MOST = (1 << 31) - 1
FARTHEST_OFFSET = 1 << 62


class Head(NamedTuple):
    """A batch's header: `last` is how much further the offset of its last record is than `offset`."""

    offset: int
    size: int
    leader_epoch: int
    version: int
    checksum: int
    attributes: int
    last: int
    time: int
    latest: int
    producer: int
    producer_epoch: int
    sequence: int
    records: int

    @property
    def end(self) -> int:
        """The offset after the last one that it covers."""
        return self.offset + self.last + 1

    @property
    def is_transactional(self) -> bool:
        """Whether its records count only if their transaction is committed."""
        return bool(self.attributes & _TRANSACTIONAL)

    @property
    def is_control(self) -> bool:
        """Whether it is the marker with which a transaction ends."""
        return bool(self.attributes & _CONTROL)


class Packed(NamedTuple):
    """A batch that is whole, with its records as they came, compressed or not."""

    head: Head
    records: memoryview


def batch_end(data: bytes, at: int) -> int | None:
    """Return where the batch at a place of an answer says that it ends; None if it has not come whole.

    It may say that it ends before it begins: `open_batch` refuses what is too short.
    """
    if len(data) - at < _SIZE.size:
        return None
    _, size = _SIZE.unpack_from(data, at)
    end = at + _SIZE.size + int(size)
    return end if end <= len(data) else None


def claimed_end(batch: memoryview) -> int:
    """Return the offset after the last one that a batch says it covers, be that true or not."""
    return 0 if len(batch) < _HEADER.size or _is_old(batch) else _head_of(batch).end


def open_batch(batch: memoryview) -> Packed:
    """Check a batch; one of a version before 2, in which each record may be a batch, is written anew.

    Raises:
        BatchDamaged: it is too short, its checksum is wrong, or what its header says cannot be.

    """
    if len(batch) < _LEAST_OLD_BYTES:
        raise BatchDamaged("it is shorter than any batch")
    if _is_old(batch):
        return _of_today(batch)
    if len(batch) < _HEADER.size:
        raise BatchDamaged("it is shorter than its header")
    head = _head_of(batch)
    if calc_crc32c(batch[_CHECKED_FROM:]) != head.checksum:
        raise BatchDamaged("its checksum is wrong")
    if not 0 <= head.offset <= FARTHEST_OFFSET or head.last < 0 or head.records < 0:
        raise BatchDamaged("its header says what cannot be")
    return Packed(head, batch[_HEADER.size :])


def _is_old(batch: memoryview) -> bool:
    return batch[_VERSION_AT] < _VERSION


def _head_of(batch: memoryview) -> Head:
    return Head(*_HEADER.unpack_from(batch))


def _of_today(batch: memoryview) -> Packed:
    """Write a batch of an earlier version anew."""
    records = read_old(batch)
    first, last = records[0].offset, records[-1].offset
    most = min(last, first + _MOST, FARTHEST_OFFSET)
    if not all(0 <= first <= record.offset <= most for record in records):
        raise BatchDamaged("its records have offsets that cannot be")
    builder = DefaultRecordBatchBuilder(_VERSION, 0, 0, -1, -1, -1, _MOST)
    for record in records:
        builder.append(record.offset - first, record.time, record.key, record.value, [])
    written = memoryview(builder.build())
    return Packed(_head_of(written)._replace(offset=first, last=last - first), written[_HEADER.size :])
