"""What a state shows of clusters: people who act again, two hours each, days since the first event."""

from typing import Any

import pytest

from models.kpis.clusters import BUCKETS, COLUMNS, Clusters
from models.readings.clusters import clusters_of
from models.state.shard_state import ShardState
from models.times import DAY, HOUR
from models.topics import EventType
from tests.unit.models.building import NOON, Feed, campaign, new_state, rfc3339


def read(state: ShardState, **declared: object) -> Clusters:
    state.expire(NOON)
    return clusters_of(state, campaign(**declared), state.held("glow").firsts, NOON)


def sent(event_type: EventType, *events: dict[str, Any], feed: Feed) -> None:
    for fields in events:
        feed.send(event_type, **fields)


def known(person: str, **fields: object) -> dict[str, Any]:
    return {"person_id": person, "consent": True, **fields}


def test_of_nothing_there_is_nothing() -> None:
    found = read(new_state())
    assert found.people == {}
    assert found.buckets.shape == (BUCKETS, len(COLUMNS))
    assert not found.buckets.any()
    assert found.days == 0


def test_people_are_counted_by_what_they_do() -> None:
    state = new_state()
    feed = Feed(state)
    sent(
        "impression", known("p1"), known("p1"), known("p2"), {"person_id": "p3", "consent": False}, feed=feed
    )
    sent("click", known("p1"), known("p1"), known("p1"), feed=feed)
    sent(
        "engagement",
        known("p1"),
        known("p1", kind="video_view"),
        known("p2", kind="comment", sentiment="positive"),
        feed=feed,
    )
    people = {
        family: (found.persons, found.acts, found.squares) for family, found in read(state).people.items()
    }
    assert people == {
        "impressions": (2, 3, 5),
        "clicks": (1, 3, 9),
        "interactions": (2, 5, 17),
        "rated": (1, 1, 1),
    }


def test_a_buyer_is_counted_once_an_order() -> None:
    state = new_state()
    feed = Feed(state)
    told_twice = [known("p1", order_id="o1"), known("p1", order_id="o1", event_time=rfc3339(NOON - HOUR))]
    refund = {"order_id": "o1", "status": "refunded"}
    sent("conversion", refund, *told_twice, known("p1", order_id="o2"), known("p2", order_id="o3"), feed=feed)
    found = read(state).people["conversions"]
    assert (found.persons, found.acts, found.squares) == (2, 3, 5)


def test_counts_stand_in_their_two_hours() -> None:
    state = new_state()
    feed = Feed(state)
    sent(
        "click",
        {},
        {"event_time": rfc3339(NOON - 5 * HOUR)},
        {"event_time": rfc3339(NOON - 6 * DAY), "count": 7},
        feed=feed,
    )
    clicks = read(state).buckets[:, COLUMNS.index("clicks")]
    assert clicks[-1] + clicks[-2] == 1
    assert clicks[-4:].sum() == 2
    assert clicks.sum() == 9
    assert read(state).days == pytest.approx(6)


def test_conversions_are_those_of_goals() -> None:
    state = new_state()
    feed = Feed(state)
    sent(
        "conversion",
        {"order_id": "o1"},
        {"kind": "signup", "order_id": None},
        {"kind": "download", "order_id": None},
        feed=feed,
    )
    at = COLUMNS.index("conversions")
    assert read(state).buckets[:, at].sum() == 3
    assert read(state, goals=["signup"]).buckets[:, at].sum() == 1
