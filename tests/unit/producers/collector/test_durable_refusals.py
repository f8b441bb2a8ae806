"""What Kafka never takes, or what there is no room for, is refused; all else is kept."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from producers.collector.durable import NeverKept, NotKept, Outgoing
from producers.collector.records import Numbered
from producers.collector.sender import TOO_LARGE
from tests.unit.producers.collector.fakes import BOUND, Kafka, Kept, clicks, holes, spool, until, values


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
