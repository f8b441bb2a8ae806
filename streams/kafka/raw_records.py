"""The records of a source as columns over the bytes that the broker sent; keys and headers by index."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from aiokafka.record.util import decode_varint

from models.core.columns import numbers, stack
from models.core.record_batches import Places
from models.core.records import NO_VALUE, Records

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
    """Records as columns, and the places of their keys and headers in the same buffer.

    Headers are not looked at before somebody asks for a record by itself: a name may be any bytes to Kafka.
    Those that are not UTF-8 are spelled with backslashes then, as no client writes such names.
    """

    records: Records
    places: Places

    def __len__(self) -> int:
        return len(self.records.starts)

    def __getitem__(self, index: int) -> Record:
        """Return one record."""
        return self.at([index])[0]

    def __iter__(self) -> Iterator[Record]:
        return iter(self.at(range(len(self))))

    def at(self, indices: Sequence[int]) -> list[Record]:
        """Return the records at some indices: one by one they take four times as long."""
        buffer, *columns = self.records
        octets, chosen = buffer.data, numbers(indices)
        listed = (column[chosen].tolist() for column in (*columns, *self.places))
        return [
            Record(
                offset,
                arrival,
                None if key_length == NO_VALUE else octets[key : key + key_length].tobytes(),
                None if length == NO_VALUE else octets[start : start + length].tobytes(),
                _read_headers(bytearray(octets[headers:end])) if octets[headers] else [],
            )
            for start, length, offset, arrival, key, key_length, headers, end in zip(*listed, strict=True)
        ]

    def since(self, offset: int) -> "RawRecords":
        """Return the records from an offset on."""
        return self.between(int(np.searchsorted(self.records.offsets, offset)), len(self))

    def between(self, start: int, end: int) -> "RawRecords":
        """Return the records from one index up to another."""
        buffer, *columns = self.records
        chosen = slice(start, end)
        return RawRecords(
            Records(buffer, *(column[chosen] for column in columns)),
            Places(*(column[chosen] for column in self.places)),
        )

    def divided(self, counts: Sequence[int]) -> list["RawRecords"]:
        """Return the records in parts of so many."""
        return [self.between(end - count, end) for count, end in zip(counts, accumulate(counts), strict=True)]


def gathered(parts: Sequence[RawRecords]) -> RawRecords:
    """Join records of whatever sources whose bytes are in one buffer; at least one part is needed."""
    buffer = parts[0].records.buffer
    columns = (np.concatenate(columns) for columns in zip(*(part.records[1:] for part in parts), strict=True))
    return RawRecords(Records(buffer, *columns), stack([part.places for part in parts]))


def joined(parts: Sequence[RawRecords]) -> RawRecords:
    """Join records that follow one another; at least one part is needed."""
    if len(parts) == 1:
        return parts[0]
    records: Records = stack([part.records for part in parts])
    sizes = numbers([len(part.records.buffer) for part in parts])
    shifts = np.repeat(np.cumsum(sizes) - sizes, [len(part) for part in parts])
    places: Places = stack([part.places for part in parts])
    return RawRecords(
        records._replace(starts=records.starts + shifts),
        places._replace(
            keys=places.keys + shifts, headers=places.headers + shifts, ends=places.ends + shifts
        ),
    )


def _read_headers(written: bytearray) -> _Headers:
    """Read headers of which it is known that they are whole."""
    count, at = decode_varint(written, 0)
    headers: _Headers = []
    for _ in range(count):
        name, at = _read_bytes(written, at)
        value, at = _read_bytes(written, at)
        headers.append(((name or b"").decode(errors="backslashreplace"), value))
    return headers


def _read_bytes(record: bytearray, at: int) -> tuple[bytes | None, int]:
    size, at = decode_varint(record, at)
    if size < 0:
        return None, at
    return bytes(record[at : at + size]), at + size
