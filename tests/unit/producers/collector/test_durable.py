"""What `keep` returned for reaches Kafka, once and in its order, whatever Kafka and the disk do meanwhile."""

import asyncio
import errno
import inspect
import os
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

import aiokafka.errors
import pytest

from connections.topics import partition_of
from producers.collector.durable import NeverKept, NotKept, Outgoing
from producers.collector.records import Numbered
from producers.collector.sender import TOO_LARGE, WINDOW_BYTES
from producers.collector.spool_files import SpoolFiles
from tests.unit.producers.collector.fakes import Kafka, Kept, clicks, holes, until, values

BOUND = 1_000_000
ERRORS = sorted(
    {
        error
        for _, error in inspect.getmembers(aiokafka.errors, inspect.isclass)
        if issubclass(error, Exception) and not issubclass(error, TOO_LARGE)
    },
    key=lambda error: error.__name__,
)


@pytest.fixture
def kafka() -> Kafka:
    return Kafka()


def spool(root: Path) -> list[Path]:
    return sorted(root.glob("*/*.spool"))


async def test_what_kafka_acknowledges_at_once_never_touches_the_disk(kafka: Kafka, tmp_path: Path) -> None:
    kept = Kept(tmp_path, kafka, BOUND)
    async with kept as durable:
        await durable.keep(clicks(1, 2), yields=False)
        await durable.keep(clicks(3), yields=True)
        await durable.keep([], yields=False)

        assert kafka.values == values(1, 2, 3)
        assert [record.number for record in kafka.written] == [0, 1, 2]
        assert len({record.producer for record in kafka.written}) == 1
        assert len(kept.acks) == 2
        figures = durable.figures()
        assert (figures.spool_events, figures.spool_bytes, figures.seconds_left) == (0, 0, None)
        assert (figures.kafka_answers, figures.why) == (True, "")
    assert spool(tmp_path) == []


async def test_calls_at_the_same_time_share_a_batch(kafka: Kafka, tmp_path: Path) -> None:
    async with Kept(tmp_path, kafka, BOUND) as durable:
        await asyncio.gather(*(durable.keep(clicks(number), yields=False) for number in range(50)))

    assert kafka.batches == [50]
    assert kafka.values == values(*range(50))


async def test_what_a_frozen_kafka_was_sent_is_on_disk_before_the_answer_and_skipped_once_it_wakes(
    kafka: Kafka, tmp_path: Path
) -> None:
    async with Kept(tmp_path, kafka, BOUND) as durable:
        kafka.frozen = True
        await durable.keep(clicks(1, 2), yields=False)
        assert spool(tmp_path)
        assert durable.figures().spool_events == 2
        assert not durable.figures().kafka_answers
        assert "has not acknowledged" in durable.figures().why

        await asyncio.wait_for(durable.keep(clicks(3), yields=False), 0.2)
        await durable.keep(clicks(4), yields=False)
        kafka.thaw()
        await until(lambda: len(kafka.written) == 4 and not spool(tmp_path))
        await until(lambda: durable.figures().kafka_answers)
        await durable.keep(clicks(5), yields=False)
        assert durable.figures().spool_events == 0

    assert kafka.values == values(1, 2, 3, 4, 5)
    assert holes(kafka.written) == {}
    assert kafka.connections == 1


async def test_while_there_is_no_kafka_all_goes_to_disk_and_then_to_kafka_in_its_order(
    kafka: Kafka, tmp_path: Path
) -> None:
    kafka.away = aiokafka.errors.KafkaConnectionError("No broker answers.")
    async with Kept(tmp_path, kafka, BOUND) as durable:
        for number in range(20):
            await durable.keep(clicks(number), yields=False)
        assert "No broker answers." in durable.figures().why
        assert durable.figures().spool_events == 20
        kafka.away = None
        await until(lambda: not spool(tmp_path))

    assert kafka.values == values(*range(20))
    assert holes(kafka.written) == {}


