"""The records that workers write for one another: MessagePack lists that begin with a version.

Journal of a shard (the changelog's partition of its number):

- claim: a worker took the shard. Its own offset is the worker's epoch.
- delta: what a flush changed, the next after `number - 1`, in parts; the last part makes it whole.
- snapshot: the deltas 1 to `number` merged, in parts.

Forwarding (the partition of the shard that it is for): sections of events that came on other partitions.
"""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import msgspec

VERSION = 1
PART_BYTES = 900_000
"""Managed Kafkas take records of 1 MB."""

Kind = Literal["delta", "snapshot"]
CLAIM = "claim"


class OtherRelease(ValueError):
    """A record is of a version that this release does not read; the message names both."""


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


class Event(NamedTuple):
    """One record of a source topic, as it came; arrival in microseconds."""

    offset: int
    arrival: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


class Section(NamedTuple):
    """All events of a source partition for one shard, from offset `start` up to `end`."""

    topic: str
    partition: int
    start: int
    end: int
    events: list[Event]


def encode_claim(worker: str) -> bytes:
    """Write a claim."""
    return msgspec.msgpack.encode([VERSION, CLAIM, worker])


def encode_parts(kind: Kind, epoch: int, number: int, data: bytes) -> list[bytes]:
    """Write a delta or snapshot, in parts that any broker takes."""
    pieces = [data[at : at + PART_BYTES] for at in range(0, len(data), PART_BYTES)] or [b""]
    return [
        msgspec.msgpack.encode([VERSION, kind, epoch, number, part, len(pieces), piece])
        for part, piece in enumerate(pieces)
    ]


def decode_journal_record(value: bytes) -> Claim | Part:
    """Read a record of a journal.

    Raises:
        ValueError: it is none that this release writes.

    """
    fields = _decode(value, "the state")
    kind = fields[0] if fields else None
    try:
        if kind == CLAIM:
            return msgspec.convert(fields[1:], Claim, builtin_types=(bytes,))
        return msgspec.convert(fields, Part, builtin_types=(bytes,))
    except msgspec.ValidationError:
        raise ValueError(
            f"the state holds a record of the kind {kind!r}, which this release does not know"
        ) from None


def encode_sections(sections: Sequence[Section]) -> bytes:
    """Write sections as one record."""
    return msgspec.msgpack.encode([VERSION, *sections])


def decode_sections(value: bytes | None) -> list[Section]:
    """Read the sections of a record.

    Raises:
        OtherRelease: it is of another version.
        ValueError: it is damaged, or strange.

    """
    try:
        return msgspec.convert(_decode(value, "a bundle"), list[Section], builtin_types=(bytes,))
    except msgspec.ValidationError:
        raise ValueError("a bundle cannot be read: it holds what no release writes") from None


def _decode(value: bytes | None, what: str) -> list[Any]:
    try:
        version, *fields = msgspec.msgpack.decode(value or b"", type=list[Any])
    except (msgspec.DecodeError, TypeError, ValueError):
        raise ValueError(f"{what} cannot be read: it is damaged, or of an older release") from None
    if type(version) is not int:
        raise ValueError(f"{what} cannot be read: it begins with no version")
    if version != VERSION:
        raise OtherRelease(f"{what} is of version {version}, this release reads {VERSION}")
    return fields
