"""A registry that a real Redis has lost is noticed and written again by whoever has it; a deletion stands."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from click.testing import CliRunner
from redis.asyncio import Redis

from commands.main import main
from connections import registry
from connections.redis import connect
from connections.registry_watch import RegistryWatch
from embedded.redis import start_redis
from models.settings import Settings
from tests.integration.running import CAMPAIGN, now, register

DOCUMENT, VERSION = "kpis:registry", "kpis:registry:version"
Lose = Callable[[Redis], Awaitable[object]]


@pytest.fixture
async def settings(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Settings]:
    """Run a Redis of this test's own: it is filled, and emptied."""
    with start_redis(tmp_path_factory.mktemp("redis")) as server:
        yield Settings(redis_url=f"redis://{server.address}/0", kafka="127.0.0.1:9")


@pytest.fixture
async def redis(settings: Settings) -> AsyncIterator[Redis]:
    """Connect to a registry with one campaign."""
    client = connect(settings)
    await register(settings, client)
    yield client
    await client.aclose()


async def looks(watch: RegistryWatch, count: int) -> list[str]:
    """Look some times; give what was told."""
    told = []
    for _ in range(count):
        await watch.look()
        told.append(watch.problem)
    return [problem for problem in told if problem]


async def expired(redis: Redis) -> None:
    await redis.pexpire(DOCUMENT, 1)
    await asyncio.sleep(0.02)


async def fills_up(redis: Redis) -> None:
    """Fill it until it has evicted the registry, as a Redis does that serves as a cache, too."""
    await redis.config_set("maxmemory-policy", "allkeys-random")
    used = int((await redis.info("memory"))["used_memory"])
    await redis.config_set("maxmemory", used + 1_000_000)
    for number in range(5000):
        await redis.set(f"other:{number}", "x" * 10_000)
        if not await redis.exists(DOCUMENT):
            return
    raise AssertionError("nothing was evicted")


async def went_back(redis: Redis) -> None:
    await redis.mset({DOCUMENT: '{"campaigns": {}, "version": 1}', VERSION: 1})


@pytest.mark.parametrize(
    "lose",
    [lambda redis: redis.delete(DOCUMENT), lambda redis: redis.delete(VERSION),
     lambda redis: redis.flushall(), lambda redis: redis.set(DOCUMENT, "{"),
     lambda redis: redis.set(DOCUMENT, b"\xff"), lambda redis: redis.set(VERSION, "new"),
     expired, fills_up, went_back],
)  # fmt: skip
async def test_what_is_lost_is_told_of_within_ten_looks_and_written_again(
    settings: Settings, redis: Redis, lose: Lose
) -> None:
    watch = RegistryWatch(redis, settings.redis_prefix, now)
    await watch.look()
    version = await registry.version(redis, settings.redis_prefix)

    await lose(redis)
    told = await looks(watch, 10)

    assert len(told) <= 3, "a registry that was written again is whole"
    assert watch.problem == ""
    known = await registry.load(redis, settings.redis_prefix)
    assert known is not None
    assert list(known.campaigns) == [CAMPAIGN]
    assert await registry.version(redis, settings.redis_prefix) == version
    assert all("written again as this worker knows it" in problem for problem in told)


async def test_of_several_workers_the_newest_registry_wins_and_a_deletion_stands(
    settings: Settings, redis: Redis
) -> None:
    behind, ahead = (RegistryWatch(redis, settings.redis_prefix, now) for _ in range(2))
    await looks(behind, 1)
    await registry.delete(redis, settings.redis_prefix, CAMPAIGN, now())
    await looks(ahead, 1)

    await redis.delete(DOCUMENT)
    assert await looks(behind, 1), "it sees a version that it does not know, without its document"
    assert not await redis.exists(DOCUMENT), "and does not write what is older"
    await looks(ahead, 10)
    await looks(behind, 1)

    for watch in (behind, ahead):
        assert watch.current is not None
        assert not watch.current.campaigns


async def test_a_check_names_a_redis_that_may_evict_the_registry(settings: Settings, redis: Redis) -> None:
    await redis.config_set("maxmemory", 100_000_000)
    await redis.config_set("maxmemory-policy", "allkeys-lru")
    environment = {"KPIS_REDIS_URL": settings.redis_url, "KPIS_KAFKA": settings.kafka}

    done = await asyncio.to_thread(CliRunner().invoke, main, ["check"], env=environment)
    assert "may drop the campaign registry to make room (maxmemory-policy allkeys-lru)" in done.output

    await redis.config_set("maxmemory-policy", "volatile-lru")
    done = await asyncio.to_thread(CliRunner().invoke, main, ["check"], env=environment)
    assert "✓ Redis" in done.output
