"""Records by the batch: the same that aiokafka's own fetcher gives, and the same positions after."""

import asyncio
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import (
    READ_COMMITTED,
    READ_UNCOMMITTED,
    FetchError,
    FetchResult,
    PartitionRecords,
)
from aiokafka.errors import TopicAuthorizationFailedError
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.record.util import calc_crc32c
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.fetched import Fetched
from streams.kafka.fetching import Damaged, take_fetched

TP: Any = TopicPartition("clicks", 0)
_BASE_OFFSET, _CRC, _ATTRIBUTES = slice(0, 8), slice(17, 21), slice(21, 23)
_CONTROL = 0x20
ABORT, COMMIT = b"\x00\x00\x00\x00", b"\x00\x00\x00\x01"


def batch(base: int, values: list[bytes], *, producer: int = -1, marker: bytes | None = None) -> bytes:
    """Write a record batch at an offset; with a producer of its transaction, with a marker its end."""
    builder = DefaultRecordBatchBuilder(2, 0, producer >= 0, producer, 0, 0 if producer >= 0 else -1, 1 << 20)
    for number, value in enumerate(values if marker is None else [b"\x00" * 6]):
        builder.append(number, 1000 + number, marker or b"k", value, [("h", value[:2])])
    data = bytearray(builder.build())
    data[_BASE_OFFSET] = base.to_bytes(8, "big")
    if marker is not None:
        attributes = int.from_bytes(data[_ATTRIBUTES], "big") | _CONTROL
        data[_ATTRIBUTES] = attributes.to_bytes(2, "big")
    data[_CRC] = calc_crc32c(bytes(data[21:])).to_bytes(4, "big")
    return bytes(data)


def log(seed: int, start: int) -> tuple[bytes, list[tuple[int, int]]]:
    """Write a log of ordinary batches and transactions that end well or not, with gaps; tell the aborted.

    As a broker does, leave out the batches that end before the offset which is asked for.
    """
    random, data, aborted, offset = Random(seed), b"", [], random_start(seed)

    def written(*args: Any, **options: Any) -> bytes:
        base, values = args
        return batch(base, values, **options) if base + max(1, len(values)) > start else b""

    for number in range(random.randint(0, 8)):
        offset += random.choice([0, 0, 3])
        values = [f"{number}-{n}".encode() for n in range(random.randint(1, 4))]
        if random.random() < 0.5:
            data += written(offset, values)
            offset += len(values)
            continue
        ends_well = random.random() < 0.5
        data += written(offset, values, producer=number)
        data += written(offset + len(values), [], producer=number, marker=COMMIT if ends_well else ABORT)
        aborted += [] if ends_well else [(number, offset)]
        offset += len(values) + 1
    return data, aborted


def random_start(seed: int) -> int:
    return seed % 7


class Fetcher:
    """What aiokafka's fetcher has fetched, for one partition or more."""

    def __init__(self, results: dict[TopicPartition, Any]) -> None:
        self._records = results
        self._closed = False
        self._wait_consume_future = None
        self._subscriptions = SimpleNamespace(
            reassignment_in_progress=False, is_assigned=lambda tp: tp.topic == "clicks"
        )
        self.arrives: dict[TopicPartition, Any] = {}

    def _notify(self, _: object) -> None:
        return None

    def _create_fetch_waiter(self) -> "asyncio.Future[None]":
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._records |= self.arrives
        waiter.set_result(None)
        return waiter


class State:
    """A partition's position."""

    def __init__(self, position: int) -> None:
        self.position = position
        self.paused = False

    def consumed_to(self, position: int) -> None:
        self.position = position


def fetched(
    data: bytes, aborted: list[tuple[int, int]], start: int, isolation: int
) -> tuple[State, FetchResult]:
    state = State(start)
    assignment = SimpleNamespace(active=True, state_value=lambda _: state)
    parts = PartitionRecords(TP, MemoryRecords(data), aborted, start, None, None, True, isolation)
    return state, FetchResult(TP, assignment=assignment, partition_records=parts, backoff=0)


def plain(records: list[Any]) -> list[tuple[int, int, bytes, bytes, tuple[tuple[str, bytes], ...]]]:
    return [(r.offset, r.timestamp, r.key, r.value, tuple(r.headers)) for r in records]


@given(
    st.integers(0, 2**32),
    st.integers(0, 12),
    st.sampled_from([READ_COMMITTED, READ_UNCOMMITTED]),
    st.integers(1, 9),
)
def test_what_is_taken_is_what_aiokafka_gives(seed: int, skip: int, isolation: int, most: int) -> None:
    start = random_start(seed) + skip
    data, aborted = log(seed, start)
    own_state, own = fetched(data, list(aborted), start, isolation)
    state, other = fetched(data, list(aborted), start, isolation)
    fetcher = Fetcher({TP: own})

    items: list[Fetched] = []
    while TP in fetcher._records:
        items += asyncio.run(take_fetched(fetcher, {TP}, 0, most)).values()

    assert plain([record for item in items for record in item.records]) == plain(other.getall())
    assert own_state.position == state.position
    assert [item.start for item in items] == [start, *(item.end for item in items)][: len(items)]
    assert items == [] or items[-1].end == state.position
    assert all(item.start <= record.offset < item.end for item in items for record in item.records)


