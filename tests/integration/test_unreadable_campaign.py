"""A campaign that this release cannot read stops neither a worker that starts nor the other campaigns."""

import json

from aiokafka import AIOKafkaProducer
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from connections import registry
from connections.topics import input_topics
from exporters.collector import KpiCollector
from models.settings import Settings
from tests.integration.reading import read_dead_letters
from tests.integration.running import (
    CAMPAIGN,
    RunningWorker,
    impression,
    now,
    producing,
    running,
)


async def change(redis: Redis, settings: Settings, name: str, **fields: object) -> None:
    """Write what another release might have written: the campaign under another name, with these fields."""
    key = f"{settings.redis_prefix}registry"
    document = json.loads(await redis.get(key) or "")
    document["campaigns"][name] = {**document["campaigns"][CAMPAIGN], "id": name, **fields}
    await redis.set(key, json.dumps(document))


async def send(producer: AIOKafkaProducer, settings: Settings, *campaigns: str) -> None:
    """Send an impression of each campaign."""
    for name in campaigns:
        await producer.send_and_wait(input_topics(settings)[0], impression(campaign_id=name))


def page(worker: RunningWorker) -> CollectorRegistry:
    """Build the page of a worker."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(KpiCollector(worker.worker.pipeline, now, "1.2.3"))
    return registry


def impressions(worker: RunningWorker, campaign: str) -> float | None:
    """Return what the page shows of a campaign."""
    labels = {"campaign": campaign, "window": "flight"}
    return page(worker).get_sample_value("kpi_campaign_impressions", labels)


async def test_a_worker_that_starts_counts_the_others_and_what_counting_can_read(
    settings: Settings, redis: Redis
) -> None:
    await change(redis, settings, "newer", of_a_later_release=True)
    await change(redis, settings, "broken", ends="some day")

    async with producing(settings) as producer, running(settings, redis) as worker:
        await worker.ready()
        await send(producer, settings, CAMPAIGN, "newer", "newer", "broken")
        await worker.until(lambda: worker.outcomes.get("outcome:refused") == 1)
        await worker.until(lambda: worker.impressions == 3)

        assert [impressions(worker, name) for name in (CAMPAIGN, "newer", "broken")] == [1, None, None]
        for name in ("newer", "broken"):
            entry = {"entry": f"campaigns.{name}"}
            assert page(worker).get_sample_value("kpi_pipeline_registry_unreadable", entry) == 1

        # Its file is applied again, in a form that this release reads.
        document = await registry.load_document(redis, settings.redis_prefix)
        assert document is not None
        mended = {**document["campaigns"][CAMPAIGN], "id": "newer"}
        await registry.apply(redis, settings.redis_prefix, {"campaigns": [mended]}, now())
        await worker.until(lambda: impressions(worker, "newer") == 2)
        (letter,) = await read_dead_letters(settings, 1)
    assert b"broken" in (letter.value or b"")


async def test_a_worker_that_knew_it_goes_on_as_it_knew_it(settings: Settings, redis: Redis) -> None:
    async with producing(settings) as producer, running(settings, redis) as worker:
        await worker.ready()
        version = await registry.version(redis, settings.redis_prefix)
        assert version is not None
        await change(redis, settings, "sound")
        await change(redis, settings, CAMPAIGN, ends="some day")
        await redis.set(f"{settings.redis_prefix}registry:version", version + 1)
        await worker.until(lambda: "sound" in worker.worker.pipeline().registry.campaigns)

        await send(producer, settings, CAMPAIGN)
        await worker.until(lambda: worker.impressions == 1)
        assert worker.outcomes.get("outcome:refused", 0) == 0
        known = worker.worker.pipeline().registry
        assert [one.entry for one in known.unreadable] == [f"campaigns.{CAMPAIGN}"]
