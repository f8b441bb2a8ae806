"""Topics that are deleted, or made anew, under the state that was read of them stop the worker."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from redis.asyncio import Redis

from models.settings import Settings
from tests.integration.processes import start_process, until_counted, until_ready, until_said
from tests.integration.running import producing, running, send
from tests.system.support.processes import Process


@pytest.fixture
def process(settings: Settings, redis: Redis, tmp_path: Path) -> Iterator[Process]:
    """Run a worker in a process of its own: Faust may hold up the end of what reads a topic that is gone."""
    started = start_process(settings, tmp_path)
    yield started
    started.kill()


async def delete(settings: Settings, topic: str) -> None:
    """Delete a topic."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka)
    await admin.start()
    try:
        await admin.delete_topics([topic])
    finally:
        await admin.close()


async def recreate(settings: Settings, topic: str) -> None:
    """Delete a topic and make an empty one of the same name."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka)
    await admin.start()
    try:
        await admin.delete_topics([topic])
        async with asyncio.timeout(60):
            while topic in await admin.list_topics():
                await asyncio.sleep(0.1)
        await admin.create_topics([NewTopic(topic, settings.partitions, 1)])
        async with asyncio.timeout(60):
            while topic not in await admin.list_topics():
                await asyncio.sleep(0.1)
    finally:
        await admin.close()


async def test_a_topic_that_is_made_anew_under_the_state_stops_the_worker(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    async with producing(settings) as producer:
        await send(producer, impressions, 9, partition=0)
    async with running(settings, redis) as worker:
        await worker.ready()
    await recreate(settings, impressions)

    async with running(settings, redis) as worker:
        reason = await worker.halt()

    assert f"ahead of {impressions}: what was read was made anew" in reason
    assert f"{settings.group}-tallies-changelog" in reason


async def test_a_topic_that_is_made_anew_under_a_running_worker_stops_it(
    settings: Settings, process: Process, impressions: str
) -> None:
    async with producing(settings) as producer:
        await send(producer, impressions, 9, partition=0)
        await until_ready(process)
        # Of what is read only once it was made anew, nothing can tell.
        await until_counted(process, 9)
        await recreate(settings, impressions)
        await send(producer, impressions, 1, partition=0)
        await until_said(
            process, f"ahead of {impressions}: what was read was made anew", *missing(impressions)
        )


async def test_a_topic_that_is_deleted_under_a_running_worker_stops_it(
    settings: Settings, process: Process, impressions: str
) -> None:
    await until_ready(process)
    await delete(settings, impressions)
    await until_said(process, *missing(impressions))


def missing(topic: str) -> tuple[str, str]:
    """Return how a worker says that a topic is not there: whoever notices first, a look or a rebalance."""
    return (
        f"The topic {topic} was deleted under the worker",
        f"{topic} was missing when partitions were assigned",
    )
