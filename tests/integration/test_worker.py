"""Workers that are killed, told to stop, joined and left while events flow: each event counts once."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaProducer
from redis.asyncio import Redis

from connections.topics import input_topics
from models.settings import Settings
from streams.shard.assignment import Assignment
from streams.shard.shard import Shard
from streams.shard.storing import Storage
from tests.integration.running import (
    RunningWorker,
    impression,
    producing,
    read_dead_letters,
    running,
)

IMPRESSIONS = "impressions"
STORED_BEFORE = 40


@pytest.fixture
def partitions() -> int:
    """Use topics of four partitions."""
    return 4


class SlowStorage(Storage):
    """Takes a while before it stores anything."""

    storing: asyncio.Event

    async def store(self, assignment: Assignment, shards: Mapping[int, Shard]) -> None:
        if shards:
            self.storing.set()
        await asyncio.sleep(1)
        await super().store(assignment, shards)


class DyingStorage(Storage):
    """Dies before a delta is stored; nothing is sent after that."""

    dead = False
    after_delta = False

    async def store(self, assignment: Assignment, shards: Mapping[int, Shard]) -> None:
        if not self.dead:
            before = sum(shards[number].state.positions.get((IMPRESSIONS, number), 0) for number in shards)
            self.dead = before > STORED_BEFORE
            if self.after_delta or not self.dead:
                await super().store(assignment, shards)
        if self.dead:
            raise ConnectionError("killed")


class DyingLater(DyingStorage):
    """Dies when the deltas are stored and nobody was told."""

    after_delta = True


def replace_storage(worker: RunningWorker, kind: type[Storage]) -> Storage:
    """Let the worker store by another storage."""
    inner = worker.manager._storage
    storage = kind(inner.writer, inner._outbox, inner._send_letter)
    worker.manager._storage = storage
    return storage


async def send(producer: AIOKafkaProducer, settings: Settings, count: int, *, bad: int = 0) -> None:
    """Send impressions, some of them refused, spread over the partitions; wait until acknowledged."""
    topic = input_topics(settings)[0]
    values = [impression() for _ in range(count)] + [b"{}"] * bad
    sent = [
        await producer.send(topic, value, partition=number % settings.partitions)
        for number, value in enumerate(values)
    ]
    await asyncio.gather(*sent)


@pytest.mark.parametrize("kind", [DyingStorage, DyingLater])
async def test_a_kill_before_or_after_a_delta_is_stored_neither_loses_nor_doubles(
    settings: Settings, redis: Redis, kind: type[Storage]
) -> None:
    async with producing(settings) as producer:
        await send(producer, settings, 40)
        async with running(settings, redis) as worker:
            await worker.ready()
            replace_storage(worker, kind)
            await send(producer, settings, 60)
            assert "could not be stored" in await worker.fail_stop()
        await send(producer, settings, 20)

    async with running(settings, redis) as worker:
        await worker.ready()
        assert worker.impressions == 120
        assert worker.outcomes["outcome:counted"] == 120


async def test_a_stop_in_the_middle_of_a_flush_loses_nothing(settings: Settings, redis: Redis) -> None:
    async with producing(settings) as producer, running(settings, redis) as worker:
        await worker.ready()
        storage = replace_storage(worker, SlowStorage)
        assert isinstance(storage, SlowStorage)
        storage.storing = asyncio.Event()
        await send(producer, settings, 40, bad=4)
        await storage.storing.wait()
        await send(producer, settings, 60)
        await worker.until(lambda: worker.outcomes.get("outcome:counted") == 100)

    async with running(settings, redis) as worker:
        await worker.ready()
        assert worker.impressions == 100
        assert worker.outcomes["outcome:refused"] == 4
        assert len(await read_dead_letters(settings, 4)) == 4


class Flow:
    """Impressions that are sent again and again until told to stop."""

    def __init__(self, producer: AIOKafkaProducer, settings: Settings) -> None:
        self.total = 0
        self._producer = producer
        self._settings = settings

    @asynccontextmanager
    async def flowing(self) -> AsyncIterator[None]:
        """Send while the block runs; all that is sent is acknowledged at its end."""
        stop = asyncio.Event()
        task = asyncio.create_task(self._send(stop))
        try:
            yield
        finally:
            stop.set()
            await task

    async def _send(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await send(self._producer, self._settings, 40)
            self.total += 40
            await asyncio.sleep(0.02)


async def test_workers_that_join_and_leave_while_events_flow_show_each_event_once(
    settings: Settings, redis: Redis
) -> None:
    async with producing(settings) as producer, running(settings, redis) as first:
        flow = Flow(producer, settings)
        await first.ready()
        async with flow.flowing():
            await first.until(lambda: first.impressions > 0)
        async with running(settings, redis) as second:
            async with flow.flowing():
                await second.until(lambda: 0 < len(second.assigned) < settings.partitions)
                await second.until(lambda: second.worker.readiness().ready)
            await first.until(lambda: first.impressions + second.impressions == flow.total)
            assert len(first.assigned) + len(second.assigned) == settings.partitions
        async with flow.flowing():
            await first.until(lambda: len(first.assigned) == settings.partitions)

        await first.until(lambda: first.impressions == flow.total)
        assert first.outcomes["outcome:counted"] == flow.total
