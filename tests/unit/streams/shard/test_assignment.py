"""Holdings: which shards are held, which of them are live, and how sources are named."""

from typing import NoReturn

from faust.types import TP

from models.events.batch import Batch
from models.state.delta import Source
from models.times import SECOND
from models.topics import FORWARDED
from streams.shard.assignment import Holdings
from streams.shard.forwarding import Outbox
from streams.shard.shard import Shard
from tests.unit.models.building import NOON, new_fold, raw, rfc3339

NAMES = {"team.clicks": "clicks", "team-forwarded": FORWARDED}


async def unsent(*_: object) -> NoReturn:
    raise AssertionError("nothing is to be sent")


def shard(number: int, *, waiting: int = 0, live: bool = True) -> Shard:
    """Give a shard of clicks at offset 3, of which so many more wait."""
    ends: dict[Source, tuple[int, int]] = {
        ("clicks", number): (3, 3 + waiting),
        (FORWARDED, number): (0, 0),
    }
    made = Shard(number, new_fold(), ends, Outbox(unsent), "team.")
    if live:
        made.await_forwarded(0)
    return made


def holdings(*shards: Shard) -> Holdings:
    held = Holdings(lambda campaign: int(campaign[-1]), NAMES)
    held.claimed = {one.number for one in shards}
    held.take({one.number: one for one in shards})
    return held


def test_before_anything_is_restored_all_that_is_claimed_recovers() -> None:
    held = Holdings(lambda _: 0, NAMES)
    held.claimed = {1, 2}

    assert held.all is None
    assert held.live.of("c0") is None
    assert (held.recovering, held.holes, held.positions()) == ({1, 2}, 0, {})
    assert held.position("clicks", 1) is None


def test_a_shard_is_live_once_nothing_of_it_waits() -> None:
    held = holdings(shard(1), shard(2, waiting=1), shard(3, live=False))

    assert held.recovering == {2, 3}
    assert held.live.of("c1") is held.shards[1].fold
    assert held.live.of("c2") is None
    assert held.all is not None
    assert held.all.of("c2") is held.shards[2].fold


def test_what_was_claimed_and_is_not_restored_recovers() -> None:
    held = holdings(shard(1))
    held.claimed = {1, 4}

    assert held.recovering == {4}


def test_what_is_let_go_is_given_and_no_more_held() -> None:
    one = shard(1)
    held = holdings(one)

    assert held.let_go() == {1: one}
    assert (held.shards, held.recovering, held.positions()) == ({}, set(), {})


def test_until_what_comes_next_is_restored_there_are_no_counters_that_fell_to_zero() -> None:
    held = holdings(shard(1))
    held.let_go()

    assert held.all is None
    held.take({})
    assert held.all is not None, "a standby has restored all that it holds"


def test_positions_are_told_by_the_names_of_metrics_and_of_kafka() -> None:
    held = holdings(shard(1), shard(2))

    assert held.positions() == {
        ("clicks", 1): 3,
        (FORWARDED, 1): 0,
        ("clicks", 2): 3,
        (FORWARDED, 2): 0,
    }
    assert held.position("clicks", 2) == 3
    assert held.place(TP("team.clicks", 2)) == ("clicks", 2)
    assert held.tp((FORWARDED, 2)) == TP("team-forwarded", 2)


def test_holes_of_all_shards_are_added_up() -> None:
    one, two = shard(1), shard(2)
    one.holes, two.holes = 2, 1

    assert holdings(one, two).holes == 3


def test_duplicates_are_recognised_as_far_back_as_by_the_shard_that_remembers_least() -> None:
    one, two = shard(1), shard(2)
    two.fold.duplicates.capacity = 2
    for offset in range(4):
        arrival = NOON - (4 - offset) * 60 * SECOND
        event = raw("click", event_id=str(offset), event_time=rfc3339(arrival))
        two.fold.apply(Batch("clicks", 2, [event], [offset], [arrival]))

    assert holdings(one, two).horizon(NOON) == two.fold.duplicates.horizon(NOON) / SECOND == 120
    assert holdings(one).horizon(NOON) == holdings().horizon(NOON) == 3600
