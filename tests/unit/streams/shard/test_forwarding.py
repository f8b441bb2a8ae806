"""Forwarding: sections without a gap, one record on its way at a time, and nothing lost by a failed send."""

import asyncio
from typing import Any

import pytest
from aiokafka.errors import KafkaError

from streams.journal.records import PART_BYTES
from streams.kafka.halt import RecordRefused
from streams.kafka.raw_records import Record
from streams.shard.bundles import Section, decode_bundle, encode_bundle
from streams.shard.forwarding import NotForwarded, Outbox
from tests.unit.streams.shard.sections import cut, records_in, section_of


def event(offset: int, size: int = 1) -> Record:
    return Record(offset, offset * 1000, None, bytes(size), [])


def section(start: int, end: int, *offsets: int, size: int = 1) -> Section:
    return section_of("clicks", 0, start, end, [event(offset, size) for offset in offsets])


def covered(sections: list[Section]) -> list[tuple[int, int, list[int]]]:
    return [(one.start, one.end, [event.offset for event in records_in(one)]) for one in sections]


def test_few_events_are_one_section_of_all_that_was_read() -> None:
    assert covered(cut("clicks", 3, 5, 20, [event(7), event(9)])) == [(5, 20, [7, 9])]


def test_more_than_fit_a_record_are_sections_that_follow_one_another() -> None:
    large = [event(offset, PART_BYTES // 2) for offset in (3, 5, 8)]

    assert covered(cut("clicks", 3, 0, 20, large)) == [(0, 5, [3]), (5, 8, [5]), (8, 20, [8])]


def test_an_event_larger_than_a_record_should_be_goes_by_itself() -> None:
    events = [event(1), event(2, 2 * PART_BYTES), event(3)]

    assert covered(cut("clicks", 3, 0, 4, events)) == [(0, 2, [1]), (2, 3, [2]), (3, 4, [3])]


def test_keys_and_headers_are_part_of_an_events_size() -> None:
    half = bytes(PART_BYTES // 2)
    events = [Record(1, 0, half, None, []), Record(2, 0, None, None, [("h", half)])]

    assert len(cut("clicks", 3, 0, 3, events)) == 2


def test_each_section_fits_into_a_record_and_they_hold_all_events_as_they_came() -> None:
    events = [event(offset, 300 + offset % 7) for offset in range(7000)]
    sections = cut("clicks", 3, 0, 9000, events)

    assert [event for one in sections for event in records_in(one)] == events
    assert len(sections) == 3
    assert max(len(encode_bundle([one])) for one in sections) <= PART_BYTES


class Scene:
    """An outbox, and a broker that acknowledges when told to."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, list[Section]]] = []
        self.pending: list[asyncio.Future[Any]] = []
        self.outbox = Outbox(self._send)

    async def _send(self, shard: int, value: bytes) -> "asyncio.Future[Any]":
        self.sent.append((shard, decode_bundle(value)))
        self.pending.append(asyncio.get_running_loop().create_future())
        return self.pending[-1]

    async def drain(self) -> "asyncio.Task[None]":
        task = asyncio.create_task(self.outbox.drain())
        await self.turn()
        return task

    async def answer(self, error: Exception | None = None) -> None:
        """Acknowledge all that is on its way, or refuse it."""
        pending, self.pending = self.pending, []
        for one in pending:
            if error:
                one.set_exception(error)
            else:
                one.set_result(None)
        await self.turn()

    async def turn(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)


async def test_sections_that_wait_for_a_shard_go_in_one_record() -> None:
    scene = Scene()
    scene.outbox.add(1, [section(0, 5, 3)])
    scene.outbox.add(2, [section(0, 5, 4)])
    scene.outbox.add(1, [section(5, 9, 6)])
    task = await scene.drain()

    assert scene.sent == [(1, [section(0, 5, 3), section(5, 9, 6)]), (2, [section(0, 5, 4)])]
    assert not task.done()
    await scene.answer()
    await task


async def test_a_record_follows_when_the_one_before_it_is_acknowledged() -> None:
    scene = Scene()
    large = section(0, 5, 1, size=PART_BYTES // 2)
    scene.outbox.add(1, [large, large._replace(start=5, end=9)])
    task = await scene.drain()
    assert len(scene.sent) == 1

    await scene.answer()
    assert len(scene.sent) == 2
    await scene.answer()
    await task


async def test_what_came_meanwhile_goes_with_the_next_drain_after_all_before_it() -> None:
    scene = Scene()
    scene.outbox.add(1, [section(0, 5, 1)])
    first = await scene.drain()
    scene.outbox.add(1, [section(5, 9, 6)])
    second = await scene.drain()
    assert len(scene.sent) == 1

    await scene.answer()
    await first
    assert scene.sent[1:] == [(1, [section(5, 9, 6)])]
    await scene.answer()
    await second


async def test_nothing_is_sent_where_nothing_waits() -> None:
    scene = Scene()
    await scene.outbox.drain()

    assert scene.sent == []


async def test_what_comes_is_sent_at_once_and_what_comes_right_after_it_waits() -> None:
    scene = Scene()
    running = asyncio.create_task(scene.outbox.run())
    await scene.turn()
    scene.outbox.add(1, [section(0, 5, 3)])
    await scene.turn()
    assert len(scene.sent) == 1

    await scene.answer()
    scene.outbox.add(1, [section(5, 9, 6)])
    await scene.turn()
    assert len(scene.sent) == 1
    running.cancel()
    await asyncio.wait([running])


async def test_what_was_not_acknowledged_is_never_passed_over_by_who_drains_next() -> None:
    scene = Scene()
    scene.outbox.add(1, [section(0, 5, 1)])
    first, second = await scene.drain(), await scene.drain()
    await scene.answer(KafkaError("refused"))

    with pytest.raises(KafkaError):
        await first
    with pytest.raises(NotForwarded):
        await second


async def test_whoever_drains_after_a_record_was_refused_is_told_why() -> None:
    scene = Scene()
    scene.outbox.add(1, [section(0, 5, 1)])
    first, second = await scene.drain(), await scene.drain()
    await scene.answer(RecordRefused("too large"))

    for task in (first, second):
        with pytest.raises(RecordRefused, match="too large"):
            await task


async def test_what_was_cancelled_on_its_way_is_not_passed_over_either() -> None:
    scene = Scene()
    scene.outbox.add(1, [section(0, 5, 1)])
    task = await scene.drain()
    task.cancel()
    await scene.turn()

    with pytest.raises(NotForwarded):
        await scene.outbox.drain()


async def test_what_is_thrown_away_is_neither_sent_nor_missed() -> None:
    scene = Scene()
    scene.outbox.add(1, [section(0, 5, 1)])
    failing = await scene.drain()
    await scene.answer(KafkaError("refused"))
    assert failing.exception()
    scene.outbox.add(1, [section(5, 9, 6)])
    scene.outbox.clear()

    await scene.outbox.drain()
    assert len(scene.sent) == 1


async def test_a_failure_of_what_was_thrown_away_before_is_no_failure_of_what_came_since() -> None:
    scene = Scene()
    scene.outbox.add(1, [section(0, 5, 1)])
    failing = await scene.drain()
    scene.outbox.clear()
    scene.outbox.add(1, [section(0, 7, 1, 6)])
    following = await scene.drain()
    await scene.answer(KafkaError("refused"))
    assert failing.exception()

    await scene.answer()
    await following
    assert scene.sent[1:] == [(1, [section(0, 7, 1, 6)])]
