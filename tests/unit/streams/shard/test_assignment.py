"""Assignment: which shards are held, which of them are live, and what is left of it when it ends."""

from collections.abc import Iterable
from typing import NoReturn

from models.core.records import records_of
from models.events.batch import Batch
from models.state.delta import Source
from models.times import SECOND
from models.topics import FORWARDED
from streams.shard.assignment import Assignment
from streams.shard.forwarding import Outbox
from streams.shard.shard import Shard
from tests.unit.models.building import NOON, new_state, raw, rfc3339


async def unsent(*_: object) -> NoReturn:
    raise AssertionError("nothing is to be sent")


def shard(number: int, *, waiting: int = 0, live: bool = True) -> Shard:
    """Return a shard of clicks at offset 3, of which so many more wait."""
    ends: dict[Source, tuple[int, int]] = {
        ("clicks", number): (3, 3 + waiting),
        (FORWARDED, number): (0, 0),
    }
    made = Shard(number, new_state(), ends, Outbox(unsent), "team.")
    if live:
        made.await_forwarded(0)
    return made


def owner(campaign: str) -> int:
    return int(campaign[-1])


def restored(*shards: Shard, claimed: Iterable[int] = ()) -> Assignment:
    """Return an assignment of shards, and of partitions that are claimed beside them."""
    made = Assignment({one.number for one in shards} | set(claimed), owner)
    made.restore({one.number: one for one in shards})
    return made


def test_before_anything_is_restored_all_that_is_claimed_recovers() -> None:
    held = Assignment({1, 2}, owner)

    assert held.all is None
    assert held.live == {}
    assert (held.recovering, held.holes, held.positions()) == ({1, 2}, 0, {})
    assert not held.ended


def test_a_shard_is_live_once_nothing_of_it_waits() -> None:
    held = restored(shard(1), shard(2, waiting=1), shard(3, live=False))

    assert held.recovering == {2, 3}
    assert held.live == {1: held.shards[1].state}
    assert held.all is not None
    assert held.all.of("c2") is held.shards[2].state


def test_what_was_claimed_and_is_not_restored_recovers() -> None:
    held = restored(shard(1), claimed={4})

    assert held.recovering == {4}


def test_what_is_held_when_it_ends_is_given_and_no_more_held() -> None:
    one = shard(1)
    held = restored(one)

    assert held.end() == {1: one}
    assert (held.ended, held.shards, held.recovering, held.positions()) == (True, {}, set(), {})
    assert (held.claimed, held.durable_at) == (frozenset(), {})
    assert held.end() == {}


def test_until_what_comes_next_is_restored_there_are_no_counters_that_fell_to_zero() -> None:
    held = restored(shard(1))
    held.end()

    assert held.all is None
    assert Assignment((), owner).all is None
    assert restored().all is not None, "a standby has restored all that it holds"


def test_positions_are_of_every_source_of_every_shard() -> None:
    held = restored(shard(1), shard(2))

    assert held.positions() == {
        ("clicks", 1): 3,
        (FORWARDED, 1): 0,
        ("clicks", 2): 3,
        (FORWARDED, 2): 0,
    }


def test_holes_of_all_shards_are_added_up() -> None:
    one, two = shard(1), shard(2)
    one.holes, two.holes = 2, 1

    assert restored(one, two).holes == 3


def test_duplicates_are_recognised_as_far_back_as_by_the_shard_that_remembers_least() -> None:
    one, two = shard(1), shard(2)
    two.state.duplicates.capacity = 2
    for offset in range(4):
        arrival = NOON - (4 - offset) * 60 * SECOND
        event = raw("click", event_id=str(offset), event_time=rfc3339(arrival))
        two.state.apply(Batch("clicks", 2, records_of([event], [offset], [arrival])))

    assert restored(one, two).horizon(NOON) == two.state.duplicates.horizon(NOON) / SECOND == 120
    assert restored(one).horizon(NOON) == restored().horizon(NOON) == 3600


def test_what_is_discarded_has_ended() -> None:
    held = restored(shard(1))
    held.durable_at[1] = 5.0
    held.discard()

    assert (held.ended, held.discarded, held.shards, held.durable_at) == (True, True, {}, {})
