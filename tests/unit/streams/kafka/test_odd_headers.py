"""Header names that are no UTF-8: read as aiokafka reads the others."""

from typing import Any

import pytest
from aiokafka.errors import (
    CorruptRecordException,
)
from aiokafka.record.default_records import DefaultRecordBatch, _DefaultRecordBatchBuilderPy
from aiokafka.record.legacy_records import LegacyRecordBatchBuilder
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.odd_headers import LenientRecords
from tests.unit.streams.journal.spoiling import sealed, spoilt
from tests.unit.streams.kafka.test_fetching import batch

_ATTRIBUTES, _LATEST = slice(21, 23), slice(35, 43)
_FIRST_RECORD = 61
_LOG_APPEND_TIME = 0x08

# Only what cannot be taken for the name that is spoilt.
BYTES = st.none() | st.binary(max_size=9) | st.just(b"long" * 99)
HEADERS = st.lists(st.tuples(st.text(max_size=3), BYTES), max_size=3)
RECORDS = st.lists(st.tuples(st.integers(0, 2**41), BYTES, BYTES, HEADERS), min_size=1, max_size=5)


def built(records: list[Any], name: bytes, codec: int, arrival: int | None) -> bytes:
    """Write a batch at offset 7 whose last record has a header of a name; stamped by the broker, or not."""
    builder = _DefaultRecordBatchBuilderPy(2, codec, 0, -1, -1, -1, 1 << 20)
    for number, (time, key, value, headers) in enumerate(records):
        last = [("spoilt", b"v")] if number == len(records) - 1 else []
        builder.append(number, time, key, value, headers + last)
    builder._buffer[:] = builder._buffer.replace(b"spoilt", name)
    data = bytearray(builder.build())
    data[:8] = (7).to_bytes(8, "big")
    if arrival is not None:
        data[_ATTRIBUTES] = (int.from_bytes(data[_ATTRIBUTES], "big") | _LOG_APPEND_TIME).to_bytes(2, "big")
        data[_LATEST] = arrival.to_bytes(8, "big")
    return sealed(data)


def whole(record: Any, name: str) -> tuple[object, ...]:
    headers = [(name if key == "spoilt" else key, value) for key, value in record.headers]
    return record.offset, record.timestamp, record.timestamp_type, record.key, record.value, headers


@given(RECORDS, st.integers(0, 4), st.none() | st.integers(0, 2**41))
def test_all_but_the_spoilt_name_is_read_as_aiokafka_reads_it(
    records: list[Any], codec: int, arrival: int | None
) -> None:
    ordinary = DefaultRecordBatch(built(records, b"spoilt", codec, arrival))
    data = built(records, b"spoil\xff", codec, arrival)
    with pytest.raises(UnicodeDecodeError):
        list(DefaultRecordBatch(data))

    read = LenientRecords(data).next_batch()

    assert read.validate_crc()
    assert (read.base_offset, read.next_offset) == (7, ordinary.next_offset)
    assert [whole(record, "") for record in read] == [whole(record, "spoil\\xff") for record in ordinary]


@given(RECORDS, st.integers(0, 4))
def test_a_batch_of_usual_names_is_left_to_aiokafka(records: list[Any], codec: int) -> None:
    data = built(records, b"spoilt", codec, None)

    read = list(LenientRecords(data).next_batch())

    assert [whole(record, "") for record in read] == [
        whole(record, "") for record in DefaultRecordBatch(data)
    ]
    assert {type(record) for record in read} == {type(record) for record in DefaultRecordBatch(data)}


def test_a_batch_of_the_old_form_which_has_no_headers_is_left_to_aiokafka() -> None:
    builder = LegacyRecordBatchBuilder(1, 0, 1 << 20)
    builder.append(0, timestamp=5, key=b"k", value=b"v")

    (record,) = LenientRecords(bytes(builder.build())).next_batch()

    assert (record.key, record.value, record.timestamp) == (b"k", b"v", 5)


def test_a_record_that_is_not_as_long_as_it_says_is_corrupt() -> None:
    data = bytearray(spoilt(batch(0, [b"a"])))
    data[_FIRST_RECORD] -= 2

    with pytest.raises(CorruptRecordException):
        list(LenientRecords(bytes(data)).next_batch())