async def test_after_any_error_a_new_producer_brings_what_is_on_disk_once(tmp_path: Path) -> None:
    async def outcome(error: type[Exception]) -> tuple[list[bytes], bool]:
        kafka, root = Kafka(), tmp_path / error.__name__
        async with Kept(root, kafka, BOUND) as durable:
            kafka.verdict = lambda _: error()
            await asyncio.wait_for(durable.keep(clicks(1, 2), yields=False), 5)
            await until(lambda: error.__name__ in durable.figures().why)
            await until(lambda: error.__name__ in durable.figures().why)
            await durable.keep(clicks(3), yields=False)
            kafka.verdict = lambda _: None
            await until(lambda: len(kafka.written) == 3 and not spool(root))
        return kafka.values, kafka.connections == kafka.closed > 1 and not holes(kafka.written)

    outcomes = await asyncio.gather(*map(outcome, ERRORS))

    assert len(ERRORS) > 90
    expected = (values(1, 2, 3), True)
    assert {e.__name__: o for e, o in zip(ERRORS, outcomes, strict=True) if o != expected} == {}


@pytest.mark.parametrize("error", TOO_LARGE)
async def test_a_record_that_is_too_large_is_refused_by_its_place_and_all_others_are_kept(
    error: type[Exception], kafka: Kafka, tmp_path: Path
) -> None:
    def verdict(records: Sequence[Numbered]) -> BaseException | None:
        return error() if any(len(record.value) > 1000 for record in records) else None

    kafka.verdict = verdict
    records = clicks(*range(9))
    records[4] = Outgoing("clicks", b"glow", b"x" * 2000)
    async with Kept(tmp_path, kafka, BOUND) as durable:
        with pytest.raises(NeverKept) as refused:
            await durable.keep(records, yields=False)
        await durable.keep(clicks(9), yields=False)

    assert list(refused.value.records) == [4]
    assert "max.message.bytes" in str(refused.value)
    assert kafka.values == values(0, 1, 2, 3, 5, 6, 7, 8, 9)
    assert spool(tmp_path) == []


async def test_a_record_that_no_kafka_takes_is_refused_before_it_is_stored(
    kafka: Kafka, tmp_path: Path
) -> None:
    kafka.away = OSError("away")
    async with Kept(tmp_path, kafka, 100 << 20) as durable:
        with pytest.raises(NeverKept) as refused:
            large = [Outgoing("clicks", b"glow", b"x" * 1_048_576), Outgoing("clicks", b"k" * 70_000, b"{}")]
            await durable.keep([large[0], *clicks(0), large[1]], yields=False)
        kafka.away = None
        await until(lambda: not spool(tmp_path))

    assert list(refused.value.records) == [0, 2]
    assert kafka.values == values(0)


async def test_a_record_that_was_promised_and_is_too_large_is_set_aside_in_a_file(
    kafka: Kafka, tmp_path: Path
) -> None:
    kafka.away = OSError("away")
    async with Kept(tmp_path, kafka, BOUND) as durable:
        await durable.keep([Outgoing("clicks", b"glow", b'{"large":1}')], yields=False)
        await durable.keep(clicks(1), yields=False)
        kafka.verdict = lambda records: TOO_LARGE[0]() if b"large" in records[0].value else None
        kafka.away = None
        await until(lambda: not spool(tmp_path))
        assert durable.figures().refused_events == 1

    assert kafka.values == values(1)
    assert (tmp_path / "0" / "refused.ndjson").read_bytes() == b'{"large":1}\n'


