"""The state: what each record adds, whatever order, batch or partition it came in."""

from typing import Any

import pytest

from models.campaigns.money import NANOS
from models.campaigns.registry import Registry
from models.scopes import ScopeKey
from models.state.shard_state import ShardState
from models.tally import Tally
from models.times import DAY, HOUR, MINUTE
from models.topics import EventType
from tests.unit.models.building import (
    BOT,
    GLOW,
    LEAF,
    NOON,
    Feed,
    campaign,
    new_state,
    reached_of_target,
    readings,
    registry,
    rfc3339,
    tally,
)

KNOWN = registry()
CLICKS, IMPRESSIONS = ("clicks", 0), ("impressions", 0)


def reach(state: ShardState) -> float:
    return float(readings(state)[GLOW, "flight"].figures.reach.value)


@pytest.mark.parametrize(
    ("event_type", "fields", "expected"),
    [
        ("impression", {"count": 5}, {"impressions": 5, "squares:impressions": 25}),
        (
            "impression",
            {"person_id": "p", "consent": True},
            {"impressions": 1, "identified": 1, "squares:impressions": 1},
        ),
        (
            "click",
            {"count": 5},
            {"clicks": 5, "interactions:click": 5, "squares:clicks": 25, "squares:interactions": 25},
        ),
        ("engagement", {"kind": "save", "count": 5}, {"interactions:save": 5, "squares:interactions": 25}),
        ("engagement", {"kind": "video_view", "count": 5}, {"video_views": 5, "squares:video_views": 25}),
        (
            "engagement",
            {"kind": "comment", "count": 2, "sentiment": "negative"},
            {
                "interactions:comment": 2,
                "rated:negative": 2,
                "squares:interactions": 4,
                "squares:rated": 4,
            },
        ),
        (
            "conversion",
            {"kind": "signup", "order_id": None, "influencer_id": None, "count": 3},
            {"conversions:signup": 3, "orders:signup": 3, "squares:conversions:signup": 9},
        ),
    ],
)
def test_each_type_of_event_adds_its_own_counts(
    event_type: EventType, fields: dict[str, Any], expected: Tally
) -> None:
    feed = Feed(new_state())

    assert feed.send(event_type, **fields) == "counted"
    assert tally(feed.state) == expected


@pytest.mark.parametrize(
    ("assumed", "consent", "count", "used"),
    [
        (False, True, 1, True),
        (False, None, 1, False),
        (False, False, 1, False),
        (True, None, 1, True),
        (True, False, 1, False),
        (True, True, 2, False),
    ],
)
def test_a_person_is_used_with_consent_and_for_one_event_alone(
    assumed: bool, consent: bool | None, count: int, used: bool
) -> None:
    feed = Feed(new_state(assume_consent=assumed))
    feed.send("impression", person_id="p", consent=consent, count=count)

    assert reach(feed.state) == int(used)


def test_only_impressions_add_to_reach() -> None:
    feed = Feed(new_state())
    for event_type in ("click", "engagement", "conversion"):
        feed.send(event_type, person_id="p", consent=True)

    assert reach(feed.state) == 0


def test_invalid_traffic_is_counted_apart() -> None:
    feed = Feed(new_state())

    assert feed.send("impression", user_agent=BOT, count=4, person_id="p", consent=True) == "invalid_traffic"

    assert (tally(feed.state), reach(feed.state), feed.state.leaf_counts()) == ({}, 0, {})
    assert feed.state.outcomes("impressions") == {
        "invalid:glow|impression|bot": 4,
        "outcome:invalid_traffic": 1,
    }
    assert feed.state.invalid_traffic() == {("glow", "impression", "bot"): 4}


def test_a_refused_record_is_counted_by_its_reason_and_not_remembered() -> None:
    feed = Feed(new_state())

    assert feed.send("click", event_id="e", count=0) == "refused"
    assert feed.send("click", event_id="e") == "counted"
    assert feed.state.outcomes("clicks") == {
        "refused:invalid_field": 1,
        "outcome:refused": 1,
        "outcome:counted": 1,
    }


def test_adjustments_are_told_apart_by_status_and_id() -> None:
    feed = Feed(new_state())
    sent = [
        feed.send("conversion", event_id="e1", status=status)
        for status in ("confirmed", "cancelled", "refunded") * 2
    ]

    assert sent == ["counted"] * 3 + ["duplicate"] * 3


