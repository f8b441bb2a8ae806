"""Records on their way to Kafka, and the numbers that prove a hole."""

import secrets
from collections.abc import Sequence
from typing import NamedTuple


class Outgoing(NamedTuple):
    """An event to keep: its topic without prefix, its key (the campaign), its bytes."""

    topic: str
    key: bytes
    value: bytes


class Numbered(NamedTuple):
    """An event that was taken on, as the `number`th of a producer; Kafka gets both as headers."""

    topic: str
    key: bytes
    value: bytes
    producer: bytes
    number: int

    def headers(self) -> list[tuple[str, bytes]]:
        """Return the headers that name the producer and the number."""
        return [("kpis-producer", self.producer), ("kpis-sequence", b"%d" % self.number)]


class Numbering:
    """Gives each record that is taken on the next number, from 0, of a producer that nobody else is."""

    def __init__(self) -> None:
        self._producer, self._next = _name(), 0

    def renew(self) -> None:
        """Go on as another producer: numbers whose records may or may not be on disk are not given again."""
        self._producer, self._next = _name(), 0

    def number(self, records: Sequence[Outgoing]) -> list[Numbered]:
        """Give records numbers, in their order."""
        first, producer = self._next, self._producer
        self._next += len(records)
        return [
            Numbered(topic, key, value, producer, number)
            for number, (topic, key, value) in enumerate(records, first)
        ]


def _name() -> bytes:
    return secrets.token_hex(8).encode()
