"""Admission: whether a well-formed event counts, and at which time."""

import pytest

from models.admission.rules import FUTURE_TOLERANCE
from models.campaigns.registry import Registry, Unreadable
from models.core.columns import TICK
from models.core.records import records_of
from models.events.batch import Batch
from models.state.shard_state import ShardState
from models.times import DAY, MINUTE, parse_time
from models.topics import EventType, topic_of
from tests.unit.models.building import NOON, campaign, new_state, raw, registry, rfc3339

STARTS = parse_time("2026-11-01T00:00:00Z")
ENDS = parse_time("2026-12-01T00:00:00Z")


def reason(
    event_type: EventType,
    time: int = NOON,
    arrival: int | None = None,
    state: ShardState | None = None,
    **fields: object,
) -> str | None:
    """Apply an event of a time to a shard state; return why it is refused, or None."""
    value = raw(event_type, event_time=rfc3339(time), **fields)
    records = records_of([value], [0], [time if arrival is None else arrival])
    refused = (state or new_state()).apply(Batch(topic_of(event_type), 0, records)).refused
    return refused[0].refusal.reason if refused else None


def counted_at(time: int, arrival: int) -> tuple[int, int]:
    """Count a click of a time; return the tick at which it counts, and how many are late."""
    state = new_state()
    assert reason("click", time, arrival, state) is None
    delta = state.cut()
    assert delta is not None
    (tick,) = set(delta.counts.ticks.tolist())
    return tick, state.outcomes("clicks").get("late", 0)


def test_a_little_in_the_future_is_placed_at_arrival() -> None:
    assert counted_at(NOON + FUTURE_TOLERANCE, arrival=NOON) == (NOON // TICK, 0)


def test_beyond_five_minutes_in_the_future_is_refused() -> None:
    assert reason("click", NOON + FUTURE_TOLERANCE + 1, arrival=NOON) == "future"


def test_the_past_keeps_its_own_time() -> None:
    assert counted_at(NOON - DAY, arrival=NOON) == ((NOON - DAY) // TICK, 0)


def test_more_than_a_day_old_is_late() -> None:
    assert counted_at(NOON - DAY - 1, arrival=NOON) == ((NOON - DAY - 1) // TICK, 1)


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (STARTS - 1, "outside_flight"),
        (STARTS, None),
        (ENDS, None),
        (ENDS + 7 * DAY - 1, None),
        (ENDS + 7 * DAY, "outside_flight"),
    ],
)
def test_events_count_from_the_start_to_the_end_of_grace(time: int, expected: str | None) -> None:
    assert reason("click", time) == expected


@pytest.mark.parametrize(
    ("time", "expected"),
    [(STARTS - 1, "outside_flight"), (ENDS + 45 * DAY - 1, None), (ENDS + 45 * DAY, "outside_flight")],
)
def test_adjustments_count_until_their_own_end(time: int, expected: str | None) -> None:
    assert reason("conversion", time, status="refunded") == expected


def test_before_the_start_by_a_fast_clock_is_placed_at_arrival_and_so_refused() -> None:
    assert reason("click", STARTS + MINUTE, arrival=STARTS - MINUTE) == "outside_flight"


def test_a_campaign_that_lists_its_influencers_refuses_others() -> None:
    known = registry(campaign(influencers=["ana"]))

    assert reason("click", influencer_id="eve", state=new_state(known)) == "unknown_influencer"
    assert reason("click", state=new_state(known)) is None


def test_an_adjustment_without_influencer_is_asked_for_none() -> None:
    state = new_state(registry(campaign(influencers=["ana"])))

    assert reason("conversion", status="cancelled", influencer_id=None, state=state) is None


@pytest.mark.parametrize(
    ("currency", "expected"), [("EUR", None), ("USD", None), ("CHF", "unknown_currency")]
)
@pytest.mark.parametrize("status", ["confirmed", "refunded"])
def test_revenue_needs_a_rate_to_the_campaigns_currency(
    currency: str, expected: str | None, status: str
) -> None:
    assert reason("conversion", NOON, revenue=5, currency=currency, status=status) == expected


@pytest.mark.parametrize(("unreadable", "said"), [(True, "cannot read"), (False, "no such campaign")])
def test_a_refusal_tells_an_unreadable_campaign_from_an_unknown_one(unreadable: bool, said: str) -> None:
    problem = Unreadable("campaigns", "glow", "ends", "must be an RFC 3339 time")
    known = Registry(unreadable=(problem,) if unreadable else ())
    batch = Batch("clicks", 0, records_of([raw("click")], [0], [NOON]))

    (refused,) = new_state(known).apply(batch).refused

    assert refused.refusal.reason == "unknown_campaign"
    assert said in refused.refusal.message


def test_refusals_come_in_the_order_of_their_records_whichever_step_refused_them() -> None:
    values = [raw("click", campaign_id="unknown"), b"{", raw("click", campaign_id="unknown", event_id="e2")]
    refused = new_state().apply(Batch("clicks", 0, records_of(values, range(3), [NOON] * 3))).refused

    assert [(at, refusal.reason) for at, refusal in refused] == [
        (0, "unknown_campaign"),
        (1, "not_json"),
        (2, "unknown_campaign"),
    ]
