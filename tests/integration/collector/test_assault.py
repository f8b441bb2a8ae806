"""Thousands of requests of strangers: none fails, each is in a counter, and all others are served."""

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from connections.topics import input_topics
from models.settings import Settings
from tests.integration.collector.assault import Assault
from tests.integration.collector.collecting import register_link, started, until_said
from tests.integration.collector.hostile_parts import get
from tests.integration.reading import read_at_least
from tests.system.support.processes import Process, free_port

SHORT, WHOLE = 240, 10_000
MOST_MEMORY, MOST_GROWTH = 300_000_000, 30_000_000
ALLOWED: Mapping[str, set[int]] = {
    "well_behaved": {200},
    "one_after_the_other": {200},
    "slow": {200},
    "no_http": {400},
    "too_much": {400, 413, 431},
    "injected": {200, 302, 400, 404},
    "bomb": {400, 401, 413, 415},
    "chunked": {400},
}
"""What some kinds of attack may be answered; of the others anything but a failure of ours."""


class Page:
    """What the collector's page said."""

    def __init__(self, text: str) -> None:
        self._lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]

    def total(self, name: str, label: str = "") -> float:
        """Add up a series over all its labels, or those that are like one."""
        start = f"kpi_collector_{name}"
        return sum(
            float(value)
            for series, _, value in self._lines
            if series.partition("{")[0] == start and label in series
        )


async def page_of(address: str) -> Page:
    """Read the collector's page."""
    host, _, port = address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(get(b"/metrics", b"Connection: close"))
    text = (await reader.read()).decode()
    writer.close()
    return Page(text)


async def until_all_are_gone(address: str) -> Page:
    """Wait until nobody else is connected any more; return the page then."""
    async with asyncio.timeout(20):
        while (page := await page_of(address)).total("connections") > 1:
            await asyncio.sleep(0.2)
    return page


@asynccontextmanager
async def running(settings: Settings, folder: Path) -> AsyncIterator[tuple[str, Process]]:
    """Run a collector, and see that it ends in order and has said little."""
    address = f"127.0.0.1:{free_port()}"
    process = started(settings, folder, address)
    try:
        await until_said(process, "collecting on", 1)
        yield address, process
    finally:
        code = await asyncio.to_thread(process.stop, signal.SIGTERM, 15)
    assert code == 0
    assert "Traceback" not in process.said()
    assert process.errors.stat().st_size < 20_000, "strangers fill no disk"


async def test_whatever_strangers_send_all_others_are_served(
    settings: Settings, redis: Redis, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    times = WHOLE if pytestconfig.getoption("--whole", default=False) else SHORT
    await register_link(settings, redis)
    async with running(settings, tmp_path) as (address, process):
        assault = Assault(address, process.pid)
        looking = asyncio.create_task(assault.look())
        await assault.strike(times)
        looking.cancel()
        await asyncio.wait([looking])
        page = await until_all_are_gone(address)

    assert assault.wrong == []
    assert assault.total(lambda status: status >= 500) == 0
    for kind, statuses in ALLOWED.items():
        assert set(assault.answered[kind]) <= statuses, kind
    assert assault.total() <= page.total("requests_total") <= assault.sent
    assert page.total("refused_total") >= assault.total(lambda status: 400 <= status < 500)
    assert assault.peak < MOST_MEMORY
    assert assault.memory[-1] - assault.memory[4] < MOST_GROWTH, assault.memory
    accepted = int(page.total("events_total", 'outcome="accepted"'))
    assert accepted > assault.answered["one_after_the_other"][200]
    assert len(await read_at_least(settings, accepted, *input_topics(settings))) == accepted
