"""A state that is counted anew is shown in the place of the old one: never both, never less."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions
from redis.asyncio import Redis

from connections.active_generation import ActiveGeneration
from connections.generations import existing_generations
from connections.redis import connect
from connections.topic_checks import TopicsMismatch
from connections.topics import input_topics, partition_of, state_topics
from models.settings import Settings
from streams.worker.generation_watch import COMPLETE_LOOKS
from tests.integration.running import CAMPAIGN, RunningWorker, producing, running, send
from tests.system.faults.proxy import Proxy
from tests.system.support.processes import Process, free_port


class Looks:
    """What workers show of the campaign, looked at again and again as a scraper would."""

    def __init__(self, *workers: RunningWorker) -> None:
        self.workers = list(workers)
        self.seen: list[int] = []
        self.twice = 0

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[None]:
        """Look while the block runs."""
        task = asyncio.create_task(self._look())
        try:
            yield
        finally:
            task.cancel()

    async def _look(self) -> None:
        while True:
            shown = [worker.impressions for worker in self.workers if shows(worker)]
            self.twice += len(shown) > 1
            self.seen += shown
            await asyncio.sleep(0.02)


def shows(worker: RunningWorker) -> bool:
    """Return whether a worker shows the campaign."""
    return worker.worker.pipeline().states.of(CAMPAIGN) is not None


async def test_the_new_state_takes_the_place_of_the_old_and_no_scrape_sees_both_or_less(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    async with producing(settings) as producer, running(settings, redis) as old:
        await send(producer, impressions, 300)
        await old.ready()
        async with running(settings, redis, rebuild=0) as new:
            looks = Looks(old, new)
            async with looks.looking():
                await new.until(lambda: bool(new.caught_up))
                assert "rebuilding: generation 1" in new.worker.readiness().reason
                assert not shows(new)
                sent = 300
                while not old.reasons:
                    await send(producer, impressions, 5)
                    sent += 5
                    await asyncio.sleep(0.05)
                await new.until(lambda: shows(new) and new.impressions == sent)
                await new.until(lambda: looks.seen[-1] == sent)

    assert "Generation 1" in old.reasons[0]
    assert looks.twice == 0
    assert looks.seen == sorted(looks.seen)
    assert looks.seen[-1] == sent
    assert await ActiveGeneration(redis, settings).get() == 1


async def test_added_partitions_are_read_by_a_rebuild_while_the_old_worker_goes_on(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    async with producing(settings, metadata_max_age_ms=1000) as producer, running(settings, redis) as old:
        await send(producer, impressions, 100)
        await old.ready()
        await add_partitions(settings, 4)
        await old.until(lambda: "partitions were added" in old.worker.readiness().reason)
        await asyncio.gather(*(send(producer, impressions, 25, partition=n) for n in range(4)))
        await old.until(lambda: old.impressions == 150)
        async with running(settings, redis, rebuild=0) as new:
            looks = Looks(old, new)
            async with looks.looking():
                sent = 200
                while not old.reasons:
                    await send(producer, impressions, 4, partition=sent // 4 % 4)
                    sent += 4
                    await asyncio.sleep(0.05)
                await new.until(lambda: shows(new) and new.impressions == sent)
            assert new.assigned == {0, 1, 2, 3}

    assert looks.twice == 0
    assert looks.seen == sorted(looks.seen)


async def test_a_worker_that_starts_over_added_partitions_names_the_remedy(
    settings: Settings, redis: Redis
) -> None:
    await add_partitions(settings, 4)

    async with running(settings, redis) as worker:
        await asyncio.wait([worker.task], timeout=10)
        error = worker.task.exception()
        worker.task = asyncio.create_task(asyncio.sleep(0))

    assert isinstance(error, TopicsMismatch)
    assert "kpis worker --rebuild" in str(error)


async def test_a_rebuild_that_is_killed_goes_on_with_the_same_generation(
    settings: Settings, redis: Redis, impressions: str, tmp_path: Path
) -> None:
    async with producing(settings) as producer, running(settings, redis) as old:
        await send(producer, impressions, 100)
        await old.ready()
        await run_until_caught_up_and_kill(settings, redis, tmp_path)
        assert await ActiveGeneration(redis, settings).get() == 0
        await send(producer, impressions, 50)
        async with running(settings, redis, rebuild=0) as new:
            await old.fail_stop()
            await new.until(lambda: shows(new))
            assert new.impressions == 150
            assert new.outcomes["outcome:counted"] == 150

    assert await ActiveGeneration(redis, settings).get() == 1
    assert await existing_generations(settings) == [0, 1]


async def test_an_emptied_redis_leaves_the_newest_generation_active(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    keys = f"{settings.redis_prefix}generation:*"
    async with producing(settings) as producer:
        await send(producer, impressions, 100)
    async with running(settings, redis, rebuild=0) as new:
        await new.until(lambda: shows(new))
        await redis.delete(*await redis.keys(keys))
        await until_shown(redis, settings, 1)
    await redis.delete(*await redis.keys(keys))

    async with running(settings, redis) as restarted:
        await restarted.ready()
        assert restarted.impressions == 100
        await until_shown(redis, settings, 1)
        assert restarted.app.conf.id == f"{settings.group}.g1"


async def test_a_rebuild_goes_on_without_redis_and_is_shown_when_it_is_back(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    with Proxy() as proxy:
        proxy.forward(settings.redis_url.removeprefix("redis://").removesuffix("/0"))
        away = connect(settings.model_copy(update={"redis_url": f"redis://{proxy.address}/0"}))
        async with producing(settings) as producer, running(settings, redis) as old:
            await send(producer, impressions, 100)
            await old.ready()
            async with running(settings, away, rebuild=0) as new:
                await new.until(lambda: bool(new.assigned))
                proxy.refusing = True
                proxy.cut()
                await send(producer, impressions, 50)
                await new.until(lambda: new.outcomes.get("outcome:counted") == 150)
                await asyncio.sleep(COMPLETE_LOOKS + 2)
                assert shows(old)
                assert not shows(new)
                proxy.heal()
                await new.until(lambda: shows(new))
                assert new.impressions == 150
        await away.aclose()


async def add_partitions(settings: Settings, count: int, topics: Sequence[str] = ()) -> None:
    """Return topics, all input topics if none are named, this many partitions."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka)
    await admin.start()
    try:
        await admin.create_partitions(dict.fromkeys(topics or input_topics(settings), NewPartitions(count)))
    finally:
        await admin.close()


