"""Partitions change hands: nobody else's campaigns are hidden, and none is ever shown by two workers."""

import asyncio
import contextlib
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from connections import registry
from connections.topics import partition_of
from embedded.ports import free_port
from models.settings import Settings
from models.times import DAY, format_time
from tests.integration.running import RunningWorker, impression, now, producing, running

CAMPAIGNS = tuple(f"c{number}" for number in range(12))
IN_A_BLINK = 0.01


@pytest.fixture
def partitions() -> int:
    """Use topics of six partitions."""
    return 6


@pytest.fixture
async def campaigns(settings: Settings, redis: Redis) -> None:
    """Register twelve campaigns, and send an impression of each to any partition."""
    flight = {"starts": format_time(now() - DAY), "ends": format_time(now() + DAY), "currency": "EUR"}
    declared = {"campaigns": [{"id": name, "name": name, **flight} for name in CAMPAIGNS]}
    await registry.apply(redis, settings.redis_prefix, declared, now())
    async with producing(settings) as producer:
        for number, name in enumerate(CAMPAIGNS):
            value = impression(campaign_id=name)
            await producer.send_and_wait(f"{settings.topic_prefix}impressions", value, partition=number % 6)


def shown_by(worker: RunningWorker) -> set[str]:
    """Name the campaigns that a worker shows at this moment."""
    states = worker.worker.pipeline().states
    return {name for name in CAMPAIGNS if states.of(name) is not None}


class Watch:
    """Looks at all workers at the same moments: they run in this loop."""

    def __init__(self, workers: list[RunningWorker]) -> None:
        self.twice: set[str] = set()
        self.hidden: set[str] = set()
        self._workers = workers

    def look(self) -> None:
        """Look once."""
        counted = Counter(name for worker in self._workers for name in shown_by(worker))
        self.twice |= {name for name, count in counted.items() if count > 1}
        self.hidden |= set(CAMPAIGNS) - counted.keys()

    @asynccontextmanager
    async def looking(self) -> AsyncIterator["Watch"]:
        """Look again and again while the block runs."""

        async def run() -> None:
            while True:
                self.look()
                await asyncio.sleep(IN_A_BLINK)

        task = asyncio.create_task(run())
        try:
            yield self
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def all_shown(workers: Sequence[RunningWorker], each: int) -> None:
    """Wait until every campaign is shown, and each worker holds so many partitions."""
    for worker in workers:
        await worker.until(
            lambda: (
                all(len(one.assigned) == each for one in workers)
                and sum(len(shown_by(one)) for one in workers) == len(CAMPAIGNS)
            )
        )


@pytest.mark.usefixtures("campaigns")
async def test_a_worker_that_stops_and_starts_again_hides_nothing_but_its_own_and_nothing_is_shown_twice(
    settings: Settings, redis: Redis
) -> None:
    async with running(settings, redis) as ana, running(settings, redis) as ben:
        workers = [ana, ben]
        watch = Watch(workers)
        async with running(settings, redis) as cleo:
            workers.append(cleo)
            await all_shown(workers, 2)
            own, kept = shown_by(cleo), ana.assigned | ben.assigned
            async with watch.looking():
                await cleo.stop()
                await all_shown([ana, ben], 3)
        async with watch.looking(), running(settings, redis) as again:
            workers[2] = again
            await all_shown(workers, 2)
            assert again.assigned == set(range(6)) - kept

    assert watch.twice == set()
    assert watch.hidden <= own


@asynccontextmanager
async def process(settings: Settings, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a worker as a process of its own, and kill it."""
    names = ("kafka", "redis_url", "redis_prefix", "topic_prefix", "group", "instance")
    given = {f"KPIS_{name.upper()}": str(getattr(settings, name)) for name in names}
    given["KPIS_METRICS_ADDRESS"] = f"127.0.0.1:{port}"
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "commands",
        "worker",
        env={**os.environ, **given},
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield worker
    finally:
        with contextlib.suppress(ProcessLookupError):
            worker.kill()
        await worker.wait()


@pytest.mark.usefixtures("campaigns")
async def test_one_that_is_killed_and_started_again_under_its_name_is_not_noticed_by_the_others(
    settings: Settings, redis: Redis
) -> None:
    """Started before the other is killed: on a busy machine that may take longer than the session."""
    named = [settings.model_copy(update={"instance": name}) for name in ("ana", "ben")]
    async with running(named[0], redis) as ana, process(named[1], free_port()) as killed:
        await ana.until(lambda: len(ana.assigned) == 3 and shown_by(ana) == own_of(ana))
        own, generation = own_of(ana), ana.app.consumer_generation_id
        port = free_port()
        async with process(named[1], port), Watch([ana]).looking() as watch:
            await says(port, b"joining")
            killed.kill()
            await says(port, b"3 partitions live")
            assert (ana.app.consumer_generation_id, len(ana.assigned)) == (generation, 3)

    assert not watch.hidden & own


def own_of(worker: RunningWorker) -> set[str]:
    """Name the campaigns of the partitions that a worker holds."""
    return {name for name in CAMPAIGNS if partition_of(name.encode(), 6) in worker.assigned}


async def says(port: int, words: bytes) -> None:
    """Wait until the worker at a port says something of its readiness."""
    async with asyncio.timeout(25):
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"GET /readyz HTTP/1.0\r\n\r\n")
                answer = await reader.read()
                writer.close()
                if words in answer:
                    return
            await asyncio.sleep(0.05)


@pytest.mark.usefixtures("campaigns")
async def test_of_two_workers_of_one_name_the_first_ends_and_says_why(
    settings: Settings, redis: Redis
) -> None:
    named = settings.model_copy(update={"instance": "ana"})
    async with running(named, redis) as first:
        await first.ready()
        workers = [first]
        async with Watch(workers).looking() as watch, running(named, redis) as second:
            workers.append(second)
            assert "KPIS_INSTANCE" in await first.fail_stop()
            await second.until(lambda: len(shown_by(second)) == len(CAMPAIGNS))

    assert watch.twice == set()