async def test_where_it_cannot_be_set_aside_what_it_stood_in_is_kept(
    kafka: Kafka, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kafka.away = OSError("away")
    async with Kept(tmp_path, kafka, BOUND) as durable:
        await durable.keep([Outgoing("clicks", b"glow", b'{"large":1}')], yields=False)
        (tmp_path / "0" / "refused.ndjson").mkdir()
        kafka.verdict = lambda _: TOO_LARGE[0]()
        kafka.away = None
        await until(lambda: not spool(tmp_path))

    (kept,) = tmp_path.glob("0/*.damaged")
    assert b'{"large":1}' in kept.read_bytes()
    assert f"is set aside in {kept}" in caplog.text


async def test_above_four_fifths_of_the_bound_what_yields_is_refused_and_at_the_bound_all(
    kafka: Kafka, tmp_path: Path
) -> None:
    kafka.away = OSError("away")
    async with Kept(tmp_path, kafka, 10_000) as durable:
        large = [Outgoing("clicks", b"glow", b"x" * 7900)]
        await durable.keep(large, yields=True)
        with pytest.raises(NotKept, match="80% of its bound") as refused:
            await durable.keep(clicks(1), yields=True)
        assert refused.value.retry_after > 0
        await durable.keep(clicks(2), yields=False)
        with pytest.raises(NotKept, match="its bound of 10,000 bytes"):
            await durable.keep(large, yields=False)
        kafka.away = None
        await until(lambda: not spool(tmp_path))
        await durable.keep(clicks(3), yields=True)

    assert kafka.values == [large[0].value, *values(2, 3)]
    assert holes(kafka.written) == {}


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


async def test_a_producers_failure_does_not_send_again_what_is_on_its_way_elsewhere(
    kafka: Kafka, tmp_path: Path
) -> None:
    """The old producer still has the batch of another partition: it may arrive, so no other one gets it."""
    one, other = "glow", next(name for name in "abcdefgh" if _partition(name) != _partition("glow"))
    async with Kept(tmp_path, kafka, BOUND) as durable:
        kafka.frozen = True
        held = asyncio.create_task(durable.keep(clicks(1, campaign=one), yields=False))
        await until(lambda: kafka.batches == [1])
        kafka.frozen = False
        kafka.refuse_once(aiokafka.errors.OutOfOrderSequenceNumber())
        await durable.keep(clicks(2, campaign=other), yields=False)
        await until(lambda: kafka.values == values(2))
        assert (kafka.connections, kafka.closed) == (2, 0)
        kafka.thaw()
        await held
        await until(lambda: kafka.closed == 1)
        await until(lambda: not spool(tmp_path))

    assert kafka.values == values(2, 1)


async def test_what_a_producer_gives_up_long_after_its_answer_goes_first_to_the_next_one(
    kafka: Kafka, tmp_path: Path
) -> None:
    """As aiokafka does after half a minute without a leader of the partition."""
    async with Kept(tmp_path, kafka, BOUND) as durable:
        kafka.frozen = True
        await durable.keep(clicks(1, 2), yields=False)
        await durable.keep(clicks(3), yields=False)
        assert (kafka.written, durable.figures().spool_events) == ([], 3)
        kafka.refuse_once(aiokafka.errors.LeaderNotAvailableError())
        kafka.thaw()
        await until(lambda: len(kafka.written) == 3 and not spool(tmp_path))
        assert durable.figures().kafka_answers

    assert kafka.values == values(1, 2, 3)
    assert holes(kafka.written) == {}
    assert kafka.connections == kafka.closed == 2


async def test_no_more_than_the_window_is_handed_to_a_kafka_that_does_not_answer(
    kafka: Kafka, tmp_path: Path
) -> None:
    async with Kept(tmp_path, kafka, 100 << 20) as durable:
        kafka.frozen = True
        for number in range(12):
            await durable.keep([Outgoing("clicks", b"%d" % number, b"x" * 1_000_000)], yields=False)
        await asyncio.sleep(0.1)
        assert 0 < sum(kafka.batches) * 1_000_000 <= WINDOW_BYTES + 1_000_000
        kafka.thaw()
        await until(lambda: len(kafka.written) == 12 and not spool(tmp_path))

    assert holes(kafka.written) == {}


async def test_what_comes_once_the_window_is_full_stands_on_disk_behind_what_is_in_it(
    kafka: Kafka, tmp_path: Path
) -> None:
    async with Kept(tmp_path / "killed", kafka, 100 << 20) as durable:
        kafka.frozen = True
        large = [[Outgoing("clicks", b"glow", b"%d" % number + bytes(900_000))] for number in range(12)]
        await asyncio.gather(*(durable.keep(records, yields=False) for records in large))
        shutil.copytree(tmp_path / "killed", tmp_path / "left")
        kafka.thaw()

    successor = Kafka()
    async with Kept(tmp_path / "left", successor, 100 << 20):
        await until(lambda: len(successor.written) == 12)
    assert [record.number for record in successor.written] == list(range(12))
    assert successor.values == [record.value for records in large for record in records]


async def test_a_client_that_is_gone_costs_nothing(kafka: Kafka, tmp_path: Path) -> None:
    async with Kept(tmp_path, kafka, BOUND) as durable:
        kafka.frozen = True
        gone = asyncio.create_task(durable.keep(clicks(1), yields=False))
        await until(lambda: bool(kafka.batches))
        gone.cancel()
        kafka.thaw()
        await durable.keep(clicks(2), yields=False)

    assert kafka.values == values(1, 2)


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


def _partition(campaign: str) -> int:
    return partition_of(campaign.encode(), 2)
