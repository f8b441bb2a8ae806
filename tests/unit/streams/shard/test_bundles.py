"""Bundles: read as they were written, or else refused."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.journal import records
from streams.journal.versioned import OtherRelease
from streams.kafka.raw_records import Record
from streams.shard import bundles
from streams.shard.bundles import Section, decode_bundle, encode_bundle

OFFSETS = st.integers(0, 2**63 - 1)
RECORDS = st.builds(
    Record,
    OFFSETS,
    OFFSETS,
    st.none() | st.binary(max_size=5),
    st.none() | st.binary(max_size=5),
    st.lists(st.tuples(st.text(max_size=3), st.none() | st.binary(max_size=3)), max_size=2),
)
SECTIONS = st.builds(
    Section, st.text(max_size=5), st.integers(0, 9), OFFSETS, OFFSETS, st.lists(RECORDS, max_size=3)
)


def packed(*fields: object) -> bytes:
    return msgspec.msgpack.encode(fields)


@given(st.lists(SECTIONS, max_size=3))
def test_sections_are_read_as_they_were_written(sections: list[Section]) -> None:
    assert decode_bundle(encode_bundle(sections)) == sections


@pytest.mark.parametrize(
    "value",
    [
        b"\xc1",
        packed(2),
        packed(1, 5),
        packed(1, ["clicks", 0, 0]),
        packed(1, ["clicks", 0, 0, 1, [[0]]]),
        packed(1, ["clicks", "0", 0, 1, []]),
    ],
)
def test_a_bundle_that_this_release_does_not_write_is_refused(value: bytes) -> None:
    with pytest.raises(ValueError, match="a bundle"):
        decode_bundle(value)


def test_the_bytes_of_version_1_are_what_they_always_were() -> None:
    headers = [("h", None), ("a", b"1")]
    record = Record(4, 1_700_000_000_000_000, b"k", None, headers)

    assert encode_bundle([]) == b"\x91\x01"
    assert encode_bundle([Section("clicks", 5, 3, 9, [record])]) == (
        b"\x92\x01\x95\xa6clicks\x05\x03\t\x91\x95\x04\xcf\x00\x06\n$\x18\x1e@\x00\xc4\x01k\xc0"
        b"\x92\x92\xa1h\xc0\x92\xa1a\xc4\x011"
    )


def test_a_new_form_of_bundles_leaves_the_journals_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    claim, bundle = records.encode_claim("host-1"), encode_bundle([])
    monkeypatch.setattr(bundles, "VERSION", 2)

    assert records.decode_journal_record(claim) == records.Claim("host-1")
    with pytest.raises(OtherRelease, match="a bundle is of version 1, this release reads 2"):
        decode_bundle(bundle)
