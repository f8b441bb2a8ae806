"""A batch with a header name that is no UTF-8 is fetched again, and taken in its order."""

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer.fetcher import READ_COMMITTED, READ_UNCOMMITTED
from aiokafka.errors import (
    NodeNotReadyError,
    NotLeaderForPartitionError,
    UnknownError,
)
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.fetched import Fetched
from streams.kafka.fetching import Damaged, take_fetched
from tests.unit.streams.journal.spoiling import ODD, spoilt
from tests.unit.streams.kafka.test_fetching import ABORT, TP, Fetcher, State, batch, fetched, log, plain

_LENGTH = slice(8, 12)
OTHER = TopicPartition("clicks", 1)


class Broker(Fetcher):
    """aiokafka's fetcher, with a broker that answers what it is asked for beside."""

    _fetch_max_wait_ms = _fetch_min_bytes = _fetch_max_bytes = _max_partition_fetch_bytes = 1
    _retry_backoff = 0.0

    def __init__(
        self, results: dict[TopicPartition, Any], data: bytes = b"", aborted: Any = None, version: int = 11
    ) -> None:
        super().__init__(results)
        self._client = self
        self._pending_tasks: set[asyncio.Task[bool]] = set()
        self.answer: tuple[int, Any, bytes] = 0, aborted, data
        self.version = version
        self.starts: list[int] = []

    def _select_read_replica(self, _: TopicPartition) -> int:
        return 1

    async def send(self, _: int, request: Any) -> Any:
        ((topic, ((partition, start, _),)),) = request.topics
        self.starts.append(start)
        code, aborted, data = self.answer
        log_start = (0,) if self.version >= 5 else ()
        replica = (-1,) if self.version >= 11 else ()
        answer = (partition, code, 99, 99, *log_start, aborted, *replica, data)
        return SimpleNamespace(API_VERSION=self.version, topics=[(topic, [answer])])

    async def settle(self) -> list[bool]:
        """Wait for what is asked for beside."""
        pending, self._pending_tasks = self._pending_tasks, set()
        return list(await asyncio.gather(*pending))


def odd_one(*before: bytes, after: bytes = b"") -> tuple[State, Broker]:
    """Let aiokafka have fetched what ends with an odd batch; the broker gives that, and what comes after."""
    odd = spoilt(batch(len(before), [b"odd"]))
    data = b"".join(batch(at, [value]) for at, value in enumerate(before)) + odd
    state, result = fetched(data, [], 0, READ_COMMITTED)
    return state, Broker({TP: result}, odd + after)


def summary(taken: dict[Any, Fetched]) -> list[tuple[int, int, list[bytes]]]:
    return [(item.start, item.end, [record.value for record in item.records]) for item in taken.values()]


async def take(broker: Broker, *partitions: TopicPartition, most: int = 9) -> list[Any]:
    return summary(await take_fetched(broker, set(partitions or (TP,)), 0, most))


async def test_what_stands_before_is_given_first_and_what_follows_without_another_fetch() -> None:
    state, broker = odd_one(b"a", b"b", after=batch(3, [b"c"]) + spoilt(batch(4, [b"d"])))

    assert await take(broker) == [(0, 2, [b"a", b"b"])]
    assert (state.position, await take(broker)) == (2, [])
    await broker.settle()
    assert await take(broker, most=1) == [(2, 3, [b"odd"])]
    assert await take(broker) == [(3, 5, [b"c", b"d"])]
    assert (state.position, broker.starts, broker._records) == (5, [2], {})


async def test_its_name_is_spelled_with_backslashes() -> None:
    _, broker = odd_one()

    await take(broker)
    await broker.settle()
    (record,) = (await take_fetched(broker, {TP}, 0, 9))[TP].records
    assert list(record.headers) == [(ODD, b"od")]


async def test_whoever_waits_is_given_it_when_it_has_come() -> None:
    class Waking(Broker):
        def _create_fetch_waiter(self) -> Any:
            return asyncio.gather(*self._pending_tasks)

    _, broker = odd_one()
    waking = Waking(broker._records, broker.answer[2])

    assert summary(await take_fetched(waking, {TP}, 5, 9)) == [(0, 1, [b"odd"])]


async def test_other_partitions_go_on_meanwhile() -> None:
    _, broker = odd_one()
    result = fetched(batch(0, [b"a"]), [], 0, READ_COMMITTED)[1]
    result._topic_partition = OTHER

    assert await take(broker) == []
    broker._records[OTHER] = result
    assert await take(broker, TP, OTHER) == [(0, 1, [b"a"])]
    assert list(broker._records) == [TP]


async def test_of_two_that_take_at_once_one_asks_and_one_is_given_it() -> None:
    _, broker = odd_one()

    assert list(await asyncio.gather(take(broker), take(broker))) == [[], []]
    await broker.settle()
    assert sorted(await asyncio.gather(take(broker), take(broker))) == [[], [(0, 1, [b"odd"])]]
    assert broker.starts == [0]