def test_the_same_event_on_another_topic_or_partition_is_a_duplicate() -> None:
    state = new_state()
    feed, other = Feed(state), Feed(state, partition=1)

    outcomes = [
        feed.send("click", event_id="e"),
        feed.send("impression", event_id="e"),
        other.send("click", event_id="e", arrival=NOON + HOUR),
        other.send("click", event_id="f"),
    ]

    assert outcomes == ["counted", "duplicate", "duplicate", "counted"]
    found = tally(state)
    assert (found["clicks"], found["interactions:click"]) == (2, 2)


def test_the_same_id_in_another_campaign_is_another_event() -> None:
    feed = Feed(
        new_state(registry(*KNOWN.campaigns.values(), KNOWN.campaigns["glow"].model_copy(update={"id": "b"})))
    )

    assert feed.send("click", event_id="e") == feed.send("click", event_id="e", campaign_id="b") == "counted"


@pytest.mark.parametrize("event_type", ["impression", "conversion"])
def test_a_late_event_is_in_the_flight_alone_and_counted_as_late(event_type: EventType) -> None:
    feed = Feed(new_state())
    feed.state.expire(NOON)
    feed.send(event_type, event_time=rfc3339(NOON - 2 * DAY))

    assert tally(feed.state) != {}
    assert tally(feed.state, window="24h") == {}
    assert feed.state.outcomes(f"{event_type}s")["late"] == 1


def test_an_event_that_comes_after_its_shortest_window_is_in_the_others() -> None:
    feed = Feed(new_state())
    feed.state.expire(NOON)
    feed.send("click", event_time=rfc3339(NOON - 10 * MINUTE))

    counts = [tally(feed.state, window=window).get("clicks", 0) for window in ("5m", "1h", "24h", "flight")]
    assert counts == [0, 1, 1, 1]


def test_a_sale_moves_to_the_earlier_report_with_its_leaf_and_time() -> None:
    feed = Feed(new_state())
    feed.state.expire(NOON)
    feed.send("conversion", content_id="reel-2", revenue=9, currency="EUR")
    feed.send("conversion", revenue=8, currency="EUR", event_time=rfc3339(NOON - HOUR // 2))

    assert tally(feed.state, ScopeKey("content", ("glow", "ana", "reel-1"))) == {
        "conversions:purchase": 1,
        "orders:purchase": 1,
        "squares:conversions:purchase": 1,
        "attributed:declared": 1,
        "valued:purchase": 1,
        "revenue:purchase:EUR": 8 * NANOS,
        "squares:revenue:purchase:EUR": 64 * NANOS**2,
    }
    assert feed.state.leaves_of("glow") == [LEAF], "the report that lost made none"
    assert [tally(feed.state, window=window).get("orders:purchase", 0) for window in ("5m", "1h")] == [0, 1]


def test_an_adjustment_makes_no_leaf() -> None:
    feed = Feed(new_state())

    assert feed.send("conversion", status="cancelled", content_id="reel-9") == "counted"
    assert feed.state.leaf_counts() == {}


def test_a_late_adjustment_is_not_counted_as_late() -> None:
    feed = Feed(new_state())
    feed.send("conversion", status="cancelled", event_time=rfc3339(NOON - 2 * DAY))

    assert feed.state.outcomes("conversions") == {"outcome:counted": 1}


def test_beyond_the_cap_leaves_count_together_and_reach_is_a_union_still() -> None:
    feed = Feed(new_state(max_leaves=1))
    for number, content in enumerate(["a", "b", "c"]):
        feed.send("impression", content_id=content, person_id=f"p{number // 2}", consent=True)

    other = ScopeKey("content", ("glow", "__other__", "__other__"))
    assert tally(feed.state)["impressions"] == 3
    assert tally(feed.state, other)["impressions"] == 2
    assert reach(feed.state) == 2
    assert feed.state.leaf_counts() == {"glow": 2}


def test_a_person_is_of_the_target_where_an_impression_said_so_and_a_changed_target_begins_anew() -> None:
    def known(country: str) -> Registry:
        return registry(campaign(target={"size": 10, "audience": {"country": country}}))

    feed = Feed(new_state(known("FR")))
    feed.send("impression", person_id="p", consent=True, audience={"country": "fr"})
    feed.send("impression", person_id="q", consent=True, audience={"country": "DE"})
    feed.send("impression", person_id="p", consent=True)

    def of_target() -> float:
        return float(reached_of_target(feed.state, GLOW, "flight").value)

    assert of_target() == 1
    feed.state.use(known("DE"))
    assert of_target() == 0
    feed.send("impression", person_id="r", consent=True, audience={"country": "DE"})
    assert of_target() == 1
    feed.state.use(known("FR"))
    assert of_target() == 1, "a target that comes back finds its own"
    feed.state.use(registry())
    assert of_target() == 0
