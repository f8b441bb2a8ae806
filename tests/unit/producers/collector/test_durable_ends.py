"""At its end, in order or not, the collector leaves what Kafka did not acknowledge to the next one."""

import asyncio
from pathlib import Path

import pytest

from producers.collector.durable import NotKept
from producers.collector.spool_files import SpoolFiles
from tests.unit.producers.collector.fakes import BOUND, Kafka, Kept, clicks, spool, until, values


async def test_a_stop_leaves_what_kafka_did_not_acknowledge_on_disk_for_the_next_process(
    kafka: Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("producers.collector.durable._STOP_SECONDS", 0.05)
    async with Kept(tmp_path, kafka, BOUND) as durable:
        await durable.keep(clicks(1), yields=False)
        kafka.frozen = True
        waiting = asyncio.create_task(durable.keep(clicks(2, 3), yields=False))
        await asyncio.sleep(0)
        await durable.stop()
        await asyncio.wait_for(waiting, 0.1)
        with pytest.raises(NotKept, match="stopping"):
            await durable.keep(clicks(4), yields=False)
    assert len(spool(tmp_path)) == 1

    successor = Kafka()
    async with Kept(tmp_path, successor, BOUND) as durable:
        await durable.keep(clicks(5), yields=False)
        await until(lambda: not spool(tmp_path))

    assert successor.values == values(2, 3, 5)
    first, other = kafka.written[0].producer, successor.written[2].producer
    assert [(record.producer, record.number) for record in successor.written] == [
        (first, 1),
        (first, 2),
        (other, 0),
    ]


async def test_a_stop_while_the_spool_drains_stores_nothing_twice(
    kafka: Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("producers.collector.durable._STOP_SECONDS", 0.05)
    kafka.away = OSError("away")
    async with Kept(tmp_path, kafka, BOUND) as durable:
        await durable.keep(clicks(1, 2), yields=False)
        size = durable.figures().spool_bytes
        kafka.away, kafka.frozen = None, True
        await until(lambda: kafka.batches == [2])
        await durable.stop()
        assert durable.figures().spool_bytes == size

    successor = Kafka()
    async with Kept(tmp_path, successor, BOUND):
        await until(lambda: not spool(tmp_path))
    assert successor.values == values(1, 2)


async def test_after_a_defect_nothing_is_promised_and_the_process_is_told_to_end(
    kafka: Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(_: SpoolFiles) -> None:
        raise KeyError("a defect")

    monkeypatch.setattr(SpoolFiles, "take", fails)
    kafka.away = OSError("away")
    kept = Kept(tmp_path, kafka, BOUND)
    async with kept as durable:
        await durable.keep(clicks(1), yields=False)
        kafka.away = None
        await asyncio.wait_for(kept.failed.wait(), 5)
        with pytest.raises(NotKept, match="has a defect, and ends"):
            await durable.keep(clicks(2), yields=False)
    assert "KeyError: 'a defect'" in caplog.text
    assert len(spool(tmp_path)) == 1
