"""Records as they came: the same that aiokafka's own fetcher gives, and the same positions after."""

import asyncio
from random import Random
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import READ_COMMITTED, FetchError, FetchResult, PartitionRecords
from aiokafka.errors import TopicAuthorizationFailedError
from aiokafka.record.memory_records import MemoryRecords
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.answers import KeepingClient
from streams.kafka.fetched import Fetched
from streams.kafka.fetching import take_fetched
from streams.kafka.unread import Answer, Damaged
from tests.unit.streams.kafka.written import ABORT, COMMIT, marker, sent, written

TP: Any = TopicPartition("clicks", 0)
OTHER: Any = TopicPartition("clicks", 1)


def batch(base: int, values: list[bytes], **options: Any) -> bytes:
    """Write a record batch at an offset."""
    records = [
        sent(base + number, value, 1_000_000 + 1000 * number, b"k", [("h", value[:2])])
        for number, value in enumerate(values)
    ]
    return written(records, **options)


def log(seed: int, start: int) -> tuple[bytes, list[tuple[int, int]]]:
    """Write a log of ordinary batches and transactions that end well or not, with gaps; tell the aborted.

    As a broker does, leave out the batches that end before the offset which is asked for.
    """
    random, data, aborted, offset = Random(seed), b"", [], random_start(seed)
    for number in range(random.randint(0, 8)):
        offset += random.choice([0, 0, 3])
        values = [f"{number}-{n}".encode() for n in range(random.randint(1, 4))]
        ends = offset + len(values)
        codec, producer = random.randrange(5), number if random.random() < 0.5 else -1
        data += batch(offset, values, producer=producer, codec=codec) if ends > start else b""
        offset = ends
        if producer >= 0:
            ends_well = random.random() < 0.5
            data += marker(offset, producer, COMMIT if ends_well else ABORT) if offset >= start else b""
            aborted += [] if ends_well else [(number, ends - len(values))]
            offset += 1
    return data, aborted


def random_start(seed: int) -> int:
    return seed % 7


class State:
    """A partition's position."""

    def __init__(self, position: int) -> None:
        self.position = position
        self.paused = False

    def consumed_to(self, position: int) -> None:
        self.position = position


class Given(NamedTuple):
    """What aiokafka has fetched of a partition, and what that was made of."""

    state: State
    result: FetchResult
    answer: Answer


def given_of(data: bytes, start: int, aborted: list[tuple[int, int]] | None = None) -> Given:
    state = State(start)
    assignment = SimpleNamespace(active=True, state_value=lambda _: state)
    parts = PartitionRecords(
        TP, MemoryRecords(data), list(aborted or ()), start, None, None, True, READ_COMMITTED
    )
    result = FetchResult(TP, assignment=assignment, partition_records=parts, backoff=0)
    return Given(state, result, Answer(start, data, aborted or ()))


class Fetcher:
    """What aiokafka's fetcher has fetched, for one partition or more."""

    def __init__(self, results: dict[Any, Any]) -> None:
        self._client = KeepingClient(None)
        self._records: dict[Any, Any] = {}
        self._closed = False
        self._wait_consume_future = None
        self._subscriptions = SimpleNamespace(
            reassignment_in_progress=False, is_assigned=lambda tp: tp.topic == "clicks"
        )
        self.arrives: dict[Any, Any] = {}
        self.receive(results)

    def receive(self, results: dict[Any, Any]) -> None:
        for tp, result in results.items():
            self._records[tp] = result
            if isinstance(result, Given):
                result.result._topic_partition = tp
                self._records[tp] = result.result
                self._client._answers[tp] = result.answer

    def _notify(self, _: object) -> None:
        return None

    def _create_fetch_waiter(self) -> "asyncio.Future[None]":
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.receive(self.arrives)
        waiter.set_result(None)
        return waiter


def plain(records: Any) -> list[tuple[int, int, bytes, bytes, list[tuple[str, bytes]]]]:
    """Return aiokafka's records as ours are."""
    return [(r.offset, r.timestamp * 1000, r.key, r.value, list(r.headers)) for r in records]


def summary(taken: dict[Any, Fetched]) -> list[tuple[int, int, list[bytes | None]]]:
    return [(item.start, item.end, [record.value for record in item.records]) for item in taken.values()]


async def take(fetcher: Fetcher, most: int = 9) -> list[tuple[int, int, list[bytes | None]]]:
    return summary(await take_fetched(fetcher, {TP}, 0, most))


