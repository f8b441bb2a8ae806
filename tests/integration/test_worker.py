"""Workers that are killed, told to stop, joined and left while events flow: each event counts once."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaProducer
from redis.asyncio import Redis

from connections.topics import dead_letters_topic, input_topics
from models.delta import Delta
from models.settings import Settings
from streams.app import TABLE
from streams.changelog import Changelog
from streams.dead_letters import DeadLetter
from tests.integration.running import (
    RunningWorker,
    impression,
    producing,
    read_dead_letters,
    running,
)


@pytest.fixture
def partitions() -> int:
    """Use topics of four partitions."""
    return 4


class SlowChangelog(Changelog):
    """Takes a while before it sends anything."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # as the parent takes them
        self.storing = asyncio.Event()

    async def store(self, refused: Sequence[DeadLetter], deltas: Mapping[int, Delta]) -> None:
        if deltas:
            self.storing.set()
        await asyncio.sleep(1)
        await super().store(refused, deltas)


class DyingChangelog(Changelog):
    """Dies while it stores; nothing is sent after that."""

    dead = False
    after_delta = False

    async def store(self, refused: Sequence[DeadLetter], deltas: Mapping[int, Delta]) -> None:
        if not self.dead:
            await super().store(refused, deltas if self.after_delta else {})
            self.dead = bool(deltas)
        if self.dead:
            raise ConnectionError("killed")


class DyingLater(DyingChangelog):
    """Dies when the delta is stored and nobody was told."""

    after_delta = True


def replace_changelog(worker: RunningWorker, settings: Settings, kind: type[Changelog]) -> Changelog:
    """Let the worker store by another changelog."""
    changelog = kind(worker.app, worker.app.tables[TABLE], dead_letters_topic(settings))
    changelog.open(worker.keeper.assigned)
    worker.keeper.connect(worker.app, changelog)
    return changelog


async def send(producer: AIOKafkaProducer, settings: Settings, count: int, *, bad: int = 0) -> None:
    """Send impressions, some of them refused, spread over the partitions; wait until acknowledged."""
    topic = input_topics(settings)[0]
    values = [impression() for _ in range(count)] + [b"{}"] * bad
    sent = [
        await producer.send(topic, value, partition=number % settings.partitions)
        for number, value in enumerate(values)
    ]
    await asyncio.gather(*sent)


@pytest.mark.parametrize("kind", [DyingChangelog, DyingLater])
async def test_a_kill_before_or_after_a_delta_is_stored_neither_loses_nor_doubles(
    settings: Settings, redis: Redis, kind: type[Changelog]
) -> None:
    async with producing(settings) as producer:
        await send(producer, settings, 40)
        async with running(settings, redis) as worker:
            await worker.ready()
            replace_changelog(worker, settings, kind)
            await send(producer, settings, 60)
            assert "could not be written" in await worker.fail_stop()
        await send(producer, settings, 20)

    async with running(settings, redis) as worker:
        await worker.ready()
        assert worker.impressions == 120
        assert worker.outcomes["outcome:counted"] == 120


async def test_a_stop_in_the_middle_of_a_flush_loses_nothing(settings: Settings, redis: Redis) -> None:
    async with producing(settings) as producer, running(settings, redis) as worker:
        await worker.ready()
        changelog = replace_changelog(worker, settings, SlowChangelog)
        assert isinstance(changelog, SlowChangelog)
        await send(producer, settings, 40, bad=4)
        await changelog.storing.wait()
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
                await second.until(lambda: 0 < len(second.keeper.assigned) < settings.partitions)
                await second.until(lambda: second.impressions > 0)
            await first.until(lambda: first.impressions + second.impressions == flow.total)
            assert len(first.keeper.assigned) + len(second.keeper.assigned) == settings.partitions
        async with flow.flowing():
            await first.until(lambda: len(first.keeper.assigned) == settings.partitions)

        await first.until(lambda: first.impressions == flow.total)
        assert first.outcomes["outcome:counted"] == flow.total
