"""Record batches for tests, as producers and brokers write them."""

from collections.abc import Iterable, Sequence

from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.util import calc_crc32c
from faust.types import TP

from streams.kafka.compression import Room
from streams.kafka.raw_records import RawRecords, Record
from streams.kafka.unread import Answer, Unread
from tests.unit.models.building import NOON

BASE_OFFSET, CRC, ATTRIBUTES, LATEST = slice(0, 8), slice(17, 21), slice(21, 23), slice(35, 43)
CONTROL, STAMPED = 0x20, 0x08
ABORT, COMMIT = b"\x00\x00\x00\x00", b"\x00\x00\x00\x01"
_ROOM = 1 << 24


def sent(
    offset: int,
    value: bytes | None,
    arrival: int = NOON,
    key: bytes | None = None,
    headers: Sequence[tuple[str, bytes | None]] = (),
) -> Record:
    """Return a record as it came."""
    return Record(offset, arrival, key, value, list(headers))


def written(records: Sequence[Record], *, codec: int = 0, producer: int = -1, attributes: int = 0) -> bytes:
    """Write a batch of records; with a producer it is of its transaction."""
    base = records[0].offset
    builder = DefaultRecordBatchBuilder(
        2, codec, producer >= 0, producer, 0, 0 if producer >= 0 else -1, _ROOM
    )
    for offset, arrival, key, value, headers in records:
        builder.append(offset - base, arrival // 1000, key, value, list(headers))
    data = bytearray(builder.build())
    data[BASE_OFFSET] = base.to_bytes(8, "big")
    data[ATTRIBUTES] = (int.from_bytes(data[ATTRIBUTES], "big") | attributes).to_bytes(2, "big")
    return sealed(data)


def marker(offset: int, producer: int, kind: bytes) -> bytes:
    """Write the end of a transaction: ABORT or COMMIT."""
    return written([sent(offset, b"\x00" * 6, key=kind)], producer=producer, attributes=CONTROL)


def sealed(data: bytes | bytearray) -> bytes:
    """Write the checksum that the content has."""
    data = bytearray(data)
    data[CRC] = calc_crc32c(bytes(data[21:])).to_bytes(4, "big")
    return bytes(data)


def spoilt(data: bytes) -> bytes:
    """Make the names of a batch's headers, which are `h`, what is no UTF-8; it must not be compressed."""
    return sealed(data.replace(b"\x02h", b"\x02\xff"))


def raw_records(records: Iterable[Record]) -> RawRecords:
    """Return records as columns, as the consumer hands them over."""
    listed = list(records)
    start = listed[0].offset if listed else 0
    # No batch holds nothing; what ends before the position that is asked for is left out.
    data = written(listed or [sent(0, None)])
    fetched = Unread(TP("", 0), Answer(start if listed else 0, data, ()), Room()).take(1)
    assert fetched is not None
    return fetched.records if listed else fetched.records.since(1)
