"""Batches of every form: read as aiokafka reads them, or damaged where it cannot read them either."""

import zlib
from random import Random
from typing import Any

import pytest
from aiokafka.record.default_records import DefaultRecordBatch
from aiokafka.record.legacy_records import LegacyRecordBatchBuilder, _LegacyRecordBatchPy
from faust.types import TP
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.compression import Room
from streams.kafka.old_batches import NO_TIME
from streams.kafka.raw_records import Record
from streams.kafka.unread import Answer, Damaged, Unread
from tests.unit.streams.kafka.written import CONTROL, LATEST, STAMPED, sealed, sent, written

CLICKS = TP("clicks", 0)
BYTES = st.none() | st.binary(max_size=9) | st.just(b"long" * 9999)
HEADERS = st.lists(st.tuples(st.text(max_size=3), BYTES), max_size=3)
SENT = st.lists(
    st.tuples(st.integers(1, 999), BYTES, st.integers(0, 2**40), BYTES, HEADERS), min_size=1, max_size=5
)
CODECS = st.integers(0, 4)
_BODY, _VERSION_AT, _OLD_CHECKSUM = 61, 16, slice(12, 16)
_CODEC, _GZIP = 0x07, 1
VARIANTS = 40
"""Spoilt batches in an example: under the profile `soak` there are 5 000 examples."""


def records_of(content: list[tuple[int, Any, int, Any, Any]]) -> list[Record]:
    offset, made = 7, []
    for gap, value, time, key, headers in content:
        offset += gap
        made.append(sent(offset, value, time * 1000, key, headers))
    return made


def read(data: bytes) -> list[Record] | None:
    """Return what is read of a batch; None where it is damaged."""
    try:
        item = Unread(CLICKS, Answer(0, data, ()), Room()).take(1)
    except Damaged:
        return None
    return None if item is None else list(item.records)


def read_by_aiokafka(data: bytes) -> list[Record] | None:
    """Return the same of aiokafka; None where it raises."""
    try:
        batch = DefaultRecordBatch(data)
        if not batch.validate_crc():
            return None
        records = list(batch)
    except Exception:
        return None
    return [Record(r.offset, r.timestamp * 1000, r.key, r.value, list(r.headers)) for r in records]


@given(SENT, CODECS, st.none() | st.integers(0, 2**40))
def test_what_is_written_is_read_as_aiokafka_reads_it(
    content: list[Any], codec: int, stamp: int | None
) -> None:
    records = records_of(content)
    data = bytearray(written(records, codec=codec, attributes=0 if stamp is None else STAMPED))
    if stamp is not None:
        data[LATEST] = stamp.to_bytes(8, "big")
    batch = sealed(data)

    stamped = [record._replace(arrival=1000 * stamp) if stamp is not None else record for record in records]
    assert read(batch) == stamped == read_by_aiokafka(batch)


