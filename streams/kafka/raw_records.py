"""The records of a source as columns over the bytes that the broker sent; keys and headers by index."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from aiokafka.record.util import decode_varint

from models.core.columns import Ints, numbers, stack
from models.core.records import Records

_MOST_SIZE_BYTES = 10
_Headers = list[tuple[str, bytes | None]]


class Record(NamedTuple):
    """A record of a source as it came; arrival in microseconds."""

    offset: int
    arrival: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


@dataclass(frozen=True, slots=True, eq=False)
class RawRecords:
    """Records as columns, and `places`: where each stands in their buffer, as Kafka writes it.

    Headers are not looked at before somebody asks for a record by itself: a name may be any bytes to Kafka.
    Those that are not UTF-8 are spelled with backslashes then, as no client writes such names.
    """

    records: Records
    places: Ints

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, index: int) -> Record:
        """Return one record."""
        key, headers = _key_and_headers(self._bytes_of(index))
        offset, arrival = int(self.records.offsets[index]), int(self.records.arrivals[index])
        return Record(offset, arrival, key, self.records.value(index), headers)

    def __iter__(self) -> Iterator[Record]:
        return (self[index] for index in range(len(self)))

    def since(self, offset: int) -> "RawRecords":
        """Return the records from an offset on."""
        index = int(np.searchsorted(self.records.offsets, offset))
        return RawRecords(self.records.since(index), self.places[index:])

    def _bytes_of(self, index: int) -> bytearray:
        place = int(self.places[index])
        size, start = decode_varint(bytearray(self.records.buffer[place : place + _MOST_SIZE_BYTES]), 0)
        return bytearray(self.records.buffer[place + start : place + start + size])


def joined(parts: Sequence[RawRecords]) -> RawRecords:
    """Join records that follow one another; at least one part is needed."""
    if len(parts) == 1:
        return parts[0]
    records: Records = stack([part.records for part in parts])
    sizes = numbers([len(part.records.buffer) for part in parts])
    shifts = np.repeat(np.cumsum(sizes) - sizes, [len(part) for part in parts])
    places = np.concatenate([part.places for part in parts])
    return RawRecords(records._replace(starts=records.starts + shifts), places + shifts)


def _key_and_headers(record: bytearray) -> tuple[bytes | None, _Headers]:
    """Read a record of which it is known that it is whole."""
    at = 1  # Attributes: none are defined yet.
    _, at = decode_varint(record, at)
    _, at = decode_varint(record, at)
    key, at = _read_bytes(record, at)
    _, at = _read_bytes(record, at)
    count, at = decode_varint(record, at)
    headers: _Headers = []
    for _ in range(count):
        name, at = _read_bytes(record, at)
        value, at = _read_bytes(record, at)
        headers.append(((name or b"").decode(errors="backslashreplace"), value))
    return key, headers


def _read_bytes(record: bytearray, at: int) -> tuple[bytes | None, int]:
    size, at = decode_varint(record, at)
    if size < 0:
        return None, at
    return bytes(record[at : at + size]), at + size
