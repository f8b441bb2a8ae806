"""A disk that is full, or gives back what it was not given: said, counted, and nothing else lost."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.settings import Settings
from producers.collector.durable import open_durable
from tests.integration.collector.conftest import Frozen
from tests.integration.collector.ledger import Client, account
from tests.integration.collector.waiting import segments, until_drained


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk that is soon full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)], check=False)
    if mounted.returncode:
        pytest.skip("a small disk can be mounted by root alone: run this test as root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_on_a_full_disk_nothing_is_promised_until_kafka_is_back(
    frozen: Frozen, settings: Settings, small_disk: Path, tmp_path: Path
) -> None:
    settings = settings.model_copy(update={"data_dir": small_disk})
    async with open_durable(settings, lambda _: None) as durable:
        client = Client(durable, tmp_path / "ledger")
        with frozen():
            sending = asyncio.create_task(client.run())
            async with asyncio.timeout(20):
                while not client.refusals:
                    await asyncio.sleep(0.05)
            await asyncio.sleep(0.3)
        await until_drained(settings)
        client.stop()
        await sending
        await until_drained(settings)
        assert durable.figures().kafka_answers

    assert all("No space left on device" in why for why in client.refusals)
    found = await account(settings, tmp_path / "ledger")
    found.require_nothing_lost(at_least=500)
    assert not found.twins
    assert not found.holes, found


async def test_of_a_spoilt_spool_all_that_is_whole_is_sent_and_the_rest_is_set_aside(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away = settings.model_copy(update={"kafka": "127.0.0.1:1"})
    async with open_durable(away, lambda _: None) as durable:
        await Client(durable, tmp_path / "ledger").run_for(0.5)
    (segment,) = segments(settings)
    data = bytearray(segment.read_bytes())
    spoilt = len(data) // 2
    data[spoilt] ^= 0xFF
    segment.write_bytes(data[:-3])

    async with open_durable(settings, lambda _: None) as durable:
        await until_drained(settings)
        damaged = durable.figures().damaged_bytes

    found = await account(settings, tmp_path / "ledger")
    assert found.kept > 100
    assert len(found.lost) == 2
    assert not found.doubled | found.twins
    aside = sorted(segment.parent.glob("*.damaged"))
    assert len(aside) == 2
    assert sum(file.stat().st_size for file in aside) == damaged > 0
    assert all(str(file) in caplog.text for file in aside)
