"""A collector in the test's own loop, before a real Kafka and Redis."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import ConsumerRecord
from redis.asyncio import Redis

from connections import registry
from connections.listening import Serving
from connections.topics import input_topics
from models.settings import Settings
from models.times import DAY, format_time
from producers.collector.secrets import Secrets
from producers.collector.serving import collecting
from tests.system.support.processes import free_port

KEY = "the-key-of-the-crm-system"
BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36"
}
SECRETS = f"""\
person_salt = "salt-salt-salt-salt"
[click_keys]
current = "click-key-click-key"
[api_keys.crm]
secrets = ["{KEY}"]
"""


def now() -> int:
    """Return the time in microseconds."""
    return time.time_ns() // 1000


def deployed(settings: Settings, folder: Path, **changed: Any) -> Settings:
    """Return the settings of a collector that keeps its events in a folder."""
    own = {"data_dir": folder, "collect_address": f"127.0.0.1:{free_port()}", "collect_rate": 0, **changed}
    return settings.model_copy(update=own)


@asynccontextmanager
async def collector(settings: Settings) -> AsyncIterator[tuple[Serving, aiohttp.ClientSession]]:
    """Run a collector, and a client of it."""
    secrets = Secrets.model_validate(
        {
            "person_salt": "salt-salt-salt-salt",
            "click_keys": {"current": "click-key-click-key"},
            "api_keys": {"crm": {"secrets": [KEY]}},
        }
    )
    failed = asyncio.Event()
    async with (
        collecting(settings, secrets, now, failed.set) as serving,
        aiohttp.ClientSession(f"http://{settings.collect_address}", headers=BROWSER) as client,
    ):
        yield serving, client
    assert not failed.is_set(), "the collector has a defect: its log says which"


async def register_link(settings: Settings, redis: Redis) -> None:
    """Register a campaign that runs today and has a link."""
    link = {
        "id": "reel",
        "influencer": "ana",
        "content": "r1",
        "channel": "instagram",
        "to": "https://shop.example/",
    }
    flight = {"starts": format_time(now() - 2 * DAY), "ends": format_time(now() + 2 * DAY), "currency": "EUR"}
    declared = {"campaigns": [{"id": "glow", "name": "Glow", **flight, "links": [link]}]}
    await registry.apply(redis, settings.redis_prefix, declared, now())


async def records_of(settings: Settings, count: int) -> Sequence[ConsumerRecord[bytes, bytes]]:
    """Wait for some records on the input topics; give all that are there then, in no order."""
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka, auto_offset_reset="earliest")
    await consumer.start()
    found: list[ConsumerRecord[bytes, bytes]] = []
    try:
        topics = input_topics(settings)
        consumer.assign(
            [TopicPartition(topic, one) for topic in topics for one in range(settings.partitions)]
        )
        async with asyncio.timeout(20):
            while len(found) < count:
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found.extend(records)
    finally:
        await consumer.stop()
    return found
