"""A worker that is told to stop ends soon, whatever it is in the middle of."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

from redis.asyncio import Redis

from models.settings import Settings
from tests.integration.processes import start_process, until_ready
from tests.integration.running import RunningWorker, running

STOPPED_WITHIN_SECONDS = 15.0

BLOCKED = """
import os, time
from streams.worker.deadlines import Deadlines
deadlines = Deadlines(lambda reason: (print(reason, flush=True), os._exit(3)))
deadlines.watch()
deadlines.begin("a step that answers nobody", 1)
time.sleep(60)
"""


async def stop_in_order(worker: RunningWorker) -> None:
    """Stop a worker, which must neither take long nor leave anything behind."""
    began = time.monotonic()
    await worker.stop()
    assert time.monotonic() - began < STOPPED_WITHIN_SECONDS
    assert worker.worker.worker
    assert worker.worker.worker.stopped_in_order


async def test_stops_in_the_midst_of_a_rebalance_end_in_order_and_the_others_go_on(
    settings: Settings, redis: Redis, tmp_path: Path
) -> None:
    """It waits for a frozen worker. Faust closed the consumer in the wrong loop, and then waited for it."""
    frozen = start_process(settings, tmp_path)
    await until_ready(frozen)
    async with running(settings, redis) as one, running(settings, redis) as other:
        await asyncio.gather(one.ready(), other.ready())
        frozen.freeze()
        async with running(settings, redis) as joining:
            await one.until(lambda: not one.app.joined)
            await asyncio.gather(stop_in_order(one), stop_in_order(other))
            assert not joining.app.joined, "the rebalance was over before the stops"
            frozen.kill()
            await joining.ready()


def test_a_worker_whose_event_loop_is_blocked_is_stopped_by_its_deadlines() -> None:
    done = subprocess.run([sys.executable, "-c", BLOCKED], capture_output=True, text=True, timeout=30)

    assert (done.returncode, done.stdout) == (3, "A step that answers nobody took more than 1 s.\n")
