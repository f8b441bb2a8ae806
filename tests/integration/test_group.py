"""What keeps a worker from its consumer group is named, and once it is gone the worker joins by itself."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from aiokafka import AIOKafkaConsumer
from confluent_kafka import Consumer
from redis.asyncio import Redis

from connections.admin import Member, describe_members
from connections.group_checks import find_obstacle
from connections.kafka import KafkaUnavailable
from connections.topics import dead_letters_topic
from models.settings import Settings
from streams.worker.group_watch import GroupWatch
from tests.integration.conftest import MOST_MEMBERS
from tests.integration.rights import DESCRIBE, GROUP, READ, TOPIC, US, rule, ruled
from tests.integration.running import PATIENCE_SECONDS, RunningWorker, running

JOINED_WITHIN_SECONDS = 8.0


@asynccontextmanager
async def classic_strangers(settings: Settings, topic: str, count: int = 1) -> AsyncIterator[None]:
    """Join the workers' group with consumers that are no workers."""
    options = {"bootstrap_servers": settings.kafka, "group_id": settings.group, "client_id": "stranger"}
    consumers = [AIOKafkaConsumer(topic, **options) for _ in range(count)]
    await asyncio.gather(*(consumer.start() for consumer in consumers))
    try:
        yield
    finally:
        await asyncio.gather(*(consumer.stop() for consumer in consumers))


@asynccontextmanager
async def newer_stranger(settings: Settings, topic: str) -> AsyncIterator[None]:
    """Join the workers' group with a consumer of the protocol of KIP-848."""
    options = {"bootstrap.servers": settings.kafka, "group.id": settings.group, "group.protocol": "consumer"}
    consumer, assigned = Consumer(options), []
    consumer.subscribe([topic], on_assign=lambda _, partitions: assigned.append(partitions))

    def poll_until_assigned() -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not assigned:
            assert time.monotonic() < deadline, "the stranger was assigned nothing"
            consumer.poll(0.1)

    await asyncio.to_thread(poll_until_assigned)
    try:
        yield
    finally:
        await asyncio.to_thread(consumer.close)


async def names(worker: RunningWorker, words: str) -> None:
    """Wait until a worker says what keeps it out."""
    await worker.until(lambda: words in worker.worker.readiness().reason)
    assert not worker.worker.readiness().ready


async def joins(worker: RunningWorker) -> None:
    """Wait until a worker has joined, by itself and soon."""
    async with asyncio.timeout(JOINED_WITHIN_SECONDS):
        await worker.ready()


def skip_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a worker try to join without asking first, as if what keeps it out had come in between."""

    async def wait(_: GroupWatch) -> None: ...

    monkeypatch.setattr(GroupWatch, "wait", wait)


async def test_a_stranger_in_the_group_is_named_and_once_it_has_gone_the_worker_joins(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    async with AsyncExitStack() as stack:
        async with classic_strangers(settings, impressions):
            worker = await stack.enter_async_context(running(settings, redis))
            await names(
                worker,
                "is no worker of this release (stranger at 127.0.0.1): stop it",
            )
        await joins(worker)


async def test_a_stranger_of_the_newer_protocol_is_named_and_once_it_has_gone_the_worker_joins(
    settings: Settings, redis: Redis, impressions: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_the_question(monkeypatch)
    async with AsyncExitStack() as stack:
        async with newer_stranger(settings, impressions):
            worker = await stack.enter_async_context(running(settings, redis))
            await names(
                worker,
                "is no worker of this release (a consumer with group.protocol=consumer",
            )
        await joins(worker)


async def test_a_full_group_is_named_and_once_it_has_room_the_worker_joins(
    settings: Settings, redis: Redis, impressions: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_the_question(monkeypatch)
    async with AsyncExitStack() as stack:
        async with classic_strangers(settings, impressions, MOST_MEMBERS):
            worker = await stack.enter_async_context(running(settings, redis))
            await names(worker, f"The consumer group {settings.group} is full")
        await joins(worker)


async def test_missing_rights_are_named_one_after_the_other_and_once_they_are_given_the_worker_joins(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    """Whoever is given rights takes them from all others, where everyone has had them."""
    letters = dead_letters_topic(settings)
    describe = [rule(TOPIC, topic, US, DESCRIBE) for topic in (impressions, letters)]
    async with AsyncExitStack() as stack:
        async with ruled(settings, rule(GROUP, settings.group, "User:other", READ)):
            async with ruled(settings, *describe):
                worker = await stack.enter_async_context(running(settings, redis))
                await names(worker, f"No right to read {impressions} and to write {letters}: give")
            await names(worker, f"No right to read the consumer group {settings.group}: give")
        await joins(worker)


async def test_a_member_whose_right_is_taken_away_shows_nothing_and_joins_again_once_it_is_given_back(
    settings: Settings, redis: Redis
) -> None:
    async with running(settings, redis) as worker:
        await worker.ready()
        async with ruled(settings, rule(GROUP, settings.group, "User:other", READ)):
            await names(worker, f"No right to read the consumer group {settings.group}: give")
            assert not worker.worker.pipeline().states.leaf_counts()
        await joins(worker)


async def test_limits_of_sessions_that_a_worker_does_not_keep_to_are_named(settings: Settings) -> None:
    assert await find_obstacle(settings) == ""
    assert "The broker takes no session of 1 s: let its group.min.session" in await find_obstacle(
        settings, 1.0
    )


async def test_to_ask_disturbs_no_group(settings: Settings, redis: Redis) -> None:
    async with running(settings, redis) as worker:
        await worker.ready()
        coordinator = worker.app.consumer._thread._ensure_consumer()._coordinator  # type: ignore[attr-defined]  # Faust's
        await asyncio.sleep(3)  # The first sharing may be in two steps.
        generation = coordinator.generation
        for _ in range(5):
            assert await find_obstacle(settings) == ""
        await asyncio.sleep(2)  # Heartbeats later.

        assert coordinator.generation == generation


async def members(settings: Settings) -> list[Member]:
    """List the members of the workers' group: a new broker needs a while to answer."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                return (await describe_members(settings))[1]
            except KafkaUnavailable:
                await asyncio.sleep(0.2)


async def test_a_worker_joins_only_when_everything_is_compiled(settings: Settings, redis: Redis) -> None:
    compiled = asyncio.get_running_loop().create_future()
    worker = RunningWorker(settings, redis, compiled=compiled)
    try:
        await worker.until(lambda: "compiling" in worker.worker.readiness().reason)
        await asyncio.sleep(2)
        assert await members(settings) == []
        assert "compiling" in worker.worker.readiness().reason

        compiled.set_result(None)
        await worker.ready()
    finally:
        await worker.stop()
