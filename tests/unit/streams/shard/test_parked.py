"""Parked: what is released is shown on, while nobody else can have it."""

from typing import cast

from models.state.shard_state import ShardState
from streams.kafka.shares import Holding
from streams.shard.lease import Lease
from streams.shard.parked import MOST_SECONDS, Parked
from tests.unit.models.building import new_state


async def affirmed(*_: object) -> bool:
    return True


class Shelf:
    """A clock, a lease that it may outlive, and two states that are parked."""

    def __init__(self) -> None:
        self.now = 100.0
        self.lease = Lease(affirmed, affirmed, lambda: self.now, 10)
        self.parked = Parked(self.lease)
        self.states = {1: new_state(), 3: new_state()}
        self.parked.claim({3, 1})

    async def confirmed(self) -> "Shelf":
        await self.lease._ask({})
        self.parked.park(self.states)
        return self

    @property
    def shown(self) -> list[int]:
        return sorted(cast(dict[int, ShardState], self.parked.states))


async def test_what_is_parked_is_shown_until_others_may_have_it() -> None:
    shelf = await Shelf().confirmed()
    assert shelf.shown == [1, 3]
    assert shelf.parked.holding(member=True) == Holding((1, 3), True)
    assert shelf.shown == [1, 3]

    shelf.parked.keep({3, 7})
    assert shelf.shown == [3]
    assert shelf.parked.holding(member=True) == Holding((3, 7), True)


async def test_what_came_last_is_named_last() -> None:
    parked = Shelf().parked
    parked.claim({2, 1, 0})
    parked.claim({0, 3, 2})

    assert parked.held == (0, 2, 3)


async def test_what_is_assigned_again_is_shown_until_it_is_live() -> None:
    shelf = await Shelf().confirmed()
    shelf.parked.claim({1, 3})
    shelf.parked.stay()
    shelf.now += MOST_SECONDS + 1
    assert shelf.shown == [1, 3]

    shelf.parked.replace({1})
    assert shelf.shown == [3]


async def test_a_worker_that_was_put_out_or_heard_nothing_claims_nothing_and_shows_nothing() -> None:
    for seconds, member in ((0, False), (11, True)):
        shelf = await Shelf().confirmed()
        shelf.now += seconds

        assert shelf.parked.holding(member=member) == Holding((1, 3), False)
        assert (shelf.shown, shelf.lease.holds) == ([], False)


async def test_a_worker_that_cannot_join_again_shows_nothing_once_the_group_may_go_on_without_it() -> None:
    shelf = await Shelf().confirmed()
    shelf.now += MOST_SECONDS
    await shelf.lease._ask({})

    assert (shelf.lease.holds, shelf.shown) == (True, [])
    assert not shelf.parked.holding(member=True).shows


async def test_while_a_claim_waits_nothing_is_shown_for_longer_and_then_not_again() -> None:
    shelf = await Shelf().confirmed()
    shelf.parked.claim({1, 3})
    shelf.now += MOST_SECONDS
    assert shelf.shown == []

    shelf.parked.stay()
    assert shelf.shown == []
