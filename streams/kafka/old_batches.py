"""Record batches of the versions before 2: each a record, whose value may be a number of them, compressed.

aiokafka's parsers of these are not used. Where a length is wrong, the compiled one looks into foreign memory,
before any checksum, and the other one may not end.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from streams.kafka.compression import BatchDamaged, Room, is_compressed

NO_TIME = -1

_HEADER = struct.Struct(">qiIbb")
_TIME = struct.Struct(">q")
_LENGTH = struct.Struct(">i")
_SIZE_END, _CHECKED_FROM = 12, 16
_STAMPED = 0x08
_NULL = -1


class OldRecord(NamedTuple):
    """A record; its time is in milliseconds, or NO_TIME."""

    offset: int
    version: int
    attributes: int
    time: int
    key: bytes | None
    value: bytes | None


def read_old(batch: memoryview) -> list[OldRecord]:
    """Return the records of a batch, one at least.

    Raises:
        BatchDamaged: its checksum is wrong, or a length in it.

    """
    _, _, checksum, *_ = _HEADER.unpack_from(batch)
    if zlib.crc32(batch[_CHECKED_FROM:]) != checksum:
        raise BatchDamaged("its checksum is wrong")
    outer = _record(batch)
    if not is_compressed(outer.attributes):
        return [outer]
    room = Room()
    size = room.unpack(outer.attributes, memoryview(outer.value or b""))
    inner = list(_records(room.take().data[:size]))
    if not inner or any(is_compressed(one.attributes) or one.version != outer.version for one in inner):
        raise BatchDamaged("it holds something else than records")
    # From version 1 on the inner offsets are relative, and the outer one is that of the last record.
    shift = outer.offset - inner[-1].offset if outer.version else 0
    stamped = bool(outer.attributes & _STAMPED)
    return [
        one._replace(offset=one.offset + shift, time=outer.time if stamped else one.time) for one in inner
    ]


def _records(data: memoryview) -> Iterator[OldRecord]:
    at = 0
    while at < len(data):
        (size,) = _LENGTH.unpack_from(_part(data, at, _SIZE_END)[0], _SIZE_END - _LENGTH.size)
        record, at = _part(data, at, _SIZE_END + size)
        yield _record(record)


def _record(data: memoryview) -> OldRecord:
    head, at = _part(data, 0, _HEADER.size)
    offset, _, _, version, attributes = _HEADER.unpack(head)
    time = NO_TIME
    if version:
        stamp, at = _part(data, at, _TIME.size)
        (time,) = _TIME.unpack(stamp)
    key, at = _bytes(data, at)
    value, _ = _bytes(data, at)
    return OldRecord(offset, version, attributes, time, key, value)


def _bytes(data: memoryview, at: int) -> tuple[bytes | None, int]:
    length, at = _part(data, at, _LENGTH.size)
    (size,) = _LENGTH.unpack(length)
    if size == _NULL:
        return None, at
    found, at = _part(data, at, size)
    return bytes(found), at


def _part(data: memoryview, at: int, size: int) -> tuple[memoryview, int]:
    """Return so many bytes from a place on, and where they end."""
    if not at <= at + size <= len(data):
        raise BatchDamaged("it ends before what it holds")
    return data[at : at + size], at + size
