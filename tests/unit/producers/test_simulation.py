"""The simulation is repeatable, in proportion, and what it says of its events is so."""

import json
from collections import Counter
from dataclasses import replace
from itertools import groupby, islice, pairwise, takewhile
from random import Random
from typing import get_args

import pytest

from models.admission.invalid_traffic import is_bot
from models.campaigns.campaign import Campaign, Declaration
from models.campaigns.registry import Registry
from models.core.records import records_of
from models.events.batch import Batch
from models.events.parsing import Reason, Refusal, parse_event
from models.events.schema import Adjustment, Conversion, Event
from models.state.shard_state import ShardState
from models.times import DAY, HOUR, MINUTE, SECOND, format_time
from models.topics import INPUT_TOPICS
from producers.cast import ARCHETYPES
from producers.people import AGENTS, BOTS
from producers.rhythm import MEAN_BOOST, Bursts, daily_rhythm, zone_of
from producers.simulated import Proportions, SimulatedEvent
from producers.simulation import simulate
from tests.unit.producers.conftest import CURRENCIES, MANY_MISHAPS, NOON, SEED, simulated

NOTHING_WRONG = Proportions(duplicates=0, late=0, malformed=0, bots=0)


def campaign(**changes: object) -> Campaign:
    return Campaign.model_validate(
        {
            "id": "c",
            "name": "C",
            "currency": "EUR",
            "starts": format_time(NOON),
            "ends": format_time(NOON + HOUR),
            **changes,
        }
    )


