"""Bundles: the records of the forwarding topic, on the partition of the shard that they are for.

A bundle holds sections, each of them the events that came for the shard on one partition of a source topic,
as Kafka writes the records of a batch: with keys and headers as they came, and read by the loop that reads
what is fetched. They are compressed here and not by the producer, whose frames take seven times as long: JSON
shrinks to a fifth, and so does what the many copies on the way to the broker and back take.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Annotated, NamedTuple

import cramjam
import msgspec

from models.core.octets import padded
from models.core.record_batches import FARTHEST_MS, Extent, read_batches
from streams.journal.versioned import decode_versioned, encode_fields
from streams.kafka.batches import FARTHEST_OFFSET
from streams.kafka.raw_records import RawRecords

VERSION = 3
"""The version of a bundle; journals have one of their own (streams.journal.records)."""
_BEFORE = 2
"""The version whose records may still wait when a worker of this release starts: not compressed."""
_MOST_RATIO = 255
"""LZ4 cannot shrink anything further: what claims to become larger is damaged."""

_Offset = Annotated[int, msgspec.Meta(ge=0, le=FARTHEST_OFFSET)]
_Time = Annotated[int, msgspec.Meta(ge=-FARTHEST_MS, le=FARTHEST_MS)]


class Section(NamedTuple):
    """All records of a source partition for one shard, from offset `start` up to `end`.

    There are `number` of them, `written` as in a batch that begins at the offset `start` and at `time`
    (milliseconds).
    """

    topic: str
    partition: int
    start: _Offset
    end: _Offset
    time: _Time
    number: _Offset
    written: bytes


def encode_bundle(sections: Sequence[Section]) -> bytes:
    """Encode sections as one record."""
    plain = msgspec.msgpack.encode(sections)
    packed = cramjam.lz4.compress_block(plain, store_size=False)
    return encode_fields(VERSION, len(plain), bytes(packed))


def decode_bundle(value: bytes | None) -> list[Section]:
    """Decode the sections of a record.

    Raises:
        OtherRelease: it has another version.
        ValueError: it is damaged, or no release writes such records.

    """
    version, fields = decode_versioned(value, (_BEFORE, VERSION), "a bundle")
    try:
        if version == _BEFORE:
            return msgspec.convert(fields, list[Section], builtin_types=(bytes,))
        return _unpacked(*msgspec.convert(fields, tuple[_Offset, bytes], builtin_types=(bytes,)))
    except msgspec.MsgspecError:
        raise ValueError("a bundle cannot be read: it holds what no release writes") from None


def _unpacked(size: int, packed: bytes) -> list[Section]:
    if size > _MOST_RATIO * len(packed):
        raise ValueError("a bundle cannot be read: it is smaller than its sections can be")
    try:
        plain = cramjam.lz4.decompress_block(packed, output_len=size)
    except cramjam.DecompressionError:
        raise ValueError("a bundle cannot be read: it cannot be decompressed") from None
    return msgspec.msgpack.decode(plain, type=list[Section])


def records_of_sections(sections: Sequence[Section]) -> list[RawRecords | None]:
    """Return the records of each section, all over one buffer; None where those of a section are damaged."""
    buffer = padded(*(section.written for section in sections))
    ends = accumulate(len(section.written) for section in sections)
    extents = [_extent(section, end) for section, end in zip(sections, ends, strict=True)]
    found: list[RawRecords | None] = []
    while len(found) < len(sections):
        records, places, whole = read_batches(buffer, extents[len(found) :])
        counts = [section.number for section in sections[len(found) : len(found) + whole]]
        found += RawRecords(records, places).divided(counts)
        if len(found) < len(sections):
            found.append(None)
    return found


def _extent(section: Section, end: int) -> Extent:
    start, last = end - len(section.written), section.end - section.start - 1
    return Extent(start, end, 0, 0, section.start, last, section.time, 0, section.number)
