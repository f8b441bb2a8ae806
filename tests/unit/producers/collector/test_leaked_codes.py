from typing import Any

from models.times import DAY
from producers.collector.leaked_codes import MANY, LeakedCodes
from tests.unit.producers.collector.attributing import NOON

Event = dict[str, Any]


def click(influencer: str, campaign: str = "glow") -> Event:
    return {"type": "click", "campaign_id": campaign, "influencer_id": influencer}


def order(influencer: str, by: str = "code", campaign: str = "glow") -> Event:
    return {"type": "conversion", "campaign_id": campaign, "influencer_id": influencer, "attributed_by": by}


def codes(*linked: str) -> LeakedCodes:
    return LeakedCodes(lambda _, influencer: influencer in (linked or ("ana", "ben")))


def first_leak(seen: LeakedCodes, event: Event, now: int = NOON) -> int | None:
    """Return after how many orders the code seems leaked."""
    return next((number for number in range(1, 3 * MANY) if seen.observe(event, now)), None)


def test_many_orders_by_code_without_a_click_of_the_influencer_seem_leaked() -> None:
    seen = codes()
    seen.observe(click("ben"), NOON)

    assert first_leak(seen, order("ana")) == MANY
    assert first_leak(seen, order("ben")) is None


def test_a_click_of_the_influencer_ends_the_suspicion() -> None:
    seen = codes()
    seen.observe(click("ben"), NOON)
    assert first_leak(seen, order("ana")) == MANY

    seen.observe(click("ana"), NOON)
    assert first_leak(seen, order("ana")) is None


def test_nothing_is_said_where_clicks_are_not_seen_or_there_is_no_link() -> None:
    unseen, unlinked = codes(), codes("ben")
    unseen.observe(click("cleo", "dusk"), NOON)
    unlinked.observe(click("ben"), NOON)

    assert first_leak(unseen, order("ana")) is None
    assert first_leak(unlinked, order("ana")) is None


def test_orders_by_click_id_and_other_events_are_no_orders_by_code() -> None:
    seen = codes()
    seen.observe(click("ben"), NOON)

    assert first_leak(seen, order("ana", by="click_id")) is None
    assert first_leak(seen, {"type": "impression", "campaign_id": "glow", "influencer_id": "ana"}) is None


def test_what_was_two_days_ago_is_forgotten() -> None:
    seen = codes()
    seen.observe(click("ana"), NOON)
    seen.observe(click("ben"), NOON + DAY)
    assert first_leak(seen, order("ana"), NOON + DAY) is None

    seen.observe(click("ben"), NOON + 2 * DAY)
    assert first_leak(seen, order("ana"), NOON + 2 * DAY) == 1, "the orders of the day before count"
    assert first_leak(codes(), order("ana"), NOON + 9 * DAY) is None


def test_what_began_before_midnight_and_ends_after_it_costs_no_counts() -> None:
    seen, midnight = codes(), NOON // DAY * DAY
    seen.observe(click("ben"), midnight - 2)
    seen.observe(click("ana"), midnight - 2)
    seen.observe(click("ben"), midnight + 1)
    seen.observe(click("ben"), midnight - 1)
    seen.observe(click("ben"), midnight + 2)

    assert first_leak(seen, order("ana"), midnight + 3) is None


def test_it_holds_no_more_than_it_may() -> None:
    seen = codes()
    for days in range(3):
        for number in range(12_000):
            seen.observe(click(f"i{number}"), NOON + days * DAY)
            seen.observe(order(f"i{number}"), NOON + days * DAY)
    held = [len(counts) for day in (seen._today, seen._before) for counts in (day.clicks, day.orders)]

    assert sum(held) <= 20_000
    assert max(held) > 5_000
