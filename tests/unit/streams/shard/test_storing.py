"""Storing: what is owed first, then what changed; after a failure nothing until all is thrown away."""

import asyncio

import pytest
from aiokafka.errors import KafkaError

from models.topics import FORWARDED
from streams.kafka.raw_records import Record
from streams.shard.assignment import Assignment
from streams.shard.forwarding import NotForwarded
from streams.shard.storing import StorageFailed
from tests.unit.models.building import NOON, raw, registry
from tests.unit.streams.cluster import Broker, PlayedWorker
from tests.unit.streams.shard.sections import section_of

SECTION = section_of("impressions", 0, 0, 1, [Record(0, NOON, None, raw("impression"), [])])


class Scene:
    """A worker of shard 0 with an event that counts, one that is refused, and a section to send on."""

    def __init__(self) -> None:
        self.broker = Broker()
        self.worker = PlayedWorker(self.broker, registry())
        self.storage = self.worker.storage

    async def prepare(self) -> "Scene":
        await self.join()
        await turn()
        self.change()
        self.worker.outbox.add(0, [SECTION])
        return self

    async def join(self) -> None:
        await self.worker.join({0})
        self.assignment = self.worker.manager.assignment
        self.shards = self.assignment.shards

    def change(self) -> None:
        """Have two records applied."""
        source, shard = ("impressions", 0), self.shards[0]
        start = shard.position(source)
        for value in (raw("impression", event_id=str(start)), b"{"):
            self.broker.send(source, value)
        shard.apply(source, self.broker.fetched(source, start, start + 2), start + 2)

    async def store(self) -> None:
        await self.storage.store(self.assignment, self.shards)

    def discard(self) -> None:
        """Throw away what is not stored, and go on with the shards under another assignment."""
        self.assignment.discard()
        self.worker.outbox.clear()
        self.assignment = Assignment({0}, lambda _: 0)

    @property
    def written(self) -> tuple[int, int, int]:
        """Count what got to the broker: sections, dead letters, records of the journal after its claim."""
        sources, journal = self.broker.sources, self.broker.journals[0]
        return len(sources[FORWARDED, 0]), len(self.broker.letters), journal.end - 1

    def hang(self, at: int) -> None:
        self.worker.fate.hang = at


@pytest.fixture
async def scene() -> Scene:
    return await Scene().prepare()


async def turn() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_sections_go_first_then_dead_letters_then_the_delta_each_acknowledged_before_the_next() -> None:
    seen = []
    for step in range(6):
        scene = await Scene().prepare()
        scene.hang(step)
        task = asyncio.create_task(scene.store())
        await turn()
        seen.append(scene.written)
        task.cancel()

    assert seen == [(0, 0, 0), (1, 0, 0), (1, 0, 0), (1, 1, 0), (1, 1, 0), (1, 1, 1)]


async def test_what_was_stored_is_not_stored_again(scene: Scene) -> None:
    await scene.store()
    await scene.store()

    assert scene.written == (1, 1, 1)


@pytest.mark.parametrize("step", range(6))
async def test_whatever_failed_nothing_is_stored_until_all_is_thrown_away(step: int) -> None:
    scene = await Scene().prepare()
    scene.worker.fate.refuse = step
    with pytest.raises(KafkaError):
        await scene.store()
    written = scene.written

    scene.change()
    with pytest.raises(StorageFailed):
        await scene.store()
    assert scene.written == written

    scene.discard()
    scene.change()
    await scene.store()
    assert scene.written[2] == written[2] + 1


async def test_a_cut_that_was_cancelled_is_a_failure_too(scene: Scene) -> None:
    scene.hang(2)
    task = asyncio.create_task(scene.store())
    await turn()
    task.cancel()
    await turn()

    with pytest.raises(StorageFailed):
        await scene.store()


async def test_sections_that_were_not_acknowledged_elsewhere_are_no_less_missing(scene: Scene) -> None:
    scene.worker.fate.refuse = 1
    with pytest.raises(KafkaError):
        await scene.storage.forward()

    with pytest.raises(NotForwarded):
        await scene.store()
    assert scene.written[1:] == (0, 0)


@pytest.mark.parametrize("step", range(4))
async def test_what_was_cut_before_all_was_thrown_away_is_not_written_after(step: int) -> None:
    scene = await Scene().prepare()
    scene.hang(step)
    task = asyncio.create_task(scene.store())
    await turn()
    scene.discard()
    scene.worker.fate.thawed.set()

    with pytest.raises(StorageFailed, match="thrown away"):
        await task
    assert scene.written[2] == 0
    scene.change()
    await scene.store()
    assert scene.written[2] == 1


async def test_nothing_changed_nothing_is_sent() -> None:
    scene = Scene()
    await scene.join()
    await scene.store()

    assert scene.written == (0, 0, 0)
