"""Refused records, as they go to the dead-letters topic: bytes unchanged, the reason in headers.

The header names are Kafka Connect's, so that tools that read its dead letters read these too. A crash may
repeat a dead letter; copies have the same topic, partition and offset.
"""

from dataclasses import dataclass

from models.events.parsing import Refusal
from streams.kafka.raw_records import Record

_PREFIX = "__connect.errors."


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record to write to the dead-letters topic."""

    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]


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
    return DeadLetter(record.key, record.value, [*record.headers, *headers])
