"""Refused records, as they go to the dead-letters topic: bytes unchanged, the reason in headers.

The header names are Kafka Connect's, so that tools that read its dead letters read these.
"""

from dataclasses import dataclass
from typing import Any

from models.parsing import Refusal

_PREFIX = "__connect.errors."


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record to write to the dead-letters topic."""

    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]]


def dead_letter(message: Any, refusal: Refusal) -> DeadLetter:
    """Make a dead letter of a Kafka message; a header that is there already is kept, not overwritten."""
    headers = [(name, value) for name, value in message.headers or []]
    known = {name for name, _ in headers}
    ours = {
        "topic": message.topic,
        "partition": str(message.partition),
        "offset": str(message.offset),
        "exception.class.name": refusal.reason,
        "exception.message": refusal.message,
    }
    added = [(_PREFIX + name, text.encode()) for name, text in ours.items() if _PREFIX + name not in known]
    return DeadLetter(message.key, message.value, headers + added)
