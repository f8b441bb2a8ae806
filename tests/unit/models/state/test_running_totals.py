"""Running totals: what counts is how far each is above the last, in the order of their times."""

import json
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.core.records import records_of
from models.events.batch import Batch
from models.state.delta import merge_deltas
from models.state.delta_format import decode_delta, encode_delta
from models.state.running_totals import A_LEAF
from models.state.shard_state import ShardState
from models.times import DAY, HOUR, MINUTE, SECOND
from models.topics import EventType
from tests.strategies import ADDITIVE, Sent
from tests.unit.models.building import (
    BOT,
    GLOW,
    NOON,
    Feed,
    campaign,
    new_state,
    raw,
    readings,
    registry,
    rfc3339,
    tally,
)
from tests.unit.models.state.crashing import ROUNDS, Log, Rounds, Worker, follow, picture
from tests.unit.models.state.deltas import content

thorough = settings(max_examples=max(30, settings().max_examples))
KINDS = ("like", "video_view")


def fed(state: ShardState | None = None) -> Feed:
    """Return a state, a new one unless given, at noon."""
    feed = Feed(state or new_state())
    feed.state.expire(NOON)
    return feed


def at(age: int = 0) -> str:
    return rfc3339(NOON - age)


def total(feed: Feed, number: int, age: int = 0, event_type: EventType = "impression", **fields: Any) -> str:
    """Send a total of so many microseconds ago."""
    return feed.send(event_type, total=number, event_time=at(age), **fields)


def test_the_first_total_counts_whole_and_each_next_one_what_it_is_above_it() -> None:
    feed = fed()

    assert [total(feed, 1000, 2 * HOUR), total(feed, 1400, HOUR)] == ["counted", "counted"]
    assert tally(feed.state)["impressions"] == 1400
    assert tally(feed.state, window="1h").get("impressions") == 400


def test_a_lower_total_takes_away_where_it_is_placed() -> None:
    feed = fed()
    total(feed, 1000, 2 * HOUR)

    assert total(feed, 900) == "counted"
    assert tally(feed.state)["impressions"] == 900
    assert tally(feed.state, window="24h")["impressions"] == 900


def test_a_window_that_holds_only_what_was_taken_away_shows_nothing_and_costs_nothing() -> None:
    paid = campaign(costs=[{"influencer": "ana", "cpm": 8.0, "cpc": 1.0}])
    feed = fed(new_state(registry(paid)))
    total(feed, 1000, 2 * HOUR)
    total(feed, 900)

    for window, shown, spent in (("5m", 0, 0.0), ("1h", 0, 0.0), ("24h", 900, 7.2)):
        figures = readings(feed.state)[GLOW, window].figures
        assert figures.tally.get("impressions", 0) == shown
        assert figures.invested is not None
        assert figures.invested.total == pytest.approx(spent)


def test_a_total_older_than_the_last_one_changes_nothing_and_is_stale() -> None:
    feed = fed()
    total(feed, 1000, HOUR)
    before = picture(feed.state, NOON)

    assert total(feed, 5000, 2 * HOUR) == "stale"
    after = picture(feed.state, NOON)
    assert after.pop("ledger")["impressions"]["outcome:stale"] == 1
    del before["ledger"]
    assert after == before
    assert total(feed, 1100) == "counted"
    assert tally(feed.state)["impressions"] == 1100


def test_of_two_totals_of_one_moment_the_later_report_holds() -> None:
    feed = fed()

    assert [total(feed, number) for number in (1000, 1200, 1100, 1100)] == ["counted"] * 4
    assert tally(feed.state)["impressions"] == 1100


def test_totals_of_other_kinds_types_leaves_and_sources_are_apart() -> None:
    feed = fed()
    apart: list[dict[str, Any]] = [{}, {"source": "insights"}, {"content_id": "reel-2"}, {"format": "story"}]
    for fields in apart:
        total(feed, 10, **fields)
    for kind in KINDS:
        total(feed, 10, event_type="engagement", kind=kind)
    total(feed, 10, event_type="click")

    shown = tally(feed.state)
    assert (shown["impressions"], shown["clicks"], shown["video_views"]) == (40, 10, 10)
    assert (shown["interactions:like"], shown["interactions:click"]) == (10, 10)


def test_totals_and_events_of_one_leaf_add_up() -> None:
    feed = fed()
    feed.send("impression", person_id="p", consent=True)
    total(feed, 10, HOUR)
    feed.send("impression", count=5)
    total(feed, 12)

    assert tally(feed.state)["impressions"] == 1 + 5 + 12


@pytest.mark.parametrize("number", [0, 1, 1000])
def test_a_person_or_a_rating_beside_a_total_is_not_used(number: int) -> None:
    feed = fed()
    total(feed, number, person_id="p", consent=True)
    total(
        feed,
        number,
        event_type="engagement",
        kind="comment",
        sentiment="positive",
        person_id="p",
        consent=True,
    )

    shown = readings(feed.state)[GLOW, "flight"].figures
    assert shown.reach.value == 0
    assert {"identified", "rated:positive"}.isdisjoint(shown.tally)
    assert feed.state.outcomes("engagements")["ignored:sentiment"] == 1
    assert not feed.state.repeated("glow", "impressions").persons


