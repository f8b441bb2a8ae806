"""The state: what of it is stored, and what is passed on between shards."""

from dataclasses import replace

import pytest
from hypothesis import given

from models.core.hashing import KEY_BYTES
from models.core.records import records_of
from models.events.batch import Batch
from models.scopes import ScopeKey
from models.state.delta import Delta
from models.state.delta_format import decode_delta, encode_delta
from models.state.orders import OrderKey
from models.state.shard_state import ShardState
from models.topics import EventType, topic_of
from tests.unit.models.building import (
    GLOW,
    KEY,
    NOON,
    Feed,
    campaign,
    new_state,
    raw,
    reached,
    reached_of_target,
    registry,
    tally,
)
from tests.unit.models.events.hostile import hostile

KNOWN = registry()
CLICKS, IMPRESSIONS = ("clicks", 0), ("impressions", 0)


def cut(state: ShardState) -> Delta:
    """Cut what changed, where something did."""
    delta = state.cut()
    assert delta is not None
    return delta


def test_a_cut_holds_only_what_changed_since_the_last() -> None:
    feed = Feed(new_state())
    feed.send("click")
    feed.send("impression", person_id="p", consent=True)
    first = cut(feed.state)

    assert feed.state.cut() is None
    feed.send("click")
    second = cut(feed.state)

    assert (first.start, first.end) == (
        {CLICKS: 0, IMPRESSIONS: 0},
        {CLICKS: 1, IMPRESSIONS: 1},
    )
    assert (len(first.ids.keys), len(first.sightings.rows), len(first.counts.rows)) == (2, 1, 4)
    assert (second.start, second.end) == ({CLICKS: 1}, {CLICKS: 2})
    assert (len(second.ids.keys), len(second.sightings.rows), len(second.counts.rows)) == (1, 0, 2)


def test_the_event_id_stands_for_the_order_of_a_sign_up() -> None:
    feed = Feed(new_state())
    feed.send("conversion", event_id="e1", kind="signup", order_id=None)

    assert list(cut(feed.state).orders) == [OrderKey("glow", "signup", "e1", alone=True)]


def test_no_delta_holds_a_persons_id() -> None:
    feed = Feed(new_state())
    feed.send("impression", person_id="ana.smith@example.org", consent=True)

    assert b"smith" not in encode_delta(cut(feed.state))


def test_a_state_goes_on_under_the_key_of_what_it_took_back() -> None:
    feed, again = Feed(new_state()), Feed(new_state(key=bytes(KEY_BYTES)), partition=1)
    feed.send("impression", event_id="e1", person_id="ana", consent=True)
    first = cut(feed.state)
    again.state.replay(first)

    assert again.send("impression", event_id="e1", person_id="ana", consent=True) == "duplicate"
    assert again.send("impression", event_id="e2", person_id="ana", consent=True) == "counted"
    assert reached(again.state, GLOW, "flight").value == 1
    second = cut(again.state)
    assert (first.key, second.key) == (KEY, KEY)
    feed.state.replay(second)
    with pytest.raises(ValueError, match="hashed under another key"):
        feed.state.replay(replace(second, start=second.end, key=bytes(KEY_BYTES)))


def test_what_the_broker_no_longer_had_is_no_hole_between_deltas() -> None:
    state, again = new_state(), new_state()
    for offset in (0, 9):
        state.apply(Batch("clicks", 0, records_of([raw("click", event_id=f"e{offset}")], [offset], [NOON])))
        delta = cut(state)
        again.replay(delta)

    assert (delta.start, delta.end) == ({CLICKS: 1}, {CLICKS: 10})
    assert tally(again)["clicks"] == 2


def test_a_delta_that_was_taken_back_before_is_refused() -> None:
    feed = Feed(new_state())
    feed.send("click")
    delta = cut(feed.state)

    with pytest.raises(ValueError, match=r"begins at \{\('clicks', 0\): 0\}"):
        feed.state.replay(delta)