async def test_partitions_not_asked_for_stay_and_those_no_more_assigned_go() -> None:
    other, gone = TopicPartition("clicks", 1), TopicPartition("views", 0)
    fetcher = Fetcher(
        {gone: object(), other: object(), TP: fetched(batch(0, [b"a"]), [], 0, READ_COMMITTED)[1]}
    )

    assert list(await take_fetched(fetcher, {TP}, 0, 9)) == [TP]
    assert list(fetcher._records) == [other]


async def test_it_waits_for_records_and_gives_up_in_time() -> None:
    fetcher = Fetcher({})
    fetcher.arrives = {TP: fetched(batch(0, [b"a"]), [], 0, READ_COMMITTED)[1]}

    taken = await take_fetched(fetcher, {TP}, 5, 9)
    assert plain(list(taken[TP].records)) == [(0, 1000, b"k", b"a", (("h", b"a"),))]
    assert await take_fetched(fetcher, {TP}, 0, 9) == {}


async def test_what_was_fetched_before_a_seek_is_let_go() -> None:
    state, result = fetched(batch(0, [b"a"]), [], 0, READ_COMMITTED)
    state.position = 7
    fetcher = Fetcher({TP: result})

    assert await take_fetched(fetcher, {TP}, 0, 9) == {}
    assert (fetcher._records, state.position) == ({}, 7)


async def test_an_error_is_told_once_and_after_what_was_taken() -> None:
    other = TopicPartition("clicks", 1)
    error = FetchError(error=TopicAuthorizationFailedError("clicks"), backoff=0)
    fetcher = Fetcher({TP: fetched(batch(0, [b"a"]), [], 0, READ_COMMITTED)[1], other: error})

    assert list(await take_fetched(fetcher, {TP, other}, 0, 9)) == [TP]
    with pytest.raises(TopicAuthorizationFailedError):
        await take_fetched(fetcher, {TP, other}, 0, 9)
    assert await take_fetched(fetcher, {TP, other}, 0, 9) == {}


async def test_what_stands_before_a_corrupt_batch_is_taken() -> None:
    data = bytearray(batch(0, [b"a"]) + batch(1, [b"b"]))
    data[-1] ^= 1
    state, result = fetched(bytes(data), [], 0, READ_COMMITTED)

    fetcher = Fetcher({TP: result})
    taken = (await take_fetched(fetcher, {TP}, 0, 9))[TP]
    assert (taken.start, taken.end, len(taken.records)) == (0, 1, 1)
    assert state.position == 1
    assert fetcher._records == {}, "it is fetched again from the one that is damaged"


async def test_a_corrupt_batch_that_comes_first_is_told_and_the_position_stays() -> None:
    data = bytearray(batch(0, [b"a"]) + batch(1, [b"b"]))
    data[len(batch(0, [b"a"])) - 1] ^= 1
    state, result = fetched(bytes(data), [], 0, READ_COMMITTED)

    with pytest.raises(Damaged, match="clicks/0 is damaged at offset 0") as caught:
        await take_fetched(Fetcher({TP: result}), {TP}, 0, 9)
    assert (caught.value.offset, caught.value.end, state.position) == (0, 1, 0)


async def test_markers_alone_are_covered_by_an_item_without_records() -> None:
    data = batch(4, [], producer=1, marker=COMMIT)
    state, result = fetched(data, [], 4, READ_COMMITTED)

    assert await take_fetched(Fetcher({TP: result}), {TP}, 0, 9) == {TP: Fetched(4, 5, [])}
    assert state.position == 5


async def test_of_two_that_take_at_once_each_gives_what_it_covers() -> None:
    """Faust gives up a fetch that goes on in its thread, and begins the next beside it."""
    fetcher = Fetcher({TP: fetched(batch(0, [b"a"]) + batch(1, [b"b"]), [], 0, READ_COMMITTED)[1]})

    both = await asyncio.gather(*(take_fetched(fetcher, {TP}, 0, 1) for _ in range(2)))

    assert [(item.start, item.end, len(item.records)) for taken in both for item in taken.values()] == [
        (0, 1, 1),
        (1, 2, 1),
    ]


async def test_a_batch_that_ends_before_the_position_does_not_move_it_back() -> None:
    """Else what comes after it would be handed over a second time, in an item that begins too early."""
    _, result = fetched(batch(0, [b"a", b"b"]) + batch(2, [b"c"]), [], 4, READ_COMMITTED)
    parts = result._partition_records

    assert await take_fetched(Fetcher({TP: result}), {TP}, 0, 9) == {}
    assert parts.next_fetch_offset == 4
