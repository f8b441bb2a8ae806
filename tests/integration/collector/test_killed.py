"""Processes that are killed at any moment, while Kafka comes and goes: what they kept arrives."""

import asyncio
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.settings import Settings
from producers.collector.durable import open_durable
from tests.integration.collector.conftest import Frozen
from tests.integration.collector.ledger import account
from tests.integration.collector.waiting import segments, until_drained
from tests.interrupts import interruptible

ROOT = Path(__file__).parents[3]
KILLS = 3


@contextmanager
def keeping(settings: Settings, ledger: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a process that keeps events; it is killed where it still runs at the end."""
    module = "tests.integration.collector.keeping_process"
    command = [sys.executable, "-m", module, settings.model_dump_json(), str(ledger)]
    with interruptible(), said(ledger).open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def said(ledger: Path) -> Path:
    """Return the file of what a process said."""
    return ledger.with_suffix(".log")


async def stopped(process: "subprocess.Popen[bytes]", ledger: Path) -> None:
    """Stop a process, and see that it ends in order."""
    process.send_signal(signal.SIGTERM)
    code = await asyncio.to_thread(process.wait, 20)
    log = said(ledger).read_text()
    assert (code, "Traceback" in log) == (0, False), log


async def until_kept(ledger: Path, events: int) -> None:
    async with asyncio.timeout(20):
        while not ledger.exists() or ledger.read_text().count("k ") < events:
            await asyncio.sleep(0.02)


async def drain_the_rest(settings: Settings) -> None:
    async with open_durable(settings, lambda _: None):
        await until_drained(settings)


async def test_two_processes_killed_at_random_moments_lose_nothing(
    settings: Settings, frozen: Frozen, tmp_path: Path, seed: int
) -> None:
    """While Kafka is well, frozen, and awake again, when the spool of the one before is being drained."""
    draw = random.Random(seed)
    steady = tmp_path / "steady"
    ledgers = [tmp_path / f"killed-{number}" for number in range(KILLS)]
    with keeping(settings, steady) as other:
        await until_kept(steady, 10)
        for number, ledger in enumerate(ledgers):
            with keeping(settings, ledger) as process:
                await until_kept(ledger, 50)
                if number % 3:
                    with frozen():
                        await asyncio.sleep(0.4 + draw.random() / 2)
                        if number % 3 == 1:
                            process.kill()
                await asyncio.sleep(draw.random() / 4)
                process.kill()
        await stopped(other, steady)
    await drain_the_rest(settings)

    found = await account(settings, steady, *ledgers)
    found.require_nothing_lost(at_least=300)
    assert found.holes <= found.unanswered, found


async def test_a_stop_while_kafka_is_frozen_leaves_all_to_the_next_process(
    settings: Settings, frozen: Frozen, tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger"
    with keeping(settings, ledger) as process:
        await until_kept(ledger, 50)
        with frozen():
            await asyncio.sleep(0.5)
            await stopped(process, ledger)
    assert segments(settings)
    await drain_the_rest(settings)

    found = await account(settings, ledger)
    found.require_nothing_lost(at_least=100)
    assert (found.unanswered, found.holes) == (0, 0), found
