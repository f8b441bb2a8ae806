"""Workers that are killed, told to stop, joined and left while events flow: each event counts once."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from redis.asyncio import Redis

from connections.topics import input_topics
from models.settings import Settings
from streams.shard.assignment import Assignment
from streams.shard.shard import Shard
from streams.shard.storing import Storage
from tests.integration.dying_worker import DEAD
from tests.integration.reading import read_dead_letters
from tests.integration.running import (
    PATIENCE_SECONDS,
    RunningWorker,
    impression,
    producing,
    running,
)

ROOT = Path(__file__).parents[2]


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


def slow_down(worker: RunningWorker) -> SlowStorage:
    """Let the worker store by a slow storage."""
    inner = worker.manager._storage
    storage = SlowStorage(inner.writer, inner._outbox, inner._send_letter)
    storage.storing = asyncio.Event()
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


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_kill_before_or_after_a_delta_is_stored_neither_loses_nor_doubles(
    settings: Settings, redis: Redis, when: str
) -> None:
    async with producing(settings) as producer:
        await send(producer, settings, 40)
        killed = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.integration.dying_worker", when, settings.model_dump_json()),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        assert killed.stdout
        async with asyncio.timeout(2 * PATIENCE_SECONDS):
            assert await killed.stdout.readline() == b"ready\n"
            await send(producer, settings, 60)
            assert await killed.wait() == DEAD
        await send(producer, settings, 20)

    async with running(settings, redis) as worker:
        await worker.ready()
        assert worker.impressions == 120
        assert worker.outcomes["outcome:counted"] == 120


async def test_a_stop_in_the_middle_of_a_flush_loses_nothing(settings: Settings, redis: Redis) -> None:
    async with producing(settings) as producer, running(settings, redis) as worker:
        await worker.ready()
        storage = slow_down(worker)
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