@pytest.fixture
def everybody_buys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every visitor click and convert: orders are rare otherwise."""
    keen = replace(ARCHETYPES[0], click_rate=1.0, conversion_rate=1.0)
    monkeypatch.setattr("producers.cast.ARCHETYPES", (keen,))


def parsed(event: SimulatedEvent) -> Event:
    read = parse_event(event.type, event.value)
    assert not isinstance(read, Refusal), (read, event.value)
    return read


def test_the_same_arguments_give_the_same_events() -> None:
    assert simulated(hours=0.01, rate=40) == simulated(hours=0.01, rate=40)


def test_another_seed_gives_other_events() -> None:
    one, other = simulated(hours=0.01, rate=40), simulated(hours=0.01, rate=40, seed=SEED + 1)
    assert [event.value for event in one] != [event.value for event in other]


def test_a_restart_a_microsecond_later_shares_no_event_or_order_id(
    hour: list[SimulatedEvent], demo: Declaration
) -> None:
    again = list(islice(simulate(SEED, demo.campaigns, NOON + 1, 20, MANY_MISHAPS, CURRENCIES), 3_000))
    assert not {event.event_id for event in hour} & {event.event_id for event in again}
    orders = {event.order_id for event in hour} & {event.order_id for event in again}
    assert orders == {None}


def test_the_same_public_comes_back_after_a_restart(demo: Declaration, hour: list[SimulatedEvent]) -> None:
    before = {event.person for event in hour if event.person}
    again, others = (
        {event.person for event in islice(simulate(seed, demo.campaigns, NOON + DAY, 20), 40_000)}
        for seed in (SEED, SEED + 1)
    )
    assert len(again & before) > 50
    assert not (others - {None}) & before


def test_events_come_in_the_order_of_sending_and_happened_before(hour: list[SimulatedEvent]) -> None:
    assert all(first.at <= second.at for first, second in pairwise(hour))
    assert all(event.event_time <= event.at for event in hour)


def test_every_event_is_what_it_says_it_is(hour: list[SimulatedEvent], demo: Declaration) -> None:
    registry = Registry(
        currency_rates=demo.currency_rates, campaigns={campaign.id: campaign for campaign in demo.campaigns}
    )
    state = ShardState(registry, key=bytes(16), assume_consent=False, duplicate_ids=100_000, max_leaves=1000)
    for topic, event_type in INPUT_TOPICS.items():
        events = [event for event in hour if event.type == event_type]
        arrivals = [event.at for event in events]
        batch = Batch(topic, 0, records_of([event.value for event in events], range(len(events)), arrivals))

        refused = state.apply(batch).refused

        reasons = {index: event.reason for index, event in enumerate(events) if event.outcome == "refused"}
        assert {index: refusal.reason for index, refusal in refused} == reasons
        counted = [event for event in events if event.outcome == "counted"]
        late = sum(event.at - event.event_time > DAY for event in counted)
        assert state.outcomes(topic).get("late", 0) == late
        outcomes = Counter(f"outcome:{event.outcome}" for event in events)
        assert {name: state.outcomes(topic).get(name, 0) for name in outcomes} == outcomes


def test_who_is_a_bot_and_what_comes_twice_is_what_an_event_says(hour: list[SimulatedEvent]) -> None:
    seen: set[str] = set()
    for event in hour:
        if event.outcome == "refused":
            continue
        agent = json.loads(event.value).get("user_agent", "")
        assert (event.type != "conversion" and is_bot(agent)) == (event.outcome == "invalid_traffic")
        assert (event.event_id in seen) == (event.outcome == "duplicate")
        seen.add(event.event_id)


def test_what_is_known_of_an_event_is_what_its_bytes_say(hour: list[SimulatedEvent]) -> None:
    for event in hour[::4]:
        if event.outcome == "refused":
            continue
        read = parsed(event)
        assert (read.campaign_id, read.event_id, read.event_time) == (
            event.campaign,
            event.event_id,
            event.event_time,
        )
        known = {
            "kind": event.kind or None,
            "count": event.stands_for,
            "person_id": event.person,
            "consent": event.consent,
            "sentiment": event.sentiment,
            "order_id": event.order_id,
            "revenue": event.revenue,
            "currency": event.currency,
            "status": event.status,
        }
        assert {name: getattr(read, name, value) for name, value in known.items()} == known


def test_mishaps_are_in_their_proportions(hour: list[SimulatedEvent]) -> None:
    outcomes = Counter(event.outcome for event in hour)
    well_formed = outcomes["counted"] + outcomes["invalid_traffic"]
    assert outcomes["duplicate"] / outcomes["counted"] == pytest.approx(MANY_MISHAPS.duplicates, rel=0.15)
    assert outcomes["refused"] / well_formed == pytest.approx(MANY_MISHAPS.malformed, rel=0.15)
    assert outcomes["invalid_traffic"] / well_formed == pytest.approx(MANY_MISHAPS.bots, rel=0.15)
    late = sum(event.outcome == "counted" and event.at - event.event_time > 3 * SECOND for event in hour)
    assert late / outcomes["counted"] == pytest.approx(MANY_MISHAPS.late, rel=0.15)


def test_nothing_goes_wrong_where_nothing_is_to(demo: Declaration) -> None:
    events = list(islice(simulate(1, demo.campaigns, NOON, 50, NOTHING_WRONG), 5_000))
    assert {event.outcome for event in events} == {"counted"}
    assert all(event.at - event.event_time <= 3 * SECOND for event in events)


def test_late_events_are_minutes_to_over_a_day_late_and_clearly_on_one_side(
    hour: list[SimulatedEvent],
) -> None:
    delays = [event.at - event.event_time for event in hour if event.outcome == "counted"]
    assert any(2 * MINUTE < delay < HOUR for delay in delays)
    assert any(HOUR < delay < 20 * HOUR for delay in delays)
    assert any(25 * HOUR < delay < 30 * HOUR for delay in delays)
    assert not any(20 * HOUR < delay < 25 * HOUR - SECOND for delay in delays)


def test_every_reason_of_refusal_occurs(demo: Declaration, everybody_buys: None) -> None:
    events = islice(simulate(3, demo.campaigns, NOON, 50, Proportions(malformed=1.0)), 3000)
    assert {event.reason for event in events} - {None} == set(get_args(Reason))


def test_duplicates_go_to_their_campaigns_key_and_to_others(hour: list[SimulatedEvent]) -> None:
    same = Counter(event.key == event.campaign.encode() for event in hour if event.outcome == "duplicate")
    assert same[True] == pytest.approx(same[False], rel=0.4)
    assert all(event.key == event.campaign.encode() for event in hour if event.outcome != "duplicate")


def test_the_rate_is_the_mean_of_a_day(demo: Declaration) -> None:
    events = simulate(5, demo.campaigns[:2], NOON, 0.05)
    day = sum(1 for _ in takewhile(lambda event: event.at < NOON + DAY, events))
    assert day / 86_400 == pytest.approx(0.05, rel=0.1)


def test_evenings_are_livelier_than_nights_where_the_campaign_is() -> None:
    paris, new_york = zone_of("Europe/Paris"), zone_of("America/New_York")
    assert daily_rhythm(NOON + 8 * HOUR, paris) > 4 * daily_rhythm(NOON - 9 * HOUR, paris)
    assert daily_rhythm(NOON - 3 * HOUR, paris) > 2 * daily_rhythm(NOON - 3 * HOUR, new_york)
    hours = [daily_rhythm(NOON + hour * HOUR, paris) for hour in range(24)]
    assert sum(hours) / 24 == pytest.approx(1.0)


def test_a_time_zone_that_nobody_knows_counts_as_utc() -> None:
    assert daily_rhythm(NOON, zone_of("Mars/Olympus")) == daily_rhythm(NOON, zone_of("UTC"))


def test_contents_go_viral_for_some_minutes_now_and_then() -> None:
    bursts = Bursts(Random(1), NOON)
    boosts = [bursts.boost(NOON + minute * MINUTE) for minute in range(60 * 24 * 60)]
    viral = [(boost, len(list(minutes))) for boost, minutes in groupby(boosts) if boost > 1]
    assert len(viral) == pytest.approx(60 * 24 / 6, rel=0.2)
    assert all(5 <= boost <= 20 and minutes <= 7 for boost, minutes in viral)
    assert sum(boosts) / len(boosts) == pytest.approx(MEAN_BOOST, rel=0.1)


def test_the_funnel_narrows_and_people_come_back(hour: list[SimulatedEvent]) -> None:
    counted = [event for event in hour if event.outcome == "counted"]
    types = Counter(event.type for event in counted)
    assert types["impression"] > types["engagement"] > types["click"] > types["conversion"] > 10
    exposed = [event.person for event in counted if event.type == "impression" and event.person]
    assert 1.1 < len(exposed) / len(set(exposed)) < 3
    clicked = {event.person for event in counted if event.type == "click" and event.person}
    assert clicked <= set(exposed)


def test_consent_is_given_refused_and_not_asked_and_some_are_nobody(hour: list[SimulatedEvent]) -> None:
    people = Counter(
        (event.person is not None, event.consent)
        for event in hour
        if event.type == "impression" and event.outcome == "counted" and event.stands_for == 1
    )
    assert people[True, True] > 0.75 * people.total()
    assert all(
        people[state] > 0.02 * people.total() for state in [(True, False), (True, None), (False, None)]
    )


def test_platforms_report_totals_without_a_person(hour: list[SimulatedEvent]) -> None:
    totals = [event for event in hour if event.stands_for > 1]
    assert {event.type for event in totals} == {"impression", "click", "engagement"}
    assert not any(event.person for event in totals)


def test_orders_have_revenue_second_reports_and_adjustments(demo: Declaration, everybody_buys: None) -> None:
    events = list(islice(simulate(3, demo.campaigns, NOON, 5, NOTHING_WRONG, CURRENCIES), 6000))
    reads = [parsed(event) for event in events if event.type == "conversion"]
    purchases = [read for read in reads if isinstance(read, Conversion) and read.kind == "purchase"]
    assert all(read.revenue and read.currency and read.order_id for read in purchases)
    assert {read.currency for read in purchases} == set(CURRENCIES)
    assert set(Counter(read.order_id for read in purchases).values()) == {1, 2}
    adjustments = [read for read in reads if isinstance(read, Adjustment)]
    assert {read.status for read in adjustments} == {"cancelled", "refunded"}
    assert {read.order_id for read in adjustments} <= {read.order_id for read in purchases}


def test_known_bots_are_bots_and_peoples_browsers_are_not() -> None:
    assert all(is_bot(agent) for agent in BOTS)
    assert not any(agent and is_bot(agent) for agent in AGENTS)


def test_nothing_happens_outside_the_flight() -> None:
    shown = list(simulate(1, [campaign()], NOON - DAY, 3))
    assert len(shown) > 10_000
    usual = [event for event in shown if event.outcome != "refused"]
    assert all(NOON <= event.event_time < NOON + HOUR for event in usual)


def test_campaigns_that_are_over_give_no_events() -> None:
    assert list(simulate(1, [campaign()], NOON + 2 * HOUR, 5)) == []
    assert list(simulate(1, [], NOON, 5)) == []


def test_a_campaign_that_names_nobody_has_influencers_all_the_same() -> None:
    events = islice(simulate(1, [campaign()], NOON, 50, NOTHING_WRONG), 2000)
    reads = [parsed(event) for event in events]
    assert len({read.influencer_id for read in reads}) == 3


def test_only_campaigns_that_list_their_influencers_meet_unknown_ones() -> None:
    mishaps = Proportions(malformed=1.0)
    events = list(islice(simulate(1, [campaign()], NOON, 50, mishaps), 2000))
    assert "unknown_influencer" not in {event.reason for event in events}
