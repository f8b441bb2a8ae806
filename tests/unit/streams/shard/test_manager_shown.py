"""What a worker shows while partitions are away, and what the group is asked meanwhile."""

import asyncio

from connections.group_checks import SESSION_SECONDS
from streams.kafka.shares import Holding
from streams.shard.parked import MOST_SECONDS
from tests.unit.streams.shard.stage import Stage, came_back, restored, turn


async def test_what_is_released_is_shown_as_it_is_until_it_is_live_again() -> None:
    stage = await restored()
    stage.read(2)
    await stage.leave()
    stage.view(1)
    assert (stage.shown, stage.manager.holding(member=True)) == (True, Holding((0,), True))

    await came_back(stage)
    assert (stage.shown, stage.manager.assignment.recovering) == (True, {0})
    stage.read()
    await stage.manager.flush()
    assert (stage.views, stage.shown, dict(stage.manager._parked.states)) == (3, True, {})


async def test_what_is_given_up_is_shown_no_more_once_that_is_known() -> None:
    stage = await restored()
    await stage.leave()
    await stage.manager.keep(set())

    assert (stage.shown, stage.manager.holding(member=True)) == (False, Holding((), True))


async def test_what_is_released_twice_is_kept_and_shown_all_the_same() -> None:
    stage = await restored()
    before = stage.manager.assignment.shards[0]
    await stage.leave()
    await stage.leave()
    assert stage.shown
    await came_back(stage)
    assert stage.manager.assignment.shards[0] is before


async def test_while_partitions_are_away_the_group_is_asked_whether_they_may_be_shown() -> None:
    stage = await restored()
    await stage.leave()
    stage.manager._lease._until = 0.0
    assert not stage.shown
    await stage.manager.flush()
    await turn()

    assert stage.shown


async def test_who_was_put_out_shows_nothing_until_the_group_has_confirmed_it_again() -> None:
    stage = await restored()
    stage.confirming = False
    await stage.leave()
    await came_back(stage)
    assert (stage.shown, stage.manager.cut_off) == (False, True)

    stage.confirming = True
    await stage.manager.flush()
    await turn()
    assert (stage.shown, stage.manager.cut_off) == (True, False)


async def test_a_standby_has_restored_all_that_it_holds() -> None:
    stage = Stage()
    await stage.join(set())
    await turn()

    assert stage.manager.assignment.all is not None
    assert (stage.manager.assignment.recovering, stage.manager.cut_off) == (set(), False)


async def test_a_standby_of_which_the_group_hears_nothing_is_cut_off_too() -> None:
    stage = Stage()
    await stage.join(set())
    await turn()
    stage.manager._lease._until = 0.0
    assert stage.manager.cut_off

    await stage.manager.flush()
    await turn()
    assert not stage.manager.cut_off


async def test_while_a_claim_waits_what_is_parked_is_shown_no_longer_than_before() -> None:
    stage = await restored()
    stage.read(2)
    await stage.leave()
    stage.fate.hang = 0
    claiming = asyncio.create_task(stage.join({0}))
    await turn()
    assert (stage.hung, stage.shown) == (True, True)

    stage.now += MOST_SECONDS
    await stage.manager.flush()
    await turn()
    assert not stage.shown, "the group may have gone on without it: it did not hear of that"

    stage.fate.thawed.set()
    await claiming
    await turn()
    assert stage.shown, "nothing waits: it is live again"


async def test_a_flush_that_waits_long_for_the_broker_hides_nothing_of_a_member() -> None:
    stage = await restored()
    stage.read(1)
    stage.fate.hang = 0
    flush = asyncio.create_task(stage.manager.flush())
    await turn()
    for _ in range(2):
        stage.now += SESSION_SECONDS - 1
        stage.manager.ask()
        await turn()
        assert (stage.hung, stage.shown) == (True, True)

    stage.confirming = False
    stage.now += SESSION_SECONDS
    stage.manager.ask()
    await turn()
    assert not stage.shown
    stage.fate.thawed.set()
    await flush


async def test_while_nothing_is_flushed_a_commit_asks_the_group_and_nothing_else_does() -> None:
    stage = await restored()
    stage.manager._lease.end()
    stage.manager.ask()
    await turn()
    assert not stage.shown
