"""The records of a journal, which is the changelog's partition of a shard's number.

- claim: a worker took the shard. The claim's own offset is the worker's epoch.
- delta: what one flush changed, the successor of delta `number - 1`. It is complete with its last part.
- snapshot: the deltas 1 to `number` merged, in parts too.
"""

from typing import Literal, NamedTuple

import msgspec

from streams.journal.versioned import decode_fields, encode_fields

VERSION = 1
"""The version of a journal's records; forwarded bundles have one of their own (streams.shard.bundles)."""
PART_BYTES = 900_000
"""Managed Kafkas take records of 1 MB."""

Kind = Literal["delta", "snapshot"]
CLAIM = "claim"


class Claim(NamedTuple):
    """A worker took a shard."""

    worker: str


class Part(NamedTuple):
    """One part of a delta or snapshot, written in an epoch."""

    kind: Kind
    epoch: int
    number: int
    part: int
    parts: int
    data: bytes


def encode_claim(worker: str) -> bytes:
    """Encode a claim."""
    return encode_fields(VERSION, CLAIM, worker)


def encode_parts(kind: Kind, epoch: int, number: int, data: bytes) -> list[bytes]:
    """Encode a delta or snapshot, in parts that any broker takes."""
    pieces = [data[at : at + PART_BYTES] for at in range(0, len(data), PART_BYTES)] or [b""]
    return [
        encode_fields(VERSION, kind, epoch, number, part, len(pieces), piece)
        for part, piece in enumerate(pieces)
    ]


def decode_journal_record(value: bytes) -> Claim | Part:
    """Decode a record of a journal.

    Raises:
        ValueError: this release does not write such records.

    """
    fields = decode_fields(value, VERSION, "the state")
    kind = fields[0] if fields else None
    try:
        if kind == CLAIM:
            return msgspec.convert(fields[1:], Claim, builtin_types=(bytes,))
        return msgspec.convert(fields, Part, builtin_types=(bytes,))
    except msgspec.ValidationError:
        raise ValueError(
            f"the state holds a record of the kind {kind!r}, which this release does not know"
        ) from None
