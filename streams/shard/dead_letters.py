"""Refused records, as they go to the dead-letters topic: bytes unchanged, the reason in headers.

A crash may repeat a dead letter; copies have the same topic, partition and offset.
"""

from dataclasses import dataclass

from models.dead_letters import Origin, error_headers
from models.events.parsing import Refusal
from streams.kafka.raw_records import Record


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
    ours = error_headers(Origin(topic, partition, record.offset), refusal.reason, refusal.message)
    return DeadLetter(record.key, record.value, [*record.headers, *ours])
