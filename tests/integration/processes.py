"""A whole worker in a process of its own, which can be frozen and killed."""

import asyncio
from pathlib import Path

from models.settings import Settings
from tests.integration.running import PATIENCE_SECONDS
from tests.system.support.processes import Process, free_port


def start_process(settings: Settings, directory: Path) -> Process:
    """Start a worker in a process of its own, which can be killed."""
    own = {
        "KPIS_KAFKA": settings.kafka,
        "KPIS_REDIS_URL": str(settings.redis_url),
        "KPIS_REDIS_PREFIX": settings.redis_prefix,
        "KPIS_TOPIC_PREFIX": settings.topic_prefix,
        "KPIS_GROUP": settings.group,
        "KPIS_PARTITIONS": str(settings.partitions),
        "KPIS_METRICS_ADDRESS": f"127.0.0.1:{free_port()}",
    }
    return Process(["worker"], own, directory, "worker")


async def until_ready(process: Process) -> None:
    """Wait until a worker's process has said that it restored partitions."""
    await until_said(process, "streams.shard.manager: restored")


async def until_said(process: Process, *sentences: str) -> None:
    """Wait until a worker's process has said one of some sentences.

    Raises:
        TimeoutError: it did not.

    """
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not any(sentence in process.said() for sentence in sentences):
            await asyncio.sleep(0.1)
