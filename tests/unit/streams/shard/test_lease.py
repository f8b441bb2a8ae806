"""Lease: what is held is shown only while the group was heard of within a session."""

import asyncio
from collections.abc import Mapping

from models.state.delta import Source
from streams.shard.lease import Lease

POSITIONS = {("clicks", 0): 5}


class Group:
    """A clock, and a group that answers commits when told to."""

    def __init__(self, at_first: float = 0.0, after: float = 0.0) -> None:
        self.now = 100.0
        self.asked: list[Mapping[Source, int]] = []
        self._answers: list[asyncio.Future[bool]] = []
        self.lease = Lease(self.commit, self.confirm, lambda: self.now, 10, at_first, after)

    async def commit(self, positions: Mapping[Source, int]) -> bool:
        self.asked.append(positions)
        self._answers.append(asyncio.get_running_loop().create_future())
        return await self._answers[-1]

    async def confirm(self) -> bool:
        return await self.commit({})

    async def ask(self, positions: Mapping[Source, int] = POSITIONS) -> None:
        self.lease.renew(positions)
        await asyncio.sleep(0)

    async def join(self) -> None:
        """Be given partitions, and have the group confirm it."""
        await self.ask()
        await self.answer(True)

    async def answer(self, taken: bool) -> None:
        self._answers.pop(0).set_result(taken)
        for _ in range(3):
            await asyncio.sleep(0)


async def test_before_the_group_has_given_anything_nothing_is_shown() -> None:
    assert not Group().lease.holds


async def test_it_holds_for_a_session_from_when_the_group_has_confirmed_it() -> None:
    group = Group()
    await group.join()
    group.now += 9.9
    assert group.lease.holds

    group.now += 0.2
    assert not group.lease.holds


async def test_who_may_have_taken_anothers_place_waits_until_that_one_can_show_nothing_any_more() -> None:
    former, again = Group(), Group(at_first=10)
    await former.join()
    again.now = former.now = former.now + 1
    await again.join()
    assert again.lease.waits
    for _ in range(95):
        again.now = former.now = former.now + 0.1
        await again.join()
        assert not (former.lease.holds and again.lease.holds)
    again.now += 0.6
    assert again.lease.holds
    assert not again.lease.waits


async def test_who_was_put_out_before_it_showed_waits_as_long_again_and_later_until_others_have_heard() -> (
    None
):
    group = Group(at_first=8, after=0.5)
    await group.join()
    group.now += 7
    group.lease.end()
    await group.join()
    group.now += 7.9
    await group.join()
    assert not group.lease.holds
    group.now += 0.1
    assert group.lease.holds

    group.lease.end()
    await group.join()
    assert not group.lease.holds
    group.now += 0.5
    assert group.lease.holds


async def test_a_commit_that_was_taken_renews_from_when_it_was_sent() -> None:
    group = Group()
    await group.join()
    group.now += 8
    await group.ask()
    group.now += 5
    await group.answer(True)
    group.now += 4.9
    assert group.lease.holds

    group.now += 0.2
    assert not group.lease.holds


async def test_a_commit_that_was_refused_renews_nothing() -> None:
    group = Group()
    await group.join()
    group.now += 8
    await group.ask()
    await group.answer(False)
    group.now += 2.1

    assert not group.lease.holds


async def test_one_commit_is_on_its_way_at_a_time() -> None:
    group = Group()
    await group.ask()
    await group.ask()
    assert len(group.asked) == 1

    await group.answer(True)
    await group.ask()
    assert group.asked == [POSITIONS, POSITIONS]


async def test_without_positions_the_group_is_only_asked() -> None:
    group = Group()
    await group.ask({})
    await group.answer(True)

    assert (group.asked, group.lease.holds) == ([{}], True)


async def test_an_answer_from_before_this_worker_was_put_out_is_of_no_interest() -> None:
    group = Group()
    await group.join()
    await group.ask()
    group.lease.end()
    await group.answer(True)
    assert not group.lease.holds

    await group.join()
    assert group.lease.holds
