"""Running totals: what counts is how far each is above the last, in the order of their times."""

from typing import Any

import pytest

from models.core.records import records_of
from models.events.batch import Batch
from models.state.running_totals import A_LEAF
from models.times import DAY, HOUR, MINUTE
from tests.unit.models.building import (
    BOT,
    GLOW,
    NOON,
    campaign,
    new_state,
    raw,
    readings,
    registry,
    tally,
)
from tests.unit.models.state.crashing import picture
from tests.unit.models.state.totals import fed, total

KINDS = ("like", "video_view")


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


def test_totals_of_contents_beyond_the_cap_of_leaves_are_apart() -> None:
    feed = fed(new_state(max_leaves=1))
    for content, number in (("a", 10), ("b", 20), ("c", 5), ("b", 25), ("c", 4)):
        assert total(feed, number, content_id=content) == "counted"

    assert tally(feed.state)["impressions"] == 10 + 25 + 4


def test_what_was_taken_away_is_known_beside_the_flight_alone() -> None:
    feed = fed()
    for number in (10, 4, 9, 1):
        total(feed, number)
        total(feed, number, event_type="click")

    shown = tally(feed.state)
    assert (shown["impressions"], shown["taken:impressions"]) == (1, 6 + 8)
    assert (shown["taken:clicks"], shown["taken:interactions:click"]) == (14, 14)
    assert not [name for name in tally(feed.state, window="24h") if name.startswith("taken")]


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
