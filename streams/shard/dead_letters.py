"""Refused records, as they go to the dead-letters topic: bytes unchanged, the reason in headers.

The header names are Kafka Connect's, so that tools that read its dead letters read these too. A crash may
repeat a dead letter; copies have the same topic, partition and offset.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from models.events.parsing import Refusal

_PREFIX = "__connect.errors."


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record to write to the dead-letters topic."""

    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]


class Record(Protocol):
    """A record of Kafka, as a consumer returns it or as it was forwarded."""

    @property
    def offset(self) -> int:
        """Its position in its partition."""

    @property
    def key(self) -> bytes | None:
        """Its key."""

    @property
    def value(self) -> bytes | None:
        """Its value."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]:
        """Its headers."""


def dead_letter(topic: str, partition: int, record: Record, refusal: Refusal) -> DeadLetter:
    """Make a dead letter of a record: its own headers as they came, then ours.

    Ours come last: a reader that takes the last header of a name is not deceived by a producer that sent one
    of that name.
    """
    ours = {
        "topic": topic,
        "partition": str(partition),
        "offset": str(record.offset),
        "exception.class.name": refusal.reason,
        "exception.message": refusal.message,
    }
    headers: list[tuple[str, bytes | None]] = [(_PREFIX + name, text.encode()) for name, text in ours.items()]
    return DeadLetter(record.key, record.value, [*(record.headers or []), *headers])
