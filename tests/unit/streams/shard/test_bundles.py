"""Bundles: read as they were written, or else refused."""

import contextlib
from typing import Any

import cramjam
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.record_batches import FARTHEST_MS
from streams.journal import records
from streams.journal.versioned import OtherRelease
from streams.kafka.raw_records import Record
from streams.shard import bundles
from streams.shard.bundles import decode_bundle, encode_bundle, records_of_sections
from tests.unit.streams.kafka.written import sent
from tests.unit.streams.shard.sections import section_of

BYTES = st.none() | st.binary(max_size=200)
HEADERS = st.lists(st.tuples(st.text(max_size=3), BYTES), max_size=2)
RECORDS = st.builds(
    Record,
    st.integers(2**60, 2**60 + 2**30),
    st.integers(0, FARTHEST_MS).map(lambda time: 1000 * time),
    BYTES,
    BYTES,
    HEADERS,
)
BATCHES = st.lists(RECORDS, min_size=1, max_size=4, unique_by=lambda record: record.offset).map(
    lambda found: sorted(found, key=lambda record: record.offset)
)


def packed(*fields: object) -> bytes:
    return msgspec.msgpack.encode(fields)


def lz4(plain: bytes) -> bytes:
    return bytes(cramjam.lz4.compress_block(plain, store_size=False))


@given(st.lists(BATCHES, max_size=3), st.integers(0, 2**60))
def test_sections_are_read_as_they_were_written(batches: list[list[Record]], start: int) -> None:
    sections = [section_of("clicks", 5, start, 2**62, found) for found in batches]

    assert decode_bundle(encode_bundle(sections)) == sections
    assert [list(found or ()) for found in records_of_sections(sections)] == batches


@given(st.lists(BATCHES, max_size=3), st.integers(0, 2**60))
def test_sections_of_the_version_before_are_read_alike(batches: list[list[Record]], start: int) -> None:
    sections = [section_of("clicks", 5, start, 2**62, found) for found in batches]

    assert decode_bundle(packed(2, *sections)) == sections


def test_events_are_sent_on_in_less_than_half_of_their_bytes() -> None:
    events = [sent(at, b'{"event_id":"%d","campaign_id":"glow"}' % at) for at in range(1000)]
    section = section_of("clicks", 5, 0, 1000, events)

    assert len(encode_bundle([section])) < len(section.written) / 2


@pytest.mark.parametrize(
    "value",
    [
        b"\xc1",
        packed(4),
        packed(1, ["clicks", 5, 3, 9, []]),
        packed(2, 5),
        packed(2, ["clicks", 0, 0, 1, 0, 0, "text"]),
        packed(2, ["clicks", 0, -1, 1, 0, 0, b""]),
        packed(2, ["clicks", 0, 0, 2**63, 0, 0, b""]),
        packed(2, ["clicks", 0, 0, 1, 2**63, 0, b""]),
        packed(2, ["clicks", 0, 0]),
        packed(2, ["clicks", "0", 0, 1, 0, 0, b""]),
        packed(3),
        packed(3, 1),
        packed(3, -1, lz4(b"\x90")),
        packed(3, 2, lz4(b"\x90")),
        packed(3, 2**40, lz4(b"\x90")),
        packed(3, 1, b""),
        packed(3, 1, lz4(b"\x90"), 0),
        packed(3, 1, lz4(b"\xc1")),
        packed(3, 3, lz4(msgspec.msgpack.encode([5]))),
        packed(3, 1, "text"),
    ],
)
def test_a_bundle_that_this_release_does_not_write_is_refused(value: bytes) -> None:
    with pytest.raises(ValueError, match="a bundle"):
        decode_bundle(value)


@pytest.mark.parametrize(
    "changed",
    [{"number": 1}, {"number": 3}, {"end": 4}, {"written": b""}, {"written": b"\xff"}, {"number": 2**62}],
)
def test_records_that_are_not_as_their_section_says_are_damaged_and_the_others_are_read(
    changed: dict[str, Any],
) -> None:
    whole = section_of("clicks", 5, 3, 9, [sent(4, b"a"), sent(8, b"b")])

    first, damaged, last = records_of_sections([whole, whole._replace(**changed), whole])

    assert damaged is None
    assert list(first or ()) == list(last or ()) == [sent(4, b"a"), sent(8, b"b")]


@given(BATCHES, st.data())
def test_whatever_is_changed_of_a_bundle_is_refused_or_read(found: list[Record], data: st.DataObject) -> None:
    value = bytearray(encode_bundle([section_of("clicks", 5, 0, 2**62, found)]))
    for at in data.draw(st.lists(st.integers(0, len(value) - 1), min_size=1, max_size=3)):
        value[at] = data.draw(st.integers(0, 255))

    with contextlib.suppress(ValueError):
        records_of_sections(decode_bundle(bytes(value)))


def test_the_bytes_of_both_versions_are_what_they_always_were() -> None:
    record = Record(4, 1_700_000_000_000_000, b"k", None, [("h", None), ("a", b"1")])

    written = (
        b"\x97\xa6clicks\x05\x03\t\xcf\x00\x00\x01\x8b\xcf\xe5h\x00\x01\xc4\x0f"
        b"\x1c\x00\x00\x02\x02k\x01\x04\x02h\x01\x02a\x021"
    )
    sections = [section_of("clicks", 5, 3, 9, [record])]

    assert decode_bundle(b"\x92\x02" + written) == sections
    # LZ4 with all of it as it is: another release of its library may find more to shrink.
    assert decode_bundle(b"\x93\x03\x27\xc4\x29\xf0\x18\x91" + written) == sections
    assert encode_bundle([]) == b"\x93\x03\x01\xc4\x02\x10\x90"


def test_a_new_form_of_bundles_leaves_the_journals_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    claim, bundle = records.encode_claim("host-1"), encode_bundle([])
    monkeypatch.setattr(bundles, "VERSION", 4)

    assert records.decode_journal_record(claim) == records.Claim("host-1")
    with pytest.raises(OtherRelease, match="a bundle is of version 3, this release reads 4"):
        decode_bundle(bundle)
