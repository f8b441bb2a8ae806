"""Partitions that leave and come back: what was applied is stored once, or read again."""

import asyncio

import pytest

from tests.unit.streams.shard.sections import section_of
from tests.unit.streams.shard.stage import VIEWS, came_back, counted_anew, restored, turn


async def test_what_is_released_is_stored_and_then_not_applied_nor_shown_by_who_leaves_the_group() -> None:
    stage = await restored()
    stage.view(2)
    stage.deliver(VIEWS)
    await stage.manager.release(member=False)
    stage.view(1)
    stage.hand_over(2, 3)

    manager = stage.manager
    assert (stage.shown, manager.cut_off, manager.positions(), manager.assignment.durable_at) == (
        False,
        False,
        {},
        {},
    )
    assert (manager.assignment.claimed, manager.assignment.all) == (frozenset(), None)
    again = stage.restarted()
    await again.join({0})
    assert again.views == 2


@pytest.mark.parametrize("step", range(2))
async def test_what_cannot_be_stored_when_partitions_leave_is_read_again_by_who_has_them(
    step: int,
) -> None:
    stage = await restored()
    stage.read(2)
    stage.fate.refuse = step
    await stage.leave()

    assert (stage.reasons, stage.manager.assignment.shards) == ([], {})
    assert await counted_anew(stage) == 2
    assert (await came_back(stage)).reasons == []
    stage.read()
    assert stage.views == 2


async def test_what_was_cut_and_not_stored_is_not_skipped_by_what_is_stored_later() -> None:
    stage = await restored()
    stage.read(2)
    stage.fate.refuse = 0
    await stage.leave()
    await came_back(stage)
    stage.read(1)
    await stage.manager.flush()

    assert stage.views == 3
    assert await counted_anew(stage) == 3


async def test_a_release_during_a_flush_waits_for_it_and_stores_what_came_since() -> None:
    stage = await restored()
    stage.view(1)
    stage.view(value=b"{")
    stage.read()
    stage.fate.hang = 2
    flush = asyncio.create_task(stage.manager.flush())
    await turn()
    stage.read(1)
    release = asyncio.create_task(stage.manager.release(member=True))
    await turn()
    assert not release.done()
    stage.fate.thawed.set()
    await asyncio.gather(flush, release)

    assert len(stage.broker.letters) == 1
    assert stage.manager.assignment.durable_at == {}
    again = stage.restarted()
    await again.join({0})
    assert (again.views, again.manager.positions()[VIEWS]) == (2, 3)


async def test_a_flush_that_fails_under_a_release_has_the_rest_thrown_away_too() -> None:
    stage = await restored()
    stage.read(1)
    stage.fate.hang, stage.fate.refuse = 0, 1
    flush = asyncio.create_task(stage.manager.flush())
    await turn()
    stage.read(1)
    release = asyncio.create_task(stage.manager.release(member=True))
    await turn()
    stage.fate.thawed.set()
    await asyncio.gather(flush, release)

    assert stage.reasons == [], "what failed is not held any more"
    assert await counted_anew(stage) == 2


@pytest.mark.parametrize("step", range(4))
async def test_a_flush_that_hangs_over_a_claim_without_a_release_stores_nothing_under_it(step: int) -> None:
    stage = await restored()
    stage.view(value=b"{")
    stage.read(1)
    stage.fate.hang = step
    flush = asyncio.create_task(stage.manager.flush())
    await turn()
    await came_back(stage)
    stage.fate.thawed.set()
    await flush
    stage.read()
    await stage.manager.flush()

    assert (stage.reasons, stage.views) == ([], 1)
    assert await counted_anew(stage) == 1


async def test_sections_that_were_not_sent_on_when_partitions_left_hold_up_nothing_after() -> None:
    stage = await restored()
    stage.outbox.add(0, [section_of("impressions", 5, 0, 1)])
    stage.fate.refuse = 0
    await stage.leave()
    await came_back(stage)
    stage.read(1)
    await stage.manager.flush()

    assert (stage.reasons, await counted_anew(stage)) == ([], 1)


async def test_what_waits_when_the_same_partitions_are_restored_again_is_read_again() -> None:
    stage = await restored()
    stage.read(2)
    stage.view(2)
    stage.deliver(VIEWS)
    await stage.manager.restore()
    stage.apply()
    await stage.seek(stage.manager.positions())
    stage.read()

    assert stage.views == 4


@pytest.mark.parametrize("step", range(4))
async def test_a_flush_that_hangs_over_a_release_does_no_harm_when_it_goes_on(step: int) -> None:
    stage = await restored()
    stage.view(value=b"{")
    stage.read(1)
    stage.fate.hang = step
    stage.manager._release_within = 0
    flush = asyncio.create_task(stage.manager.flush())
    await turn()
    await stage.leave()
    await came_back(stage)
    stage.read(1)
    stage.fate.thawed.set()
    await flush
    await stage.manager.flush()

    assert (stage.reasons, stage.views) == ([], 2)
    assert await counted_anew(stage) == 2


async def test_a_shard_that_comes_back_as_it_left_is_kept() -> None:
    stage = await restored()
    stage.read(2)
    before = stage.manager.assignment.shards[0]
    await stage.leave()
    stage.view(1)
    await came_back(stage)

    assert stage.manager.assignment.shards[0] is before
    assert not before.live, "what came meanwhile waits"
    stage.read()
    assert (stage.views, stage.shown) == (3, True)


async def test_a_shard_that_comes_back_after_another_stored_to_it_is_read_anew() -> None:
    stage = await restored()
    stage.read(2)
    before = stage.manager.assignment.shards[0]
    await stage.leave()
    other = stage.restarted()
    await other.join({0})
    other.read(1)
    await other.leave()
    await came_back(stage)

    assert stage.manager.assignment.shards[0] is not before
    assert (stage.views, stage.manager.positions()[VIEWS]) == (3, 3)


async def test_a_shard_that_was_others_meanwhile_is_not_kept() -> None:
    stage = await restored()
    before = stage.manager.assignment.shards[0]
    await stage.leave()
    await stage.join(set())
    await stage.leave()
    await came_back(stage)

    assert stage.manager.assignment.shards[0] is not before
