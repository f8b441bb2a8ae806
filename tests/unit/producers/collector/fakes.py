"""A Kafka in memory that acknowledges, refuses or keeps silent as a test says."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from producers.collector.durable import Durable, Outgoing
from producers.collector.records import Numbered
from producers.collector.sender import Connection
from producers.collector.spool_folders import open_folders

BOUND = 1_000_000
"""Bytes that a spool may take where a test is about something else."""

Verdict = Callable[[Sequence[Numbered]], BaseException | None]


class Kafka:
    """`written` has the records in the order in which each partition took them."""

    def __init__(self) -> None:
        self.written: list[Numbered] = []
        self.batches: list[int] = []
        self.connections = 0
        self.closed = 0
        self.away: Exception | None = None
        self.verdict: Verdict = lambda _: None
        self.frozen = False
        self._held: list[tuple[Sequence[Numbered], asyncio.Future[object]]] = []

    async def connect(self) -> Connection:
        if self.away:
            raise self.away
        self.connections += 1
        return _Connection(self)

    def take(self, records: Sequence[Numbered]) -> "asyncio.Future[object]":
        outcome: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self.batches.append(len(records))
        if self.frozen:
            self._held.append((records, outcome))
        else:
            self._answer(records, outcome)
        return outcome

    def thaw(self) -> None:
        """Take what was sent meanwhile, and answer."""
        self.frozen = False
        held, self._held = self._held, []
        for records, outcome in held:
            self._answer(records, outcome)

    def refuse_once(self, error: BaseException) -> None:
        """Refuse the next batch, and take all others."""

        def verdict(_: Sequence[Numbered]) -> BaseException | None:
            self.verdict = lambda _: None
            return error

        self.verdict = verdict

    @property
    def values(self) -> list[bytes]:
        return [record.value for record in self.written]

    def _answer(self, records: Sequence[Numbered], outcome: "asyncio.Future[object]") -> None:
        error = self.verdict(records)
        if error:
            outcome.set_exception(error)
        else:
            self.written += records
            outcome.set_result(None)


class _Connection:
    def __init__(self, kafka: Kafka) -> None:
        self.partitions: Mapping[str, int] = {"clicks": 2, "impressions": 2}
        self._kafka = kafka

    async def send(
        self, _topic: str, _partition: int, records: Sequence[Numbered]
    ) -> "tuple[int, asyncio.Future[object]]":
        return len(records), self._kafka.take(records)

    def fault(self) -> str:
        return ""

    async def close(self, _within: float) -> None:
        self._kafka.closed += 1


class Kept:
    """A `Durable` over a Kafka in memory: `acks` are the seconds, `failed` the defect, that it told of."""

    def __init__(self, root: Path, kafka: Kafka, bound: int) -> None:
        self.acks: list[float] = []
        self.failed = asyncio.Event()
        self._folders = open_folders(root)
        own, left = self._folders.__enter__()
        self.durable = Durable(
            kafka.connect, (own, left), bound, self.acks.append, lambda: 1000.0, self.failed.set
        )

    async def __aenter__(self) -> Durable:
        await self.durable.start()
        return self.durable

    async def __aexit__(self, *_: object) -> None:
        await self.durable.stop()
        self._folders.__exit__(None, None, None)


def spool(root: Path) -> list[Path]:
    """Return the files of the spools below a folder."""
    return sorted(root.glob("*/*.spool"))


def clicks(*numbers: int, campaign: str = "glow") -> list[Outgoing]:
    return [Outgoing("clicks", campaign.encode(), b'{"event_id":"%d"}' % number) for number in numbers]


def values(*numbers: int) -> list[bytes]:
    return [record.value for record in clicks(*numbers)]


def holes(written: Sequence[Numbered]) -> dict[bytes, set[int]]:
    """Return the numbers that are missing below the highest of each producer."""
    seen: dict[bytes, set[int]] = {}
    for record in written:
        seen.setdefault(record.producer, set()).add(record.number)
    missing = {producer: set(range(max(numbers) + 1)) - numbers for producer, numbers in seen.items()}
    return {producer: numbers for producer, numbers in missing.items() if numbers}


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what the event loop brings about."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.002)
