"""A worker beyond the number of partitions stands by, and takes over from one that is killed or stopped."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from models.settings import Settings
from tests.integration.processes import start_process, until_ready
from tests.integration.running import RunningWorker, producing, running, send

STANDING_BY = "ready: standing by: other workers hold every partition"


@pytest.fixture
def partitions() -> int:
    """Use topics of one partition: every worker but one is beyond them."""
    return 1


async def stands_by(worker: RunningWorker) -> None:
    """Wait until a worker says that it stands by."""
    await worker.until(lambda: worker.worker.readiness().reason == STANDING_BY)
    assert worker.worker.readiness().ready


async def test_a_standby_takes_over_from_a_killed_worker_and_another_from_one_that_is_stopped(
    settings: Settings, redis: Redis, impressions: str, tmp_path: Path
) -> None:
    killed = start_process(settings, tmp_path)
    async with producing(settings) as producer:
        await until_ready(killed)
        await send(producer, impressions, 5)
        async with running(settings, redis) as one, running(settings, redis) as other:
            await asyncio.gather(stands_by(one), stands_by(other))

            killed.kill()
            await one.until(lambda: one.assigned == {0} or other.assigned == {0})
            active, standby = (one, other) if one.assigned else (other, one)
            await send(producer, impressions, 5)
            await active.until(lambda: active.impressions == 10)
            assert standby.worker.readiness().reason == STANDING_BY

            await active.stop()
            await standby.until(lambda: standby.impressions == 10)
            assert standby.worker.readiness().ready


async def test_a_worker_that_joins_before_the_broker_tells_of_a_topic_joins_again_and_stands_by_for_nobody(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    """As behind a broker that has just started; alone in its group it waited for others for ever."""
    stood_by: list[bool] = []
    async with producing(settings) as producer, running(settings, redis) as worker:
        await send(producer, impressions, 5)
        await worker.until(lambda: worker.impressions == 5)
        consumer: Any = worker.app.consumer
        thread, before = consumer._thread, worker.app.consumer_generation_id
        inner = thread._ensure_consumer()

        def join_without_topics() -> None:
            inner._client.cluster._partitions.clear()
            inner._coordinator.request_rejoin()

        def is_back() -> bool:
            stood_by.append(worker.worker.readiness().reason == STANDING_BY)
            return worker.app.consumer_generation_id > before and worker.impressions == 5

        thread.thread_loop.call_soon_threadsafe(join_without_topics)
        await worker.until(is_back)
        assert not any(stood_by)
