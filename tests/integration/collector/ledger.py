"""What `keep` returned for, held against what the topics hold to their ends."""

import asyncio
import json
import os
import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

from aiokafka import TopicPartition

from connections.topics import input_topics
from models.settings import Settings
from models.topics import INPUT_TOPICS
from producers.collector.durable import Durable, NotKept, Outgoing
from tests.integration.reading import Record, read_to_end

CAMPAIGNS = [f"campaign-{number}" for number in range(7)]


class Found(NamedTuple):
    """A record on a topic: its event, the process that took it on, and the number that it has there."""

    event_id: str
    producer: str
    number: int
    campaign: str
    value: bytes
    partition: TopicPartition


class Client:
    """Sends lots of events from several tasks, and writes down each before it is sent, and once it is kept.

    The ledger is a file that a killed process leaves behind: `s ID` was sent, `k ID` was kept.
    """

    def __init__(self, durable: Durable, ledger: Path, seed: int = 0) -> None:
        self.refusals: Counter[str] = Counter()
        self._durable = durable
        self._ledger = os.open(ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._random = random.Random(seed)
        self._ids = count()
        self._name = f"{os.getpid()}-{seed}-{os.urandom(3).hex()}"
        self._stopping = asyncio.Event()

    async def run(self, tasks: int = 4, pause: float = 0.005) -> None:
        """Send until `stop` is called."""
        async with asyncio.TaskGroup() as group:
            for _ in range(tasks):
                group.create_task(self._send(pause))
        os.close(self._ledger)

    def stop(self) -> None:
        """End after the lots that are on their way."""
        self._stopping.set()

    async def run_for(self, seconds: float) -> None:
        """Send for some seconds."""
        asyncio.get_running_loop().call_later(seconds, self.stop)
        await self.run()

    async def _send(self, pause: float) -> None:
        while not self._stopping.is_set():
            lot = [self._event() for _ in range(self._random.choice((1, 1, 3, 20)))]
            self._note("s", lot)
            try:
                await self._durable.keep([record for _, record in lot], yields=len(lot) > 1)
            except NotKept as error:
                self.refusals[error.why] += 1
            else:
                self._note("k", lot)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    def _event(self) -> tuple[str, Outgoing]:
        event_id = f"{self._name}-{next(self._ids)}"
        campaign = self._random.choice(CAMPAIGNS)
        event = {"event_id": event_id, "campaign_id": campaign, "text": "x" * self._random.randrange(300)}
        topic = self._random.choice(list(INPUT_TOPICS))
        return event_id, Outgoing(topic, campaign.encode(), json.dumps(event).encode())

    def _note(self, what: str, lot: list[tuple[str, Outgoing]]) -> None:
        os.write(self._ledger, "".join(f"{what} {event_id}\n" for event_id, _ in lot).encode())


class Account(NamedTuple):
    """How a ledger and the topics compare: what must be empty, and what a kill may leave."""

    kept: int
    lost: set[str]
    doubled: set[str]
    twins: set[str]
    holes: int
    overtaken: int
    unanswered: int

    def require_nothing_lost(self, at_least: int) -> None:
        """See that so many were kept at least, and that all of them are there, none under two numbers."""
        assert self.kept >= at_least, self
        assert not self.lost, self
        assert not self.doubled, self

    def require_each_once(self, at_least: int) -> None:
        """See that all is there once, that no number is missing, and that none overtook another."""
        self.require_nothing_lost(at_least)
        assert not self.twins, self
        assert not self.holes, self
        assert not self.overtaken, self


async def account(settings: Settings, *ledgers: Path) -> Account:
    """Read the topics to their ends and compare."""
    lines = [line.split() for ledger in ledgers for line in ledger.read_text().splitlines()]
    sent = {event_id for what, event_id in lines if what == "s"}
    kept = {event_id for what, event_id in lines if what == "k"}
    found = await read_all(settings)
    copies: dict[str, list[Found]] = defaultdict(list)
    for record in found:
        copies[record.event_id].append(record)
    twice = {event_id: records for event_id, records in copies.items() if len(records) > 1}
    same = {event_id for event_id, records in twice.items() if len(set(records)) == 1}
    return Account(
        len(kept),
        kept - set(copies),
        set(twice) - same,
        same,
        holes(found),
        overtaken(found),
        len(sent - kept),
    )


def holes(found: Iterable[Found]) -> int:
    """Count the numbers that are missing below each producer's highest."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for record in found:
        numbers[record.producer].add(record.number)
    return sum(max(seen) + 1 - len(seen) for seen in numbers.values())


def overtaken(found: Iterable[Found]) -> int:
    """Count the records that stand behind one of a higher number of their producer, on their partition."""
    highest: dict[tuple[str, TopicPartition], int] = {}
    behind = 0
    for record in found:
        lane = record.producer, record.partition
        behind += record.number < highest.get(lane, 0)
        highest[lane] = max(record.number, highest.get(lane, 0))
    return behind


async def read_all(settings: Settings) -> list[Found]:
    """Read all that the input topics hold."""
    return [_found(record) for record in await read_to_end(settings, *input_topics(settings))]


def _found(record: Record) -> Found:
    headers = dict(record.headers)
    value = record.value or b""
    return Found(
        json.loads(value)["event_id"],
        headers["kpis-producer"].decode(),
        int(headers["kpis-sequence"]),
        (record.key or b"").decode(),
        value,
        TopicPartition(record.topic, record.partition),
    )
