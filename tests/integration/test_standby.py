"""A worker beyond the number of partitions stands by, and takes over from one that is killed or stopped."""

import asyncio
from pathlib import Path

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
