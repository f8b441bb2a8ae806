"""The records of a journal: read as they were written, or else refused."""

import msgspec
import pytest

from streams.journal.records import (
    PART_BYTES,
    Claim,
    Kind,
    Part,
    decode_journal_record,
    encode_claim,
    encode_parts,
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


def test_the_bytes_of_version_1_are_what_they_always_were() -> None:
    assert encode_claim("host-1") == b"\x93\x01\xa5claim\xa6host-1"
    assert encode_parts("delta", 7, 3, b"\x00\xff") == [b"\x97\x01\xa5delta\x07\x03\x00\x01\xc4\x02\x00\xff"]
    assert encode_parts("snapshot", 7, 3, b"") == [b"\x97\x01\xa8snapshot\x07\x03\x00\x01\xc4\x00"]
