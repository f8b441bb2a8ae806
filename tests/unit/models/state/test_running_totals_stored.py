"""Running totals in what is stored: cut, merged, replayed, closed, they come to the same."""

import json
from random import Random
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from models.state.delta import merge_deltas
from models.state.delta_format import decode_delta, encode_delta
from models.times import DAY, HOUR, MINUTE, SECOND
from tests.strategies import ADDITIVE, Sent
from tests.unit.models.building import NOON, Feed, new_state, registry, rfc3339, tally
from tests.unit.models.state.crashing import ROUNDS, Log, Rounds, Worker, follow, picture
from tests.unit.models.state.deltas import content
from tests.unit.models.state.totals import fed, total

thorough = settings(max_examples=max(30, settings().max_examples))
KINDS = ("like", "video_view")


def test_totals_are_forgotten_when_their_campaign_is_closed_live_and_stored() -> None:
    over = NOON + 80 * DAY
    feed = fed()
    total(feed, 100)
    total(feed, 90)
    deltas = [feed.state.cut()]
    feed.state.expire(over)
    deltas += [feed.state.cut(), feed.state.cut()]
    stored = [delta for delta in deltas if delta is not None]

    assert [len(delta.totals) for delta in stored] == [1, 0]
    merged = merge_deltas(stored)
    assert (merged.totals, merged.taken) == ({}, {"glow": {"impressions": 10}})
    for replayed in (stored, [merged]):
        again = new_state()
        for delta in replayed:
            again.replay(delta)
        assert picture(again, over) == picture(feed.state, over)
        assert total(Feed(again, partition=1), 95) == "counted"
        assert tally(again)["impressions"] == 90 + 95
    assert total(feed, 95) == "counted"
    assert tally(feed.state)["impressions"] == 90 + 95


def test_a_total_of_nothing_makes_a_leaf_also_after_a_replay() -> None:
    feed, again = fed(), fed().state
    assert total(feed, 0, HOUR) == "counted"
    delta = feed.state.cut()
    assert delta is not None
    again.replay(delta)

    assert picture(again, NOON) == picture(feed.state, NOON)
    assert len(again.leaves_of("glow")) == 1


SOURCES = (None, "insights")


def sent(random: Random, number: int) -> Sent:
    """Make a total, or sometimes an aggregate, of few leaves and sources; every other is in no order."""
    event_type = random.choice(ADDITIVE)
    arrival = NOON - 2 * DAY + number * MINUTE
    time = arrival - random.choice([0, 0, MINUTE, HOUR, 30 * HOUR])
    fields: dict[str, Any] = {
        "type": event_type,
        "event_id": f"{event_type}-{number}",
        "event_time": rfc3339(time // (10 * SECOND) * 10 * SECOND),
        "campaign_id": "glow",
        "influencer_id": "ana",
        "content_id": random.choice(["reel-1", "reel-2"]),
        "channel": "instagram",
        **({"kind": random.choice(KINDS)} if event_type == "engagement" else {}),
        **({"source": source} if (source := random.choice(SOURCES)) else {}),
        **random.choice([{"total": random.randrange(50)}] * 4 + [{"total": 10**12}, {"count": 3}]),
    }
    return Sent(event_type, arrival, json.dumps(fields).encode())


def by_hand(log: Log) -> dict[str, int]:
    """Add up, for each type and kind, the last totals and all aggregates, as a person would."""
    last: dict[tuple[Any, ...], tuple[str, int]] = {}
    counted: dict[str, int] = {}
    for event in (json.loads(record.value) for records in log.queues.values() for record in records):
        name = event.get("kind", event["type"])
        if "count" in event:
            counted[name] = counted.get(name, 0) + event["count"]
            continue
        series = name, event["content_id"], event.get("source")
        if event["event_time"] >= last.get(series, ("", 0))[0]:
            last[series] = event["event_time"], event["total"]
    for (name, *_), (_, number) in last.items():
        counted[name] = counted.get(name, 0) + number
    return counted


def shown(worker: Worker) -> dict[str, int]:
    """Return the same from what a state shows."""
    names = {"impression": "impressions", "click": "clicks", "like": "interactions:like"}
    found = tally(worker.state)
    counts = {name: found.get(of, 0) for name, of in (names | {"video_view": "video_views"}).items()}
    return {name: count for name, count in counts.items() if count}


@thorough
@given(st.integers(0, 2**32), st.integers(1, 40), ROUNDS)
def test_whatever_is_cut_stored_merged_and_lost_totals_come_to_the_same(
    seed: int, size: int, rounds: Rounds
) -> None:
    random = Random(seed)
    log = Log([sent(random, number) for number in range(size)], [0] * size, registry())
    undisturbed, worker = Worker(log, NOON), Worker(log, NOON)
    undisturbed.read_all()

    follow(worker, rounds)
    worker.read_all()

    assert picture(worker.state, worker.now) == picture(undisturbed.state, worker.now)
    assert shown(worker) == {name: count for name, count in by_hand(log).items() if count}
    before = picture(worker.state, worker.now)
    worker.flush()
    worker.merge()
    worker.start()
    assert picture(worker.state, worker.now) == before


def test_a_state_without_totals_that_was_stored_before_there_were_any_is_read() -> None:
    feed = fed()
    feed.send("click")
    delta = feed.state.cut()
    assert delta is not None
    _, *parts = msgspec.msgpack.decode(encode_delta(delta))

    assert content(decode_delta(msgspec.msgpack.encode([6, *parts[:18]]))) == content(delta)
