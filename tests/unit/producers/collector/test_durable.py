"""What `keep` returned for reaches Kafka, once and in its order, whatever Kafka does meanwhile."""

import asyncio
import inspect
import shutil
from pathlib import Path

import aiokafka.errors
import pytest

from connections.topics import partition_of
from producers.collector.durable import Outgoing
from producers.collector.sender import TOO_LARGE, WINDOW_BYTES
from tests.unit.producers.collector.fakes import BOUND, Kafka, Kept, clicks, holes, spool, until, values

ERRORS = sorted(
    {
        error
        for _, error in inspect.getmembers(aiokafka.errors, inspect.isclass)
        if issubclass(error, Exception) and not issubclass(error, TOO_LARGE)
    },
    key=lambda error: error.__name__,
)


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
            await durable.keep(clicks(3), yields=False)
            kafka.verdict = lambda _: None
            await until(lambda: len(kafka.written) == 3 and not spool(root))
        return kafka.values, kafka.connections == kafka.closed > 1 and not holes(kafka.written)

    outcomes = await asyncio.gather(*map(outcome, ERRORS))

    assert len(ERRORS) > 90
    expected = (values(1, 2, 3), True)
    assert {e.__name__: o for e, o in zip(ERRORS, outcomes, strict=True) if o != expected} == {}


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


def _partition(campaign: str) -> int:
    return partition_of(campaign.encode(), 2)
