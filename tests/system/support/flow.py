"""Producers at work: messages sent at an even rate while a test does other things."""

import random
import threading
from collections.abc import Sequence
from typing import Protocol

from tests.system.support.kafka import Sender
from tests.system.support.traffic import Message

TICKS = 5
"""How many times a second something is sent."""
AHEAD = 10_000
"""Messages made at a time; copies of an event are at most so far from one another."""
PATIENCE = 150
"""Seconds that Kafka may take to acknowledge what is on its way: it may be frozen just then."""


class Source(Protocol):
    """What makes the messages."""

    def messages(self, number: int) -> list[Message]:
        """Make this many messages."""


class Flow(threading.Thread):
    """A producer that sends traffic to partitions drawn by chance, until it is told to end."""

    def __init__(
        self, kafka: str, prefix: str, traffic: Source, rate: int, partitions: Sequence[int], seed: int
    ) -> None:
        super().__init__(daemon=True)
        self._kafka, self._prefix = kafka, prefix
        self._sender = Sender(kafka, prefix, partitions, random.Random(seed))
        self._traffic, self._rate = traffic, rate
        self._waiting: list[Message] = []
        self._wider: Sequence[int] = ()
        self._ending = threading.Event()
        self._failure: BaseException | None = None
        self.sent = 0

    def burst(self, number: int, partitions: Sequence[int]) -> None:
        """Send this many at once to some partitions, before the even rate begins."""
        sender = Sender(self._kafka, self._prefix, partitions, random.Random(number))
        self._send(number, sender)
        sender.flush(PATIENCE)

    def widen(self, partitions: Sequence[int]) -> None:
        """Send to these partitions from now on; some were added."""
        self._wider = partitions

    def run(self) -> None:
        """Send until told to end, then wait for every acknowledgement."""
        try:
            while not self._ending.wait(1 / TICKS):
                if self._wider:
                    self._begin_wider()
                self._send(self._rate // TICKS, self._sender)
            self._sender.flush(PATIENCE)
        except BaseException as failure:
            self._failure = failure

    def finish(self) -> int:
        """End it and give the number of records that Kafka has acknowledged."""
        self._ending.set()
        self.join(PATIENCE + 30)
        assert not self.is_alive(), "the producers did not end"
        if self._failure is not None:
            raise self._failure
        return self.sent

    def abandon(self) -> None:
        """End it without waiting for what is on its way."""
        self._ending.set()
        self._sender.drop()
        if self.is_alive():
            self.join(10)

    def _begin_wider(self) -> None:
        self._sender.flush(PATIENCE)
        self._sender = Sender(self._kafka, self._prefix, self._wider, random.Random(len(self._wider)))
        self._wider = ()

    def _send(self, number: int, sender: Sender) -> None:
        while len(self._waiting) < number:
            self._waiting += self._traffic.messages(AHEAD)
        sender.send(self._waiting[:number])
        del self._waiting[:number]
        self.sent += number