def test_events_of_another_shards_campaigns_are_told_apart_and_counted_as_forwarded_alone() -> None:
    mine = new_state(
        registry(campaign(id="glow"), campaign(id="snow")), owner={"glow": 0, "snow": 5}.__getitem__
    )
    values = [
        raw("click", event_id=f"e{n}", campaign_id=name) for n, name in enumerate(["snow", "glow", "snow"])
    ]
    applied = mine.apply(Batch("clicks", 0, records_of([*values, b"{"], [3, 4, 5, 6], [NOON] * 4)))

    assert {shard: found.tolist() for shard, found in applied.misrouted.items()} == {5: [0, 2]}
    assert [place for place, _ in applied.refused] == [3]
    assert mine.outcomes("clicks") == {
        "outcome:counted": 1,
        "outcome:refused": 1,
        "refused:not_json": 1,
        "forwarded": 2,
    }
    assert mine.leaf_counts() == {"glow": 1}


def test_of_another_shards_events_nothing_but_the_campaign_is_looked_at() -> None:
    mine = new_state(registry(campaign(id="glow")), owner=lambda name: 0 if name == "glow" else 5)
    there = raw("click", campaign_id="snow")
    values = [
        raw("click", campaign_id="snow", event_time="yesterday", channel="no channel"),
        there.replace(b'"campaign_id"', b'"campaign\\u005fid"'),
        there.replace(b"snow", b"no campaign"),
        there.replace(b"snow", b"gl\\u006fw"),
        there,
    ]
    applied = mine.apply(Batch("clicks", 0, records_of(values, range(5), [NOON] * 5)))

    assert {shard: found.tolist() for shard, found in applied.misrouted.items()} == {5: [0, 1, 4]}
    assert [place for place, _ in applied.refused] == [2]
    assert mine.outcomes("clicks")["outcome:counted"] == 1


def test_a_forwarded_batch_counts_once_however_it_is_cut_and_repeated() -> None:
    state = new_state(owner=lambda _: 0)

    def batch(first: int, last: int) -> Batch:
        offsets = range(first, last)
        values = [raw("click", event_id=f"e{n}") for n in offsets]
        return Batch("clicks", 3, records_of(values, offsets, [NOON] * len(offsets)))

    for first, last in ((0, 4), (0, 2), (2, 6), (6, 6), (6, 8)):
        state.apply(batch(first, last))

    assert tally(state)["clicks"] == 8
    assert state.positions == {("clicks", 3): 8}


def test_an_interval_without_records_moves_the_position() -> None:
    state = new_state()
    state.apply(Batch("clicks", 0, records_of([], [], []), 9))

    assert cut(state).end == {CLICKS: 9}
    assert state.cut() is None


def test_what_was_deleted_unread_is_counted_as_lost() -> None:
    state = new_state()
    state.apply(Batch("clicks", 0, records_of([raw("click")], [0], [NOON])))
    state.skip(CLICKS, 11)
    again = new_state()
    again.replay(cut(state))

    assert again.outcomes("clicks")["lost"] == state.outcomes("clicks")["lost"] == 10
    assert again.positions == {CLICKS: 11}


def test_people_of_a_target_come_back_to_it_whatever_number_it_has_in_what_is_stored() -> None:
    french = {"size": 10, "audience": {"country": "FR"}}
    known = registry(campaign(target=french), campaign(id="snow", target=french))
    feed = Feed(new_state(known))
    feed.send("impression", campaign_id="snow", person_id="p", consent=True, audience={"country": "FR"})

    restored = new_state(known)
    restored.replay(cut(feed.state))

    reached = [
        reached_of_target(restored, ScopeKey("campaign", (name,)), "flight").value
        for name in ("glow", "snow")
    ]
    assert reached == [0, 1]


@given(hostile())
def test_whatever_is_counted_can_be_written(record: tuple[EventType, bytes]) -> None:
    """Else the worker would end itself over it at each start."""
    event_type, value = record
    state = new_state()
    state.apply(Batch(topic_of(event_type), 0, records_of([value], [0], [NOON])))

    delta = cut(state)

    assert encode_delta(decode_delta(encode_delta(delta))) == encode_delta(delta)
