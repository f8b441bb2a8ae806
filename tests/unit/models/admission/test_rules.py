"""Admission: whether a well-formed event counts, and at which time."""

import pytest

from models.admission.rules import FUTURE_TOLERANCE, Admitted, judge
from models.events.parsing import Refusal
from models.times import DAY, MINUTE, parse_time
from models.topics import EventType
from tests.unit.models.building import NOON, campaign, raw, registry, rfc3339, verdict

STARTS = parse_time("2026-11-01T00:00:00Z")
ENDS = parse_time("2026-12-01T00:00:00Z")


def reason(event_type: EventType, time: int, arrival: int | None = None, **fields: object) -> str | None:
    """Give why an event of a time is refused, or None."""
    found = verdict(event_type, time if arrival is None else arrival, event_time=rfc3339(time), **fields)
    return found.reason if isinstance(found, Refusal) else None


def test_a_little_in_the_future_is_placed_at_arrival() -> None:
    found = verdict("click", NOON, event_time=rfc3339(NOON + FUTURE_TOLERANCE))

    assert isinstance(found, Admitted)
    assert found.time == NOON


def test_beyond_five_minutes_in_the_future_is_refused() -> None:
    assert reason("click", NOON + FUTURE_TOLERANCE + 1, arrival=NOON) == "future"


def test_the_past_keeps_its_own_time() -> None:
    found = verdict("click", NOON, event_time=rfc3339(NOON - DAY))

    assert isinstance(found, Admitted)
    assert (found.time, found.late) == (NOON - DAY, False)


def test_more_than_a_day_old_is_late() -> None:
    found = verdict("click", NOON, event_time=rfc3339(NOON - DAY - 1))

    assert isinstance(found, Admitted)
    assert found.late


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

    stranger = judge("click", raw("click", influencer_id="eve"), NOON, known)

    assert isinstance(stranger, Refusal)
    assert stranger.reason == "unknown_influencer"
    assert isinstance(judge("click", raw("click"), NOON, known), Admitted)


def test_an_adjustment_without_influencer_is_asked_for_none() -> None:
    known = registry(campaign(influencers=["ana"]))
    found = judge("conversion", raw("conversion", status="cancelled", influencer_id=None), NOON, known)

    assert isinstance(found, Admitted)


@pytest.mark.parametrize(
    ("currency", "expected"), [("EUR", None), ("USD", None), ("CHF", "unknown_currency")]
)
@pytest.mark.parametrize("status", ["confirmed", "refunded"])
def test_revenue_needs_a_rate_to_the_campaigns_currency(
    currency: str, expected: str | None, status: str
) -> None:
    assert reason("conversion", NOON, revenue=5, currency=currency, status=status) == expected
