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
    """Make a dead letter of a Kafka message: its own headers as they came, then ours.

    Ours stand last, so that whoever reads the last of a name cannot be deceived by a producer that sent
    one of that name.
    """
    ours = {
        "topic": message.topic,
        "partition": str(message.partition),
        "offset": str(message.offset),
        "exception.class.name": refusal.reason,
        "exception.message": refusal.message,
    }
    headers = [(_PREFIX + name, text.encode()) for name, text in ours.items()]
    return DeadLetter(message.key, message.value, [*(message.headers or []), *headers])
