"""Partitions leave and come, and flushes take their time: what is stored, thrown away, or waits."""

import asyncio

import pytest
from faust.types import TP

from streams.room import MOST_UNFLUSHED
from tests.unit.models.building import raw
from tests.unit.streams.faking import IMPRESSIONS, Stage, Stopped, restored

ONE = raw("impression")
"""Sent again and again where only the number of records matters: duplicates are quick to apply."""


async def test_what_is_released_is_stored_and_then_neither_applied_nor_shown() -> None:
    stage = await restored()
    stage.deliver(0, 1)
    await stage.keeper.release()
    stage.deliver(2)

    keeper = stage.keeper
    assert (keeper.fold, keeper.assigned, keeper.recovering, keeper.durable) == (None, set(), set(), {})
    again = stage.restarted({IMPRESSIONS: (0, 2)})
    await again.keeper.restore()
    assert again.counted["impressions"] == 2


async def test_what_cannot_be_stored_when_partitions_leave_is_left_to_be_read_again() -> None:
    stage = await restored()
    stage.deliver(0, 1)
    stage.changelog.fails = True
    await stage.keeper.release()

    assert stage.keeper.held is None
    assert stage.changelog.stored == {}
    assert stage.reasons == []


async def test_what_cannot_be_stored_when_another_may_take_over_stops_the_worker() -> None:
    stage = await restored()
    stage.deliver(0)
    stage.changelog.fails = True

    with pytest.raises(Stopped, match="before the partitions left"):
        await stage.keeper.revoke()


async def test_a_release_during_a_flush_waits_for_it_and_stores_what_came_since() -> None:
    stage = await restored()
    stage.deliver(0)
    stage.deliver(1, value=b"{")
    stage.changelog.gate.clear()
    flush = asyncio.create_task(stage.keeper.flush())
    await stage.changelog.storing.wait()
    stage.deliver(2)
    release = asyncio.create_task(stage.keeper.release())
    await asyncio.sleep(0)
    stage.changelog.gate.set()
    await asyncio.gather(flush, release)

    again = stage.restarted({IMPRESSIONS: (0, 3)})
    await again.keeper.restore()
    assert again.keeper.positions() == {IMPRESSIONS: 3}
    assert again.counted["impressions"] == 2
    assert len(stage.changelog.letters) == 1


async def test_partitions_that_leave_while_they_are_restored_are_not_held() -> None:
    stage = Stage()
    answer = stage.consumer.source_offsets

    async def answer_late() -> dict[TP, tuple[int, int]]:
        offsets = await answer()
        await stage.keeper.release()
        return offsets

    stage.consumer.source_offsets = answer_late  # type: ignore[method-assign]
    await stage.keeper.restore()

    assert stage.keeper.held is None
    assert stage.keeper.assigned == set()


async def test_there_is_no_room_until_a_flush_once_too_much_is_unflushed() -> None:
    stage = await restored()
    stage.deliver(*range(MOST_UNFLUSHED), value=ONE)
    waiting = asyncio.create_task(stage.keeper.room())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not waiting.done()
    stage.consumer.read[IMPRESSIONS] = stage.consumer.handed[IMPRESSIONS] = MOST_UNFLUSHED + 1
    assert await stage.keeper.read_to("impressions", 0) is None, "what was read waits for room"

    await stage.keeper.flush()
    await asyncio.wait_for(waiting, 10)
    stage.consumer.read[IMPRESSIONS] = stage.consumer.handed[IMPRESSIONS] = MOST_UNFLUSHED
    assert await stage.keeper.read_to("impressions", 0) == MOST_UNFLUSHED


async def test_who_waits_for_room_goes_on_when_partitions_leave() -> None:
    stage = await restored()
    stage.deliver(*range(MOST_UNFLUSHED), value=ONE)
    waiting = asyncio.create_task(stage.keeper.room())
    await asyncio.sleep(0)

    await stage.keeper.release()
    await asyncio.wait_for(waiting, 10)