async def until_shown(redis: Redis, settings: Settings, number: int) -> None:
    """Wait until Redis says that a generation is active."""
    async with asyncio.timeout(10):
        while await ActiveGeneration(redis, settings).get() != number:
            await asyncio.sleep(0.1)


async def run_until_caught_up_and_kill(settings: Settings, redis: Redis, directory: Path) -> None:
    """Run a rebuild in a process of its own, until it says that a partition is caught up; then kill it."""
    values = settings.model_dump(mode="json", include={"kafka", "redis_url", "redis_prefix", "topic_prefix"})
    own = {f"KPIS_{name.upper()}": value for name, value in values.items()}
    own |= {"KPIS_GROUP": settings.group, "KPIS_METRICS_ADDRESS": f"127.0.0.1:{free_port()}"}
    process = Process(["worker", "--rebuild"], own, directory, "rebuild")
    try:
        async with asyncio.timeout(30):
            while not await redis.keys(f"{settings.redis_prefix}generation:*:caught-up:*"):
                await asyncio.sleep(0.1)
    finally:
        process.kill()


async def test_state_under_which_partitions_were_added_to_all_topics_is_refused(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    owner = {count: partition_of(CAMPAIGN.encode(), count) for count in (2, 4, 8)}
    count = next(count for count in (4, 8) if owner[count] != owner[2])
    async with producing(settings) as producer, running(settings, redis) as worker:
        await send(producer, impressions, 10)
        await worker.ready()
        await worker.until(lambda: worker.impressions == 10)
    await add_partitions(settings, count, state_topics(settings))
    await add_partitions(settings, count)

    async with running(settings, redis) as worker:
        assert "another number of partitions" in await worker.halt()
