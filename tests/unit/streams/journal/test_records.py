"""The records that workers write for one another: read as they were written, or else refused."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.journal.records import (
    PART_BYTES,
    Claim,
    Event,
    Kind,
    Part,
    Section,
    decode_journal_record,
    decode_sections,
    encode_claim,
    encode_parts,
    encode_sections,
)

OFFSETS = st.integers(0, 2**63 - 1)
EVENTS = st.builds(
    Event,
    OFFSETS,
    OFFSETS,
    st.none() | st.binary(max_size=5),
    st.none() | st.binary(max_size=5),
    st.lists(st.tuples(st.text(max_size=3), st.none() | st.binary(max_size=3)), max_size=2),
)
SECTIONS = st.builds(
    Section, st.text(max_size=5), st.integers(0, 9), OFFSETS, OFFSETS, st.lists(EVENTS, max_size=3)
)


def packed(*fields: object) -> bytes:
    return msgspec.msgpack.encode(fields)


def test_a_claim_is_read_as_it_was_written() -> None:
    assert decode_journal_record(encode_claim("host-1")) == Claim("host-1")


@pytest.mark.parametrize("kind", ["delta", "snapshot"])
@pytest.mark.parametrize(("size", "parts"), [(0, 1), (1, 1), (PART_BYTES, 1), (PART_BYTES + 1, 2)])
def test_data_is_written_in_parts_that_a_broker_takes(kind: Kind, size: int, parts: int) -> None:
    data = bytes(size)
    values = encode_parts(kind, 7, 3, data)
    read = [decode_journal_record(value) for value in values]

    assert [part[:-1] for part in read] == [(kind, 7, 3, number, parts) for number in range(parts)]
    assert b"".join(part.data for part in read if isinstance(part, Part)) == data
    assert max(map(len, values)) < 1_000_000


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (b"", "damaged, or of an older release"),
        (b"\xff", "damaged, or of an older release"),
        (packed(), "damaged, or of an older release"),
        (msgspec.msgpack.encode({"version": 1}), "damaged, or of an older release"),
        (packed(2, "claim", "host"), "version 2, this release reads 1"),
        (packed(1), "which this release does not know"),
        (packed(1, "checkpoint", 5), "kind 'checkpoint'"),
        (packed(1, "claim"), "kind 'claim'"),
        (packed(1, "claim", 5), "kind 'claim'"),
        (packed(1, "delta", 1, 1, 0, 1), "kind 'delta'"),
        (packed(1, "delta", "1", 1, 0, 1, b""), "kind 'delta'"),
        (packed(1, "snapshot", 1, 1, 0, 1, "text"), "kind 'snapshot'"),
    ],
)
def test_what_this_release_does_not_write_is_refused(value: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        decode_journal_record(value)


def test_a_record_without_value_is_refused() -> None:
    with pytest.raises(ValueError, match="damaged"):
        decode_journal_record(None)  # type: ignore[arg-type]  # as a stranger's tombstone comes


@given(st.lists(SECTIONS, max_size=3))
def test_sections_are_read_as_they_were_written(sections: list[Section]) -> None:
    assert decode_sections(encode_sections(sections)) == sections


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
        decode_sections(value)
