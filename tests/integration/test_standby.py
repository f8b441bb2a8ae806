"""A worker beyond the number of partitions stands by, and takes over from one that is killed or stopped."""

import asyncio
from pathlib import Path

import pytest
from redis.asyncio import Redis

from models.settings import Settings
from tests.integration.running import PATIENCE_SECONDS, RunningWorker, producing, running, send
from tests.system.support.processes import Process, free_port

STANDING_BY = "ready: standing by: other workers hold every partition"


@pytest.fixture
def partitions() -> int:
    """Use topics of one partition: every worker but one is beyond them."""
    return 1


def start_process(settings: Settings, directory: Path) -> Process:
    """Start a worker in a process of its own, which can be killed."""
    own = {
        "KPIS_KAFKA": settings.kafka,
        "KPIS_REDIS_URL": str(settings.redis_url),
        "KPIS_REDIS_PREFIX": settings.redis_prefix,
        "KPIS_TOPIC_PREFIX": settings.topic_prefix,
        "KPIS_GROUP": settings.group,
        "KPIS_PARTITIONS": "1",
        "KPIS_METRICS_ADDRESS": f"127.0.0.1:{free_port()}",
    }
    return Process(["worker"], own, directory, "active")


async def until_ready(process: Process) -> None:
    """Wait until a worker's process has said that it restored its partition."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while "restored 1 partitions" not in process.said():
            await asyncio.sleep(0.1)


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
