"""Partitions that leave while they are restored, waited for or made a snapshot of."""

import asyncio

from streams.shard.backpressure import MOST_UNFLUSHED
from tests.unit.streams.shard.stage import Stage, came_back, counted_anew, restored, turn


async def test_partitions_that_leave_while_they_are_restored_are_not_held() -> None:
    stage = Stage()
    stage.fate.hang = 2
    joining = asyncio.create_task(stage.join({0}))
    await turn()
    assert stage.hung
    await stage.leave()
    stage.fate.thawed.set()
    await joining

    assert (stage.manager.assignment.shards, stage.reasons) == ({}, [])


async def test_a_recovery_of_before_that_ends_during_a_claim_restores_nothing() -> None:
    stage = await restored()
    await stage.leave()
    stage.fate.hang = 0
    joining = asyncio.create_task(stage.join({0}))
    await turn()
    assert stage.hung
    await stage.manager.restore()
    assert (stage.manager.assignment.shards, stage.reasons) == ({}, [])

    stage.fate.thawed.set()
    await joining
    assert stage.manager.assignment.shards.keys() == {0}


async def leaves_it_alone(stage: Stage) -> Stage:
    """Let all that a worker has be stored, and another one take its partition."""
    stage.read(2)
    await stage.manager.flush()
    await stage.leave()
    other = stage.restarted()
    await other.join({0})
    other.read(1)
    await other.manager.flush()
    other.writer.long = True
    return other


async def test_a_partition_comes_back_whose_journal_others_have_shortened_meanwhile() -> None:
    stage = await restored()
    other = await leaves_it_alone(stage)
    await other.shorten()
    await other.leave()
    assert stage.broker.journals[0].start > stage.journals.next_offset(0)

    await came_back(stage)
    stage.read(1)
    assert (stage.reasons, stage.views) == ([], 4)
    await stage.manager.flush()
    assert await counted_anew(stage) == 4


async def test_a_journal_that_its_former_owner_shortens_while_it_is_read_is_read_again() -> None:
    stage = await restored()
    other = await leaves_it_alone(stage)
    other.fate.hang = 2
    shortening = asyncio.create_task(other.shorten())
    while not other.hung:
        await asyncio.sleep(0)
    stage.assigned = {0}
    await stage.manager.claim({0})
    other.fate.thawed.set()
    await shortening
    stage.recover()
    assert stage.broker.journals[0].start > stage.journals.next_offset(0)

    await stage.manager.restore()
    assert (stage.reasons, stage.views) == ([], 3)


async def test_what_is_restored_is_not_restored_again_by_a_recovery_of_before() -> None:
    stage = await restored()
    stage.read(1)
    await stage.manager.restore()

    assert (stage.reasons, stage.views) == ([], 1)


async def test_what_fails_of_a_restore_after_the_partitions_left_stops_nothing() -> None:
    stage = Stage()
    stage.fate.hang, stage.fate.refuse = 2, 2
    joining = asyncio.create_task(stage.join({0}))
    await turn()
    await stage.leave()
    other = stage.restarted()
    await other.join({0})
    stage.fate.thawed.set()
    await joining

    assert stage.reasons == []


async def test_there_is_no_room_until_a_flush_once_too_much_is_unflushed() -> None:
    stage = await restored()
    stage.manager._backpressure.take(MOST_UNFLUSHED)
    waiting = asyncio.create_task(stage.manager.wait_for_room())
    await turn()
    assert not waiting.done()

    await stage.manager.flush()
    await waiting


async def test_who_waits_for_room_goes_on_when_partitions_leave() -> None:
    stage = await restored()
    stage.manager._backpressure.take(MOST_UNFLUSHED)
    waiting = asyncio.create_task(stage.manager.wait_for_room())
    await turn()

    await stage.leave()
    await waiting


async def test_a_snapshot_that_fails_after_the_partitions_left_stops_nothing() -> None:
    stage = await restored()
    stage.read(1)
    await stage.manager.flush()
    stage.writer.long = True
    stage.fate.hang, stage.fate.refuse = 0, 1
    shortening = asyncio.create_task(stage.shorten())
    while not stage.hung:
        await asyncio.sleep(0)
    await stage.leave()
    stage.fate.thawed.set()
    await shortening

    assert (stage.reasons, stage.broker.journals[0].start) == ([], 0)


async def test_a_snapshot_that_is_written_while_the_partitions_leave_and_come_back_does_no_harm() -> None:
    stage = await restored()
    stage.read(2)
    await stage.manager.flush()
    stage.writer.long = True
    stage.fate.hang = 0
    shortening = asyncio.create_task(stage.shorten())
    while not stage.hung:
        await asyncio.sleep(0)
    stage.read(1)
    stage.manager._release_within = 0
    await stage.leave()
    await came_back(stage)
    stage.read()
    stage.fate.thawed.set()
    await shortening
    stage.read(1)
    await stage.manager.flush()

    assert (stage.reasons, stage.views) == ([], 4)
    assert await counted_anew(stage) == 4
