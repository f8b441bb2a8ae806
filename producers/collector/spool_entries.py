"""How a record stands in a segment of the spool: marked, measured, and with a checksum.

    mark 4 | length 4 | crc32 4 | producer 16 | number 8 | handed 1 | topic length 1 | key length 2
    | topic | key | value

A mark begins with a byte that no UTF-8 text holds, so behind a damaged entry the next whole one is found.
"""

import struct
import zlib
from typing import NamedTuple

from producers.collector.records import Numbered

MARK = b"\xf5kpi"
LARGEST = 1 << 20
"""Bytes of the largest entry; Kafka takes no larger record."""
_FRAME = struct.Struct("<4sII")
_HEAD = struct.Struct("<16sQ?BH")
OVERHEAD = _FRAME.size + _HEAD.size + 16
"""Bytes that an entry has beside key and value, at most (topics have short names)."""


class Entry(NamedTuple):
    """A record as it was stored, and whether the process that stored it had handed it to Kafka before."""

    record: Numbered
    handed: bool
    end: int


class Parsed(NamedTuple):
    """What bytes of a segment hold: whole entries, the places of what is damaged, and how far they go."""

    entries: list[Entry]
    damaged: list[slice]
    consumed: int


def encode(record: Numbered, *, handed: bool) -> bytes:
    """Return a record's entry."""
    topic = record.topic.encode()
    head = _HEAD.pack(record.producer, record.number, handed, len(topic), len(record.key))
    body = b"".join((head, topic, record.key, record.value))
    return _FRAME.pack(MARK, len(body), _checksum(body)) + body


def parse(data: bytes, *, final: bool) -> Parsed:
    """Read entries. Unless `final`, more bytes follow, and an entry that is cut off is left to them.

    Of damaged bytes no entry is made: what is returned is what was stored.
    """
    entries: list[Entry] = []
    damaged: list[slice] = []
    offset = 0
    while offset < len(data):
        entry = _entry_at(data, offset)
        if entry:
            entries.append(entry)
            offset = entry.end
        elif not final and _is_cut_off(data, offset):
            break
        else:
            end = _next_whole(data, offset + 1, final=final)
            damaged.append(slice(offset, end))
            offset = end
    return Parsed(entries, damaged, offset)


def count(data: bytes) -> int:
    """Return how many entries there are up to the first whose frame is damaged, without looking inside."""
    offset = entries = 0
    while offset + _FRAME.size <= len(data):
        mark, length, _ = _FRAME.unpack_from(data, offset)
        if mark != MARK or length > LARGEST:
            break
        offset += _FRAME.size + length
        entries += offset <= len(data)
    return entries


def _entry_at(data: bytes, offset: int) -> Entry | None:
    start = offset + _FRAME.size
    if start > len(data):
        return None
    mark, length, checksum = _FRAME.unpack_from(data, offset)
    end = start + length
    if mark != MARK or not _HEAD.size <= length <= LARGEST or end > len(data):
        return None
    body = data[start:end]
    return _decode(body, end) if _checksum(body) == checksum else None


def _decode(body: bytes, end: int) -> Entry:
    producer, number, handed, topic_length, key_length = _HEAD.unpack_from(body)
    key = _HEAD.size + topic_length
    value = key + key_length
    topic = body[_HEAD.size : key].decode()
    return Entry(Numbered(topic, body[key:value], body[value:], producer, number), handed, end)


def _checksum(body: bytes) -> int:
    """Begin with the length, so that zeros at the end are not overlooked."""
    return zlib.crc32(body, len(body))


def _is_cut_off(data: bytes, offset: int) -> bool:
    """Return whether what begins here may be whole with the bytes that follow."""
    frame = data[offset : offset + _FRAME.size]
    if len(frame) < _FRAME.size:
        return MARK.startswith(frame[:4])
    mark, length, _ = _FRAME.unpack(frame)
    return bool(mark == MARK and length <= LARGEST and offset + _FRAME.size + length > len(data))


def _next_whole(data: bytes, offset: int, *, final: bool) -> int:
    """Return where the next entry begins that is whole, or may be; the end if there is none."""
    while (offset := data.find(MARK[:1], offset)) >= 0:
        if _entry_at(data, offset) or (not final and _is_cut_off(data, offset)):
            return offset
        offset += 1
    return len(data)
