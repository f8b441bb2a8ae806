"""What the disk does not take, or takes too long for, is not promised, and leaves no hole."""

import asyncio
import errno
import os
import threading
from pathlib import Path

import pytest

from producers.collector.durable import NotKept, Outgoing
from tests.unit.producers.collector.fakes import BOUND, Kafka, Kept, clicks, holes, spool, until, values


@pytest.mark.parametrize("call", ["write", "fdatasync"])
async def test_what_the_disk_does_not_take_is_not_kept_and_leaves_no_hole(
    call: str, kafka: Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    kafka.away = OSError("away")
    async with Kept(tmp_path, kafka, BOUND) as durable:
        await durable.keep(clicks(1), yields=False)
        with monkeypatch.context() as patch:
            patch.setattr(os, call, fails)
            with pytest.raises(NotKept, match="No space left on device"):
                await durable.keep(clicks(2), yields=False)
        await durable.keep(clicks(3), yields=False)
        kafka.away = None
        await until(lambda: not spool(tmp_path))

    assert kafka.values == values(1, 3)
    assert holes(kafka.written) == {}
    assert list(tmp_path.glob("0/*.*")) == []


async def test_a_number_whose_record_may_be_on_disk_is_given_to_no_other(
    kafka: Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    kafka.away = OSError("away")
    async with Kept(tmp_path, kafka, BOUND) as durable:
        await durable.keep(clicks(0), yields=False)
        with monkeypatch.context() as patch:
            patch.setattr(os, "fdatasync", fails)
            patch.setattr(os, "ftruncate", fails)
            with pytest.raises(NotKept, match="Input/output error"):
                await durable.keep(clicks(1), yields=False)
        await durable.keep(clicks(2), yields=False)

    successor = Kafka()
    async with Kept(tmp_path, successor, BOUND):
        await until(lambda: values(2)[0] in successor.values and not spool(tmp_path))
    named: dict[tuple[bytes, int], set[bytes]] = {}
    for record in successor.written:
        named.setdefault((record.producer, record.number), set()).add(record.value)
    assert all(len(found) == 1 for found in named.values()), named
    assert sorted(set(successor.values)) == values(0, 1, 2), "what was not kept is on disk, and does no harm"


async def test_a_sync_that_fails_once_is_tried_in_another_file(
    kafka: Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced, real = [], os.fdatasync

    def fails_second(file: int) -> None:
        synced.append(Path(f"/proc/self/fd/{file}").readlink())
        if len(synced) == 2:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(file)

    monkeypatch.setattr(os, "fdatasync", fails_second)
    kafka.away = OSError("away")
    async with Kept(tmp_path, kafka, BOUND) as durable:
        for number in (1, 2, 3):
            await durable.keep(clicks(number), yields=False)
        kafka.away = None
        await until(lambda: not spool(tmp_path))

    assert synced[0] == synced[1] != synced[2] == synced[3]
    assert kafka.values == values(1, 2, 3)


async def test_no_more_waits_in_memory_for_a_disk_that_hangs_than_may(
    kafka: Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs, real = threading.Event(), os.fdatasync

    def waits(file: int) -> None:
        hangs.wait(10)
        real(file)

    monkeypatch.setattr(os, "fdatasync", waits)
    kafka.away = OSError("away")
    async with Kept(tmp_path, kafka, 1 << 30) as durable:
        kept = [
            asyncio.create_task(durable.keep([Outgoing("clicks", b"glow", bytes(1_000_000))], yields=False))
            for _ in range(100)
        ]
        with pytest.raises(NotKept, match="more slowly than they come"):
            await asyncio.wait_for(asyncio.gather(*kept), 5)
        hangs.set()
        outcomes = await asyncio.gather(*kept, return_exceptions=True)
        assert 30 < outcomes.count(None) < 70
        await durable.keep(clicks(1), yields=True)