def spoil(data: bytes, random: Random) -> bytearray:
    """Change some bytes, or leave some out, or double some; the length is right afterwards."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 4)):
        changed = changed.ljust(_VERSION_AT + 1, b"\x00")
        # The offset and the length stand before what a broker checks.
        at = random.randrange(_VERSION_AT, len(changed))
        match random.randrange(4):
            case 0:
                changed[at] = random.choice([0, 1, 0x7F, 0x80, 0xFE, 0xFF])
            case 1:
                changed[at] ^= 1 << random.randrange(8)
            case 2:
                del changed[at : at + random.randint(1, 9)]
            case _:
                changed[at:at] = changed[at : at + random.randint(1, 9)]
    changed = bytearray(changed.ljust(_BODY, b"\x00"))
    changed[8:12] = (len(changed) - 12).to_bytes(4, "big")
    return changed


def explained(ours: list[Record] | None, theirs: list[Record] | None, data: bytes) -> bool:
    """Return whether we may say otherwise than aiokafka."""
    if data[_VERSION_AT] != 2 or data[22] & CONTROL:
        return True  # Another version, or a marker: neither is compared here.
    if ours is None:
        # Zeros after what is compressed are passed over by Python's gzip alone.
        padded = data[22] & _CODEC == _GZIP and data.endswith(b"\x00")
        return theirs is None or padded or impossible(theirs, data)
    # What aiokafka cannot read for the names of headers, and times that no clock shows.
    return theirs is None or without_time(ours) == without_time(theirs)


def without_time(records: list[Record]) -> list[Record]:
    """Return records without their times: ours are within what calendars show."""
    return [record._replace(arrival=0) for record in records]


def impossible(records: list[Record], data: bytes) -> bool:
    """Return whether records lie where no broker puts them: aiokafka does not look."""
    first, last = (
        int.from_bytes(data[:8], "big", signed=True),
        int.from_bytes(data[23:27], "big", signed=True),
    )
    offsets = [record.offset for record in records]
    return (
        offsets != sorted(set(offsets)) or last < 0 or any(not first <= at <= first + last for at in offsets)
    )


@given(st.integers(0, 2**32), CODECS)
def test_a_spoilt_batch_is_read_as_aiokafka_reads_it_or_damaged(seed: int, codec: int) -> None:
    random = Random(seed)
    content = [
        (1, random.randbytes(random.randrange(40)), 1 + random.randrange(99), b"key", [("h", b"v")])
        for _ in range(3)
    ]
    whole = written(records_of(content), codec=codec)
    for _ in range(VARIANTS):
        data = sealed(spoil(whole, random))

        assert explained(read(data), read_by_aiokafka(data), data), data.hex()


def old_one(version: int, codec: int) -> bytes:
    """Write a batch of an earlier version, as the broker holds it."""
    builder = LegacyRecordBatchBuilder(version, codec, 1 << 20)
    for offset, value in enumerate([b"a", b"", None] if codec else [b"abc"]):
        builder.append(offset, timestamp=5 + offset, key=b"k" * offset, value=value)
    data = bytes(builder.build())
    # What is around others has the offset of the last one.
    return (2).to_bytes(8, "big") + data[8:] if codec else data


def read_by_aiokafka_of_old(data: bytes) -> list[Record] | None:
    """Return what aiokafka reads of what we have read: over other bytes its parser may not end."""
    batch: Any = _LegacyRecordBatchPy(data, data[_VERSION_AT])
    assert batch.validate_crc()
    try:
        records = list(batch)
    except Exception:
        return None
    times = [NO_TIME if record.timestamp is None else record.timestamp for record in records]
    return [Record(r.offset, 1000 * time, r.key, r.value, []) for r, time in zip(records, times, strict=True)]


@pytest.mark.parametrize(("version", "codec"), [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (1, 3)])
def test_a_batch_of_an_earlier_version_is_read_as_aiokafka_reads_it(version: int, codec: int) -> None:
    data = old_one(version, codec)

    found = read(data)

    assert found == read_by_aiokafka_of_old(data)
    assert found is not None
    assert [record.value for record in found] == ([b"a", b"", None] if codec else [b"abc"])


@given(st.integers(0, 2**32), st.sampled_from([(0, 0), (0, 1), (1, 0), (1, 2), (1, 3)]))
def test_a_spoilt_batch_of_an_earlier_version_is_read_as_aiokafka_reads_it_or_damaged(
    seed: int, form: tuple[int, int]
) -> None:
    random, whole = Random(seed), old_one(*form)
    for _ in range(VARIANTS):
        data = spoil(whole, random)
        data[_OLD_CHECKSUM] = zlib.crc32(data[_VERSION_AT:]).to_bytes(4, "big")

        found = read(bytes(data)) if data[_VERSION_AT] < 2 else None
        theirs = None if found is None else read_by_aiokafka_of_old(bytes(data))

        assert found is None or theirs is None or without_time(found) == without_time(theirs), data.hex()


def test_a_batch_of_an_earlier_version_with_a_wrong_checksum_is_damaged() -> None:
    assert read(old_one(1, 0)[:-1] + b"?") is None
