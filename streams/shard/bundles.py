"""Bundles: the records of the forwarding topic, on the partition of the shard that they are for.

A bundle holds sections, each of them the events that came for the shard on one partition of a source topic.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from streams.journal.versioned import decode_fields, encode_fields
from streams.kafka.raw_records import Record

VERSION = 1
"""The version of a bundle; journals have one of their own (streams.journal.records)."""


class Section(NamedTuple):
    """All records of a source partition for one shard, from offset `start` up to `end`."""

    topic: str
    partition: int
    start: int
    end: int
    records: list[Record]


def encode_bundle(sections: Sequence[Section]) -> bytes:
    """Encode sections as one record."""
    return encode_fields(VERSION, *sections)


def decode_bundle(value: bytes | None) -> list[Section]:
    """Decode the sections of a record.

    Raises:
        OtherRelease: it has another version.
        ValueError: it is damaged, or no release writes such records.

    """
    try:
        return msgspec.convert(
            decode_fields(value, VERSION, "a bundle"), list[Section], builtin_types=(bytes,)
        )
    except msgspec.ValidationError:
        raise ValueError("a bundle cannot be read: it holds what no release writes") from None