@given(st.integers(0, 2**32), st.integers(0, 12), st.integers(1, 9))
def test_what_is_taken_is_what_aiokafka_gives(seed: int, skip: int, most: int) -> None:
    start = random_start(seed) + skip
    data, aborted = log(seed, start)
    own, other = given_of(data, start, aborted), given_of(data, start, aborted)
    fetcher = Fetcher({TP: own})

    items: list[Fetched] = []
    while TP in fetcher._records:
        items += asyncio.run(take_fetched(fetcher, {TP}, 0, most)).values()

    assert [tuple(record) for item in items for record in item.records] == plain(other.result.getall())
    assert own.state.position == other.state.position
    assert [item.start for item in items] == [start, *(item.end for item in items)][: len(items)]
    assert items == [] or items[-1].end == other.state.position
    assert all(item.start <= record.offset < item.end for item in items for record in item.records)


async def test_partitions_not_asked_for_stay_and_those_no_more_assigned_go() -> None:
    gone = TopicPartition("views", 0)
    fetcher = Fetcher({gone: object(), OTHER: object(), TP: given_of(batch(0, [b"a"]), 0)})

    assert list(await take_fetched(fetcher, {TP}, 0, 9)) == [TP]
    assert list(fetcher._records) == [OTHER]


async def test_it_waits_for_records_and_gives_up_in_time() -> None:
    fetcher = Fetcher({})
    fetcher.arrives = {TP: given_of(batch(0, [b"a"]), 0)}

    taken = await take_fetched(fetcher, {TP}, 5, 9)
    assert list(taken[TP].records) == [(0, 1_000_000, b"k", b"a", [("h", b"a")])]
    assert await take(fetcher) == []


async def test_what_was_fetched_before_a_seek_is_let_go() -> None:
    given = given_of(batch(0, [b"a"]), 0)
    given.state.position = 7
    fetcher = Fetcher({TP: given})

    assert await take(fetcher) == []
    assert (fetcher._records, given.state.position) == ({}, 7)


async def test_what_is_not_known_as_it_came_is_fetched_again() -> None:
    fetcher = Fetcher({TP: given_of(batch(0, [b"a"]), 0)})
    fetcher._client.forget()

    assert await take(fetcher) == []
    assert fetcher._records == {}


async def test_an_error_is_told_once_and_after_what_was_taken() -> None:
    error = FetchError(error=TopicAuthorizationFailedError("clicks"), backoff=0)
    fetcher = Fetcher({TP: given_of(batch(0, [b"a"]), 0), OTHER: error})

    assert list(await take_fetched(fetcher, {TP, OTHER}, 0, 9)) == [TP]
    with pytest.raises(TopicAuthorizationFailedError):
        await take_fetched(fetcher, {TP, OTHER}, 0, 9)
    assert await take_fetched(fetcher, {TP, OTHER}, 0, 9) == {}


async def test_what_stands_before_a_corrupt_batch_is_taken() -> None:
    data = bytearray(batch(0, [b"a"]) + batch(1, [b"b"]))
    data[-1] ^= 1
    given = given_of(bytes(data), 0)
    fetcher = Fetcher({TP: given})

    assert await take(fetcher) == [(0, 1, [b"a"])]
    assert given.state.position == 1
    assert fetcher._records == {}, "it is fetched again from the one that is damaged"


async def test_a_corrupt_batch_that_comes_first_is_told_and_the_position_stays() -> None:
    data = bytearray(batch(0, [b"a"]) + batch(1, [b"b"]))
    data[len(batch(0, [b"a"])) - 1] ^= 1
    given = given_of(bytes(data), 0)

    with pytest.raises(Damaged, match="clicks/0 is damaged at offset 0") as caught:
        await take(Fetcher({TP: given}))
    assert (caught.value.offset, caught.value.end, given.state.position) == (0, 1, 0)


async def test_of_two_that_take_at_once_each_gives_what_it_covers() -> None:
    """Faust gives up a fetch that goes on in its thread, and begins the next beside it."""
    fetcher = Fetcher({TP: given_of(batch(0, [b"a"]) + batch(1, [b"b"]), 0)})

    both = await asyncio.gather(*(take(fetcher, 1) for _ in range(2)))

    assert both == [[(0, 1, [b"a"])], [(1, 2, [b"b"])]]


async def test_a_partition_that_was_paused_meanwhile_is_let_go() -> None:
    given = given_of(batch(0, [b"a"]) + batch(1, [b"b"]), 0)
    fetcher = Fetcher({TP: given})

    await take(fetcher, 1)
    given.state.paused = True
    assert (await take(fetcher), given.state.position, fetcher._records) == ([], 1, {})
