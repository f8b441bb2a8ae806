"""A whole worker in a process of its own, which can be frozen and killed."""

import asyncio
import re
from pathlib import Path

import aiohttp

from models.settings import Settings
from tests.integration.commands import deployment
from tests.integration.running import PATIENCE_SECONDS
from tests.system.support.processes import Process, free_port


def start_process(settings: Settings, directory: Path) -> Process:
    """Start a worker in a process of its own, which can be killed."""
    own = deployment(settings) | {"KPIS_METRICS_ADDRESS": f"127.0.0.1:{free_port()}"}
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


async def until_counted(process: Process, records: int) -> None:
    """Wait until a worker's page says that so many records were counted.

    Raises:
        TimeoutError: it did not.

    """
    page = re.search(r"metrics on (\S+)", process.said())
    assert page, process.said()
    async with asyncio.timeout(PATIENCE_SECONDS), aiohttp.ClientSession() as client:
        while await _counted(client, page[1]) < records:
            await asyncio.sleep(0.1)


async def _counted(client: aiohttp.ClientSession, page: str) -> float:
    async with client.get(page) as answer:
        text = await answer.text()
    counted = re.findall(r'^kpi_pipeline_events_total\{.*outcome="counted".*\} (\S+)$', text, re.MULTILINE)
    return sum(map(float, counted))
