"""Campaigns that are over: their people and orders are let go, and what they show stays."""

from typing import Any

import pytest

from models.campaigns.money import NANOS
from models.kpis.catalogue import kpi
from models.scopes import ALL_SCOPES
from models.state.delta import merge_deltas
from models.times import DAY
from tests.unit.models.building import (
    GLOW,
    NOON,
    RATES,
    Feed,
    campaign,
    new_state,
    reached_of_target,
    registry,
    tally,
)
from tests.unit.models.state.closing import (
    BOTH,
    GLOWING,
    OVER,
    PERSON,
    PROLONGED,
    TARGET,
    cut,
    fed,
    held,
    reach,
    replayed,
)
from tests.unit.models.state.crashing import picture

OF_TARGET = len(kpi("target_reach_persons").scopes)


@pytest.mark.parametrize(
    ("grace", "days"), [("7d", 45), ("90d", 90)]
)  # whatever may come longest: events or adjustments
def test_a_campaign_is_closed_a_day_after_nothing_of_it_counts_any_more(grace: str, days: int) -> None:
    known = registry(campaign(grace=grace))
    feed = fed(known)
    over = GLOWING.ends + (days + 1) * DAY

    cut(feed.state, over - 1)
    assert len(feed.state._memory.orders) == 1
    cut(feed.state, over)
    assert len(feed.state._memory.orders) == 0


def test_what_is_remembered_shrinks_and_what_orders_count_stays() -> None:
    state = fed().state
    orders, slots, cells = held(state)
    before = tally(state)

    cut(state)

    # Both campaigns' scopes for everybody, and those of the target that one of them has.
    assert (orders, slots, cells) == (2, 2 * len(ALL_SCOPES) + OF_TARGET, 2 * len(ALL_SCOPES) + OF_TARGET)
    assert held(state) == (1, len(ALL_SCOPES), len(ALL_SCOPES))
    assert tally(state) == before
    assert before["revenue:purchase:EUR"] == 92 * NANOS
    assert (reach(state), reached_of_target(state, GLOW, "flight").value) == (0, 0)


def test_a_table_of_cells_becomes_smaller_a_part_at_each_refresh() -> None:
    feed = Feed(new_state(BOTH))
    for number in range(200):
        feed.send("impression", person_id=f"p{number}", **PERSON)
    cells = feed.state._memory.reach._reach
    sizes = [len(cells)]
    cut(feed.state)
    for _ in range(9):
        sizes.append(len(cells))
        cells.refresh()

    assert sizes[0] == sizes[1] == 200 * (len(ALL_SCOPES) + OF_TARGET)
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == 0


def test_a_campaign_is_closed_once() -> None:
    state = fed().state

    assert [delta.closing.campaigns for delta in cut(state)] == [frozenset(), {"glow"}]
    for days in range(3):
        assert cut(state, OVER + days * DAY) == []


def test_a_campaign_is_closed_however_often_it_was_looked_at_before() -> None:
    state = fed().state
    for later in range(3):
        state.expire(OVER + later)
    state.cut()

    assert len(state._memory.orders) == 1


def test_a_campaign_that_is_prolonged_before_it_is_closed_stays_open() -> None:
    state = fed().state
    state.expire(OVER)
    state.use(PROLONGED)
    state.expire(OVER)
    state.cut()

    assert len(state._memory.orders) == 2


def test_a_campaign_that_the_registry_has_lost_is_not_closed() -> None:
    state = fed().state
    state.use(registry(BOTH.campaigns["snow"]))
    cut(state)

    assert len(state._memory.orders) == 2


def test_what_a_closed_campaign_earned_does_not_change_with_the_rates() -> None:
    state = fed().state
    deltas = cut(state)
    before = tally(state)
    dearer = RATES.model_copy(update={"rates": {"USD": 2.0, "GBP": 0.8}})
    known = BOTH.model_copy(update={"currency_rates": dearer})
    state.use(known)

    assert tally(state) == before
    assert tally(replayed(deltas, known)) == before
    assert tally(replayed([merge_deltas(deltas)], known)) == before
    assert state.tally(next(iter(state.leaves_of("snow"))), "flight")["revenue:purchase:EUR"] == 95 * NANOS


def test_the_windows_of_a_flight_that_turns_out_to_be_long_over_are_let_go_too() -> None:
    state = fed().state
    known = registry(campaign(starts="2024-01-01T00:00:00Z", ends="2024-02-01T00:00:00Z", target=TARGET))
    state.use(known)
    deltas = cut(state, NOON)

    assert tally(state, window="24h").keys() == {"impressions", "identified", "squares:impressions"}
    assert tally(state)["conversions:purchase"] == 1
    again = [replayed(deltas, known, NOON), replayed([merge_deltas(deltas)], known, NOON)]
    for now in (NOON, NOON + 2 * DAY):
        assert [picture(one, now) for one in again] == [picture(state, now)] * 2


def test_what_still_comes_for_a_closed_campaign_counts_on_top_and_is_let_go_a_day_later() -> None:
    feed = fed()
    cut(feed.state)
    before = tally(feed.state)

    late: dict[str, Any] = {"arrival": OVER, "person_id": "p2"}
    assert feed.send("impression", **late, **PERSON) == "counted"
    assert feed.send("conversion", arrival=OVER, order_id="o2", revenue=5.0, currency="EUR") == "counted"

    assert cut(feed.state, OVER + DAY - 1) != []
    assert (reach(feed.state), len(feed.state._memory.orders)) == (1, 2)
    cut(feed.state, OVER + DAY)
    assert (reach(feed.state), len(feed.state._memory.orders)) == (0, 1)
    after = tally(feed.state)
    assert after["revenue:purchase:EUR"] == before["revenue:purchase:EUR"] + 5 * NANOS
    assert after["impressions"] == 2
    assert after["conversions:purchase"] == 2


def test_an_adjustment_of_an_order_that_was_let_go_changes_nothing() -> None:
    feed = fed()
    cut(feed.state)
    before = tally(feed.state)
    assert feed.send("conversion", order_id="o1", status="cancelled") == "counted"

    assert tally(feed.state) == before


def test_in_a_campaign_that_is_prolonged_people_begin_anew() -> None:
    feed = fed()
    cut(feed.state)
    feed.state.use(PROLONGED)
    for person in ("p1", "p2", "p2"):
        feed.send("impression", arrival=OVER, event_id=f"late-{person}", person_id=person, **PERSON)
    feed.send("conversion", order_id="o1", event_id="late-o", revenue=1.0, currency="EUR")
    cut(feed.state, OVER + DAY)

    assert (reach(feed.state), reached_of_target(feed.state, GLOW, "flight").value) == (2, 2)
    assert tally(feed.state)["conversions:purchase"] == 2
    assert len(feed.state._memory.orders) == 2, "its orders are remembered again"
