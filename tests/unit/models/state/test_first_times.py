"""A leaf is there as long as something counts at it, since the first event or sale that does."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.records import records_of
from models.events.batch import Batch
from models.scopes import Leaf, other_leaf
from models.state.shard_state import ShardState
from models.times import DAY, HOUR, MINUTE
from tests.strategies import Sent, logs
from tests.unit.models.building import LEAF, NOON, Feed, new_state, raw, rfc3339
from tests.unit.models.state.closing import BOTH, cut, fed, replayed
from tests.unit.models.state.crashing import Log, Worker, picture

REEL_2 = LEAF._replace(content="reel-2")


def leaves(state: ShardState) -> dict[Leaf, int | None]:
    return {leaf: state.first_time(leaf) for leaf in state.leaves_of("glow")}


@pytest.mark.parametrize("event_type", ["impression", "click", "engagement", "conversion"])
def test_the_first_event_of_a_leaf_is_the_one_that_happened_first(event_type: str) -> None:
    feed = Feed(new_state())
    for ago in (HOUR, 2 * DAY, MINUTE):
        feed.send(event_type, order_id=f"o{ago}", event_time=rfc3339(NOON - ago))  # type: ignore[arg-type]

    assert leaves(feed.state) == {LEAF: NOON - 2 * DAY}
    assert feed.state.first_time(REEL_2) is None


def test_an_event_of_a_little_later_than_its_arrival_happened_when_it_arrived() -> None:
    feed = Feed(new_state())
    feed.send("click", event_time=rfc3339(NOON + MINUTE))

    assert leaves(feed.state) == {LEAF: NOON}


def test_what_does_not_count_is_no_first_event() -> None:
    feed = Feed(new_state())
    feed.send("click", event_id="e")
    feed.send("click", event_id="e", event_time=rfc3339(NOON - HOUR))
    feed.send("click", user_agent="Googlebot/2.1", event_time=rfc3339(NOON - HOUR))
    feed.send("click", count=0, event_time=rfc3339(NOON - HOUR))
    feed.send("conversion", status="cancelled", event_time=rfc3339(NOON - HOUR))

    assert leaves(feed.state) == {LEAF: NOON}


@pytest.mark.parametrize("later_first", [True, False])
def test_a_report_that_loses_its_order_makes_no_leaf(later_first: bool) -> None:
    feed = Feed(new_state())
    reports = {"reel-2": NOON, "reel-1": NOON - HOUR}
    for content in sorted(reports, reverse=later_first):
        feed.send("conversion", content_id=content, event_time=rfc3339(reports[content]))

    assert leaves(feed.state) == {LEAF: NOON - HOUR}
    assert feed.state.leaf_counts() == {"glow": 1}
    assert leaves(replayed(cut(feed.state, NOON), now=NOON)) == {LEAF: NOON - HOUR}


def test_a_leaf_without_its_first_sale_begins_with_the_next() -> None:
    feed = Feed(new_state())
    for minutes, order in enumerate("abc"):
        feed.send("conversion", order_id=order, event_time=rfc3339(NOON - HOUR + minutes * MINUTE))
    feed.send("conversion", order_id="b", content_id="reel-2", event_time=rfc3339(NOON - 2 * HOUR))
    assert leaves(feed.state) == {LEAF: NOON - HOUR, REEL_2: NOON - 2 * HOUR}

    feed.send("conversion", order_id="a", content_id="reel-2", event_time=rfc3339(NOON - 2 * HOUR))

    assert leaves(feed.state) == {LEAF: NOON - HOUR + 2 * MINUTE, REEL_2: NOON - 2 * HOUR}


def test_a_leaf_of_events_stays_when_its_sale_counts_elsewhere() -> None:
    feed = Feed(new_state())
    feed.send("conversion", content_id="reel-2", event_time=rfc3339(NOON - HOUR))
    feed.send("click", content_id="reel-2")
    feed.send("conversion", event_time=rfc3339(NOON - DAY))

    assert leaves(feed.state) == {REEL_2: NOON, LEAF: NOON - DAY}


def test_a_cancelled_order_has_its_sale_where_it_was() -> None:
    feed = Feed(new_state())
    feed.send("conversion")
    feed.send("conversion", status="cancelled")

    assert leaves(feed.state) == {LEAF: NOON}


def test_a_leaf_stays_when_its_orders_are_forgotten() -> None:
    feed = Feed(fed().state, partition=1)
    feed.send("conversion", content_id="reel-2", order_id="o2", event_time=rfc3339(NOON - HOUR))
    known = leaves(feed.state)
    assert known == {LEAF: NOON, REEL_2: NOON - HOUR}

    stored = cut(feed.state)

    assert leaves(feed.state) == leaves(replayed(stored)) == known


def sale(content: str, order: str, time: int = NOON) -> bytes:
    return raw("conversion", event_id=f"{content}-{order}", content_id=content, order_id=order,
               event_time=rfc3339(time))  # fmt: skip


@pytest.mark.parametrize("at_once", [True, False])
def test_a_leaf_that_vanishes_makes_room_under_the_cap_for_what_comes_after(at_once: bool) -> None:
    state = new_state(max_leaves=2)
    feed = Feed(state)
    feed.send("click", content_id="reel-1")
    values = [
        sale("reel-2", "o1"),  # the second leaf
        sale("reel-3", "o2"),  # beyond the cap
        sale("reel-1", "o1", NOON - HOUR),  # now reel-2 is none any more,
        sale("reel-1", "o2", NOON - HOUR),  # nor is what was beyond the cap
        sale("reel-3", "o3"),  # which has room
    ]
    for start, end in [(0, 5)] if at_once else [(n, n + 1) for n in range(5)]:
        records = records_of(values[start:end], range(start, end), [NOON] * (end - start))
        state.apply(Batch("conversions", 0, records))

    assert list(leaves(state)) == [LEAF, LEAF._replace(content="reel-3")]


def test_events_that_were_counted_beyond_the_cap_have_a_leaf_once_there_is_room() -> None:
    feed = Feed(new_state(max_leaves=2))
    feed.send("conversion", content_id="reel-1", order_id="o1")
    feed.send("conversion", content_id="reel-2", order_id="o2")
    feed.send("click", content_id="reel-3")
    assert list(leaves(feed.state))[2:] == [other_leaf("glow")]
    for order in ("o1", "o2"):
        earlier = rfc3339(NOON - HOUR)
        feed.send("conversion", content_id="__other__", influencer_id="__other__", channel="__other__",
                  format="__other__", order_id=order, event_time=earlier)  # fmt: skip
    assert list(leaves(feed.state)) == [other_leaf("glow")]

    feed.send("click", content_id="reel-3")

    assert list(leaves(feed.state)) == [other_leaf("glow"), LEAF._replace(content="reel-3")]


@given(logs(), st.integers(0, 2**16), st.integers(1, 4))
def test_under_a_cap_a_worker_that_starts_anew_shows_what_another_shows(
    sent: list[Sent], seed: int, most: int
) -> None:
    shown = []
    for restarts in (False, True):
        random, worker = Random(seed), Worker(Log(sent, [0] * len(sent), BOTH), NOON, most)
        for number in range(20):
            for queue in sorted(worker.log.queues):
                worker.read(queue, random.randrange(4))
            worker.flush()
            if restarts:
                if number % 3 == 0:
                    worker.merge()
                worker.start()
        shown.append(picture(worker.state, NOON))

    assert shown[0] == shown[1]
