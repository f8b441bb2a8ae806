"""State of generations that are not active is listed, and deleted where no worker uses it."""

import asyncio
import os
import sys
from pathlib import Path

from redis.asyncio import Redis

from connections.active_generation import ActiveGeneration
from connections.generations import existing_generations, of_generation
from connections.topic_admin import create_missing_topics
from connections.topics import changelog_topic
from models.settings import Settings
from tests.integration.running import running


async def kpis(settings: Settings, *arguments: str) -> tuple[int, str]:
    """Run a command; give its exit code and what it said."""
    names = {"kafka", "redis_url", "redis_prefix", "topic_prefix", "group"}
    values = settings.model_dump(mode="json", include=names)
    own = {f"KPIS_{name.upper()}": value for name, value in values.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "commands", *arguments),
        env={**os.environ, **own},
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_what_is_shown_or_used_stays_and_the_rest_is_deleted(settings: Settings, redis: Redis) -> None:
    for number in (1, 2):
        await create_missing_topics(of_generation(settings, number))
    await ActiveGeneration(redis, settings).raise_to(1)
    _, listed = await kpis(settings, "topics", "list")
    async with running(settings, redis, rebuild=0) as worker:
        await worker.until(lambda: bool(worker.assigned))
        _, pruned = await kpis(settings, "topics", "prune")

    assert "not active: generation 0" in listed
    assert "not active: generation 1" not in listed
    assert listed.count(changelog_topic(of_generation(settings, 1))) == 1
    assert pruned.splitlines() == ["generation 0: deleted", "generation 2: has workers, left alone"]
    async with asyncio.timeout(20):
        while await existing_generations(settings) != [1, 2]:
            await asyncio.sleep(0.2)


async def test_nothing_is_deleted_where_redis_does_not_say_what_is_shown(
    settings: Settings, redis: Redis
) -> None:
    code, said = await kpis(settings, "topics", "prune")

    assert (code, "does not say" in said) == (1, True)
    assert await existing_generations(settings) == [0]
