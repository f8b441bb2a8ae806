"""What the consumer hands over: items say which offsets they cover, each once, and none is skipped."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import IllegalStateError, KafkaError
from faust.types import TP

from streams.fetched import Fetched, message_of
from streams.transport import ConsumerThread

CLICKS, VIEWS, LOG = TP("clicks", 0), TP("impressions", 0), TP("log", 0)
SOURCES = {CLICKS, VIEWS}


def records(*offsets: int) -> list[Any]:
    return [SimpleNamespace(offset=offset) for offset in offsets]


class FakeConsumer:
    """aiokafka's consumer: positions, records that wait, and something that happens within a fetch."""

    def __init__(self) -> None:
        self.positions: dict[TP, int] = {CLICKS: 0, VIEWS: 0}
        self.waiting: dict[TP, list[Any]] = {}
        self.meanwhile: Any = None
        self.asked: list[set[TP]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.told = 0

    async def position(self, tp: TP) -> int:
        if tp not in self.positions:
            raise IllegalStateError("not assigned")
        self.told += 1
        if self.told == len(SOURCES):
            await self.gate.wait()
        return self.positions[tp]

    async def fetched_records(self, partitions: set[TP], **_: object) -> dict[TP, list[Any]]:
        self.asked.append(partitions)
        if self.meanwhile is not None:
            self.meanwhile()
        found = {tp: self.waiting.pop(tp) for tp in [*self.waiting] if not partitions or tp in partitions}
        for tp, listed in found.items():
            self.positions[tp] = listed[-1].offset + 1
        return found

    def seek(self, tp: TP, offset: int) -> None:
        self.positions[tp] = offset
        self.waiting.pop(tp, None)


class Thread(ConsumerThread):
    """The thread that fetches, from records that wait (test_fetching.py has the taking)."""

    async def _fetch(self, consumer: Any, partitions: set[TP], *_: object) -> dict[TP, list[Any]]:
        found: dict[TP, list[Any]] = await consumer.fetched_records(partitions)
        return found


class Scene:
    """The thread that fetches, without a thread."""

    def __init__(self) -> None:
        self.kafka = FakeConsumer()
        self.thread = Thread.__new__(Thread)
        self.thread._next = {}
        self.thread._doubted = {}
        app = SimpleNamespace(sources=("clicks", "impressions"))
        self.thread.consumer = SimpleNamespace(app=app, flow_active=True)  # type: ignore[assignment]

    def seek(self, tp: TP, offset: int) -> None:
        """Seek as `_seek_wait` does, which then only waits."""
        self.thread._next[tp] = offset
        self.kafka.seek(tp, offset)

    async def fetch(self, active: set[TP] | None = None) -> dict[TP, Any]:
        wanted = SOURCES if active is None else active
        consumer: Any = self.kafka
        return dict(await self.thread._fetch_records(consumer, wanted, timeout=1))


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def test_an_item_covers_what_was_fetched_from_where_the_last_one_ended(scene: Scene) -> None:
    scene.seek(CLICKS, 3)
    scene.kafka.waiting[CLICKS] = records(3, 4)
    assert await scene.fetch() == {CLICKS: [Fetched(CLICKS, 3, 5, records(3, 4))]}

    for _ in range(2):  # The gap is read once more, to be sure that nothing is there.
        scene.kafka.waiting[CLICKS] = records(7)
        found = await scene.fetch()
    assert found == {CLICKS: [Fetched(CLICKS, 5, 8, records(7))]}
    assert scene.thread.handed_over(CLICKS) == 8


async def test_markers_that_were_passed_over_are_covered_by_an_item_without_records(scene: Scene) -> None:
    scene.seek(CLICKS, 3)
    scene.kafka.positions[CLICKS] = 5
    assert await scene.fetch() == {}, "it is read once more, to be sure"
    assert scene.kafka.positions[CLICKS] == 3

    scene.kafka.positions[CLICKS] = 5
    assert await scene.fetch() == {CLICKS: [Fetched(CLICKS, 3, 5, ())]}
    assert await scene.fetch() == {}


async def test_before_a_partition_is_sought_nothing_of_it_is_handed_over(scene: Scene) -> None:
    scene.kafka.waiting[CLICKS] = records(0, 1)

    assert await scene.fetch() == {}
    assert scene.thread.handed_over(CLICKS) == float("inf")
    scene.seek(CLICKS, 0)
    scene.kafka.waiting[CLICKS] = records(0, 1)
    assert await scene.fetch() == {CLICKS: [Fetched(CLICKS, 0, 2, records(0, 1))]}


async def test_after_all_is_forgotten_nothing_is_handed_over_before_a_seek(scene: Scene) -> None:
    scene.seek(CLICKS, 0)
    scene.thread.forget()
    scene.kafka.waiting[CLICKS] = records(0)

    assert await scene.fetch() == {}


async def test_an_empty_active_set_is_all_to_aiokafka_and_every_source_is_an_item(scene: Scene) -> None:
    scene.seek(CLICKS, 0)
    scene.kafka.waiting = {CLICKS: records(0), LOG: records(9)}

    assert await scene.fetch(set()) == {CLICKS: [Fetched(CLICKS, 0, 1, records(0))], LOG: records(9)}


async def test_records_of_the_changelog_come_as_they_are(scene: Scene) -> None:
    scene.kafka.waiting[LOG] = records(4, 5)

    assert await scene.fetch({LOG}) == {LOG: records(4, 5)}


async def test_a_position_from_before_a_seek_back_covers_nothing(scene: Scene) -> None:
    scene.seek(CLICKS, 3)
    scene.kafka.positions[CLICKS] = 9
    scene.kafka.meanwhile = lambda: scene.seek(CLICKS, 4)

    assert await scene.fetch() == {}
    assert scene.thread.handed_over(CLICKS) == 4


async def test_a_seek_while_another_position_is_waited_for_covers_nothing_either(scene: Scene) -> None:
    for tp in SOURCES:
        scene.seek(tp, 9)
    scene.kafka.gate.clear()
    fetching = asyncio.create_task(scene.fetch())
    await asyncio.sleep(0)
    for tp in SOURCES:
        scene.seek(tp, 3)
    scene.kafka.gate.set()

    assert await fetching == {}, "what lies between 3 and 9 was never given"
    assert {scene.thread.handed_over(tp) for tp in SOURCES} == {3}


async def test_what_is_given_after_a_seek_within_the_fetch_begins_where_it_was_sought(scene: Scene) -> None:
    def seek() -> None:
        scene.seek(CLICKS, 2)
        scene.kafka.waiting[CLICKS] = records(2, 3)

    scene.seek(CLICKS, 8)
    scene.kafka.positions[CLICKS] = 9
    scene.kafka.meanwhile = seek

    assert await scene.fetch() == {CLICKS: [Fetched(CLICKS, 2, 4, records(2, 3))]}


async def test_a_seek_forward_leaves_out_what_came_from_before_it(scene: Scene) -> None:
    scene.seek(CLICKS, 0)
    scene.kafka.waiting[CLICKS] = records(0, 1)
    scene.thread._next[CLICKS] = 5

    assert await scene.fetch() == {}
    assert scene.thread.handed_over(CLICKS) == 5


async def test_a_partition_that_is_assigned_no_more_gives_nothing(scene: Scene) -> None:
    del scene.kafka.positions[CLICKS]

    assert await scene.fetch() == {}
    assert scene.kafka.asked == []


async def test_while_the_flow_stands_nothing_is_fetched(scene: Scene) -> None:
    scene.seek(CLICKS, 0)
    scene.kafka.waiting[CLICKS] = records(0)
    scene.thread.consumer.flow_active = False

    assert await scene.fetch() == {}
    assert scene.thread.handed_over(CLICKS) == 0


async def test_an_item_is_a_message_at_the_offset_of_its_last_record() -> None:
    item = Fetched(CLICKS, 3, 8, records(3, 7))
    message = message_of(item, 5)

    assert (message.tp, message.offset, message.generation_id) == (CLICKS, 7, 5)
    assert message.fetched is item


async def test_after_a_fetch_that_failed_nothing_is_handed_over_before_a_seek(scene: Scene) -> None:
    scene.seek(CLICKS, 3)
    scene.kafka.meanwhile = failing
    with pytest.raises(KafkaError):
        await scene.fetch()

    scene.kafka.meanwhile = None
    scene.kafka.waiting[CLICKS] = records(3, 4)
    assert await scene.fetch() == {}, "of another partition records may have been taken and lost"


def failing() -> None:
    raise KafkaError("corrupt")