def test_a_total_of_nothing_makes_a_leaf_also_after_a_replay() -> None:
    feed, again = fed(), fed().state
    assert total(feed, 0, HOUR) == "counted"
    delta = feed.state.cut()
    assert delta is not None
    again.replay(delta)

    assert picture(again, NOON) == picture(feed.state, NOON)
    assert len(again.leaves_of("glow")) == 1


def test_a_bots_total_is_invalid_traffic_and_is_not_the_last_one() -> None:
    feed = fed()
    total(feed, 100, HOUR)

    assert total(feed, 900, user_agent=BOT) == "invalid_traffic"
    assert feed.state.invalid_traffic() == {("glow", "impression", "bot"): 1}
    assert total(feed, 130, MINUTE) == "counted"
    assert tally(feed.state)["impressions"] == 130


def test_a_total_told_twice_is_a_duplicate_and_one_that_is_stale_is_remembered_too() -> None:
    feed = fed()

    assert total(feed, 10, event_id="a") == "counted"
    assert total(feed, 20, event_id="a") == "duplicate"
    assert total(feed, 5, HOUR, event_id="b") == "stale"
    assert total(feed, 20, event_id="b") == "duplicate"
    assert tally(feed.state)["impressions"] == 10


def test_a_late_total_is_counted_as_late_and_one_outside_the_flight_is_refused() -> None:
    feed = fed()

    assert total(feed, 10, 15 * DAY) == "refused"
    assert total(feed, 10, 2 * DAY) == "counted"
    assert total(feed, 10, 3 * DAY) == "stale"
    assert feed.state.outcomes("impressions")["late"] == 1
    assert "impressions" not in tally(feed.state, window="24h")


def test_a_total_a_little_in_the_future_is_placed_at_its_arrival() -> None:
    feed = fed()
    total(feed, 10, -MINUTE)

    assert total(feed, 20) == "counted"
    assert tally(feed.state, window="5m")["impressions"] == 20


def test_a_total_of_any_size_counts_whole_and_makes_bounds_no_narrower() -> None:
    feed = fed()
    total(feed, 10**12, HOUR)

    shown = tally(feed.state)
    assert shown["impressions"] == 10**12
    assert shown["squares:impressions"] == pytest.approx(10**6 * 10**12)
    total(feed, 0)
    assert "impressions" not in tally(feed.state)


def test_beyond_the_cap_no_new_total_is_begun_and_none_is_forgotten() -> None:
    feed = fed(new_state(max_leaves=1))
    for number in range(A_LEAF):
        assert total(feed, 10, HOUR, source=f"s{number}") == "counted"

    assert total(feed, 10, HOUR, source="one more") == "stale"
    assert feed.state.outcomes("impressions")["ignored:total"] == 1
    assert total(feed, 15, source="s0") == "counted"
    assert tally(feed.state)["impressions"] == 10 * A_LEAF + 5


def test_what_was_taken_away_is_known_beside_the_flight_alone() -> None:
    feed = fed()
    for number in (10, 4, 9, 1):
        total(feed, number)
        total(feed, number, event_type="click")

    shown = tally(feed.state)
    assert (shown["impressions"], shown["taken:impressions"]) == (1, 6 + 8)
    assert (shown["taken:clicks"], shown["taken:interactions:click"]) == (14, 14)
    assert not [name for name in tally(feed.state, window="24h") if name.startswith("taken")]


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


def test_a_total_of_another_shard_is_sent_on_and_not_remembered() -> None:
    mine = new_state(registry(campaign(), campaign(id="snow")), owner={"glow": 0, "snow": 5}.__getitem__)
    values = [
        raw("click", event_id=f"e{n}", campaign_id=name, total=9) for n, name in enumerate(["snow", "glow"])
    ]
    applied = mine.apply(Batch("clicks", 0, records_of(values, [0, 1], [NOON] * 2)))

    assert {shard: found.tolist() for shard, found in applied.misrouted.items()} == {5: [0]}
    delta = mine.cut()
    assert delta is not None
    assert [*delta.totals] == ["glow"]


SOURCES = (None, "insights")


def sent(random: Random, number: int) -> Sent:
    """Make a total, or sometimes an aggregate, of few leaves and sources; every other is in no order."""
    event_type = random.choice(ADDITIVE)
    arrival = NOON - 2 * DAY + number * MINUTE
    time = arrival - random.choice([0, 0, MINUTE, HOUR, 30 * HOUR])
    fields: dict[str, Any] = {
        "type": event_type,
        "event_id": f"{event_type}-{random.choice([number, number, number - 1])}",
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
    for records in log.queues.values():
        seen = set()
        for event in (json.loads(record.value) for record in records):
            if event["event_id"] in seen:
                continue
            seen.add(event["event_id"])
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

    assert content(decode_delta(msgspec.msgpack.encode([6, *parts[:-2]]))) == content(delta)