@pytest.mark.parametrize("noticed", ["before it is asked for", "when it has come"])
async def test_where_another_position_was_sought_meanwhile_nothing_is_given(noticed: str) -> None:
    state, broker = odd_one()

    await take(broker)
    state.position = 7
    if noticed == "before it is asked for":
        assert (await take(broker), broker._records) == ([], {})
    await broker.settle()
    assert (await take(broker), state.position, broker._records) == ([], 7, {})


async def test_a_partition_that_was_paused_meanwhile_is_let_go() -> None:
    state, broker = odd_one()

    await take(broker)
    state.paused = True
    await broker.settle()
    assert (await take(broker), state.position, broker._records) == ([], 0, {})


async def not_ready(*_: object) -> None:
    raise NodeNotReadyError


async def no_answer(*_: object) -> None:
    await asyncio.Event().wait()


async def no_partition(*_: object) -> Any:
    return SimpleNamespace(API_VERSION=11, topics=[])


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"send": not_ready}, NodeNotReadyError),
        ({"send": no_partition}, UnknownError),
        ({"answer": (NotLeaderForPartitionError.errno, None, b"")}, NotLeaderForPartitionError),
    ],
)
async def test_where_it_is_not_given_again_aiokafka_fetches_and_it_comes_back(
    fault: dict[str, Any], told: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    state, broker = odd_one()
    for name, value in fault.items():
        setattr(broker, name, value)

    await take(broker)
    assert await broker.settle() == [True]
    assert (await take(broker), state.position, broker._records) == ([], 0, {})
    assert f"clicks/0 was not fetched again from offset 0: {told.__name__}" in caplog.text


async def test_a_fetch_that_is_cancelled_ends_as_aiokafkas_own_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, broker = odd_one()
    monkeypatch.setattr(broker, "send", no_answer)

    await take(broker)
    (task,) = broker._pending_tasks
    await asyncio.sleep(0)
    task.cancel()
    assert await broker.settle() == [False]


async def test_a_corrupt_batch_with_an_odd_name_is_told_and_the_position_stays() -> None:
    state, broker = odd_one()
    code, aborted, data = broker.answer
    broker.answer = code, aborted, data[:-1] + b"?"

    await take(broker)
    await broker.settle()
    with pytest.raises(Damaged):
        await take(broker)
    assert state.position == 0


async def test_an_odd_batch_of_an_aborted_transaction_is_passed_over_unread() -> None:
    data = spoilt(batch(0, [b"a"], producer=5)) + batch(1, [], producer=5, marker=ABORT)
    state, result = fetched(data, [(5, 0)], 0, READ_COMMITTED)
    broker = Broker({TP: result})

    assert await take(broker) == [(0, 2, [])]
    assert (state.position, broker.starts, broker._pending_tasks) == (2, [], set())


def spoil_some(data: bytes, seed: int) -> bytes:
    """Spoil some of the batches of a log, always the same."""
    return b"".join(
        spoilt(one) if (seed + int.from_bytes(one[:8], "big")) % 3 == 0 else one for one in batches(data)
    )


def batches(data: bytes) -> Iterator[bytes]:
    while data:
        end = 12 + int.from_bytes(data[_LENGTH], "big")
        yield data[:end]
        data = data[end:]


async def take_all(broker: Broker, seed: int, state: State, most: int) -> list[Fetched]:
    """Take until nothing comes; what is asked for beside is answered from where it begins."""
    items: list[Fetched] = []
    while TP in broker._records:
        items += (await take_fetched(broker, {TP}, 0, most)).values()
        if broker._pending_tasks:
            data, aborted = log(seed, state.position)
            broker.answer = 0, aborted, spoil_some(data, seed)
            await broker.settle()
    return items


@given(
    st.integers(0, 2**32),
    st.integers(0, 19),
    st.sampled_from([READ_COMMITTED, READ_UNCOMMITTED]),
    st.integers(1, 9),
    st.sampled_from([4, 10, 11]),
)
def test_with_odd_batches_among_them_the_same_is_taken(
    seed: int, start: int, isolation: int, most: int, version: int
) -> None:
    data, aborted = log(seed, start)
    own_state, own = fetched(spoil_some(data, seed), list(aborted), start, isolation)
    state, other = fetched(data, list(aborted), start, isolation)

    items = asyncio.run(take_all(Broker({TP: own}, version=version), seed, own_state, most))

    taken = plain([record for item in items for record in item.records])
    names = {name for *_, headers in taken for name, _ in headers}
    assert [(*rest, tuple(("h", value) for _, value in headers)) for *rest, headers in taken] == plain(
        other.getall()
    )
    assert names <= {"h", ODD}
    assert own_state.position == state.position
    assert [item.start for item in items] == [start, *(item.end for item in items)][: len(items)]
    assert all(item.start <= record.offset < item.end for item in items for record in item.records)
