"""A worker that is frozen past its session finds its partitions as others have left them."""

import asyncio
from pathlib import Path

from faust.types import TP
from redis.asyncio import Redis

from connections.topics import changelog_topic
from models.settings import Settings
from tests.integration.processes import start_process, until_ready
from tests.integration.running import PATIENCE_SECONDS, RunningWorker, producing, running, send
from tests.system.support.processes import Process

RESTORED = "streams.shard.manager: restored"


async def until_restored_again(process: Process, before: int) -> None:
    """Wait until a worker's process has said more often than before that it restored partitions."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while process.said().count(RESTORED) <= before:
            await asyncio.sleep(0.1)


async def until_shortened(worker: RunningWorker, settings: Settings, impressions: str) -> None:
    """Have a worker count until nothing is left of what the journals hold now."""
    numbers = set(range(settings.partitions))
    logs = [TP(changelog_topic(settings), number) for number in numbers]
    ends = await worker.app.consumer.highwaters(*logs)
    async with asyncio.timeout(PATIENCE_SECONDS), producing(settings) as producer:
        starts = dict.fromkeys(numbers, 0)
        while any(starts[log.partition] < ends[log] for log in logs):
            await send(producer, impressions, 20)
            await asyncio.sleep(0.5)
            starts = await worker.app.log_starts(numbers)


async def test_it_goes_on_where_others_have_shortened_the_journals_that_it_had_read(
    settings: Settings, redis: Redis, impressions: str, tmp_path: Path
) -> None:
    """Where it has something to store as it wakes, which is left to chance, it forgets what it had read.

    tests/unit/streams/shard/test_manager_restoring.py leaves nothing to chance.
    """
    brief = settings.model_copy(update={"snapshot_bytes": 1})
    process = start_process(settings, tmp_path)
    try:
        await until_ready(process)
        process.freeze()
        async with running(brief, redis) as other:
            await other.until(lambda: len(other.assigned) == 2)
            await until_shortened(other, settings, impressions)
            before = process.said().count(RESTORED)
            process.wake()
            await until_restored_again(process, before)
            await other.until(lambda: len(other.assigned) == 1)
    finally:
        process.kill()
