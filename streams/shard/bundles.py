"""Bundles: the records of the forwarding topic, on the partition of the shard that they are for.

A bundle holds sections, each of them the events that came for the shard on one partition of a source topic,
as Kafka writes the records of a batch: with keys and headers as they came, and read by the loop that reads
what is fetched. Version 1 had a list of fields for each record.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Annotated, Any, NamedTuple

import msgspec
from aiokafka.record.default_records import DefaultRecordBatchBuilder

from models.core.octets import padded
from models.core.record_batches import FARTHEST_MS, Extent, read_batches
from streams.journal.versioned import decode_versioned, encode_fields
from streams.kafka.batches import FARTHEST_OFFSET, HEADER_BYTES
from streams.kafka.raw_records import RawRecords, Record

VERSION = 2
"""The version of a bundle; journals have one of their own (streams.journal.records)."""
_BEFORE = 1
"""The version whose records may still wait when a worker of this release starts; it is read, not written."""

_Offset = Annotated[int, msgspec.Meta(ge=0, le=FARTHEST_OFFSET)]
_Time = Annotated[int, msgspec.Meta(ge=-FARTHEST_MS, le=FARTHEST_MS)]
_MICROSECONDS = 1000
_MOST_BYTES = 1 << 31


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


class _SectionBefore(NamedTuple):
    """A section as version 1 has it."""

    topic: str
    partition: int
    start: _Offset
    end: _Offset
    records: list[Record]


def encode_bundle(sections: Sequence[Section]) -> bytes:
    """Encode sections as one record."""
    return encode_fields(VERSION, *sections)


def decode_bundle(value: bytes | None) -> list[Section]:
    """Decode the sections of a record.

    Raises:
        OtherRelease: it has another version.
        ValueError: it is damaged, or no release writes such records.

    """
    version, fields = decode_versioned(value, (_BEFORE, VERSION), "a bundle")
    try:
        if version == VERSION:
            return list(_converted(fields, list[Section]))
        return list(map(_written_anew, _converted(fields, list[_SectionBefore])))
    except msgspec.ValidationError:
        raise ValueError("a bundle cannot be read: it holds what no release writes") from None


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


def _converted(fields: list[Any], kind: Any) -> Any:
    return msgspec.convert(fields, kind, builtin_types=(bytes,))


def _written_anew(before: _SectionBefore) -> Section:
    topic, partition, start, end, records = before
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, _MOST_BYTES)
    for record in records:
        time = record.arrival // _MICROSECONDS
        builder.append(record.offset - start, time, record.key, record.value, record.headers)
    written = bytes(builder.build()[HEADER_BYTES:])
    first = records[0].arrival // _MICROSECONDS if records else 0
    return Section(topic, partition, start, end, first, len(records), written)
