"""A reading: figures by scope and window, from the state and the registry as they are now."""

from dataclasses import astuple

import pytest

from models.campaigns.campaign import EmvCard
from models.kpis import formulas
from models.kpis.clusters import Clusters, spread_of
from models.kpis.figures import Figures, Invested
from models.scopes import ScopeKey
from models.statistics.intervals import exact
from models.times import DAY
from models.windows import WINDOWS_OF
from tests.unit.models.building import (
    GLOW,
    NOON,
    RATES,
    Feed,
    campaign,
    new_state,
    readings,
    registry,
    rfc3339,
)

NO_SPREAD = spread_of(Clusters())
BEN = ScopeKey("influencer", ("glow", "ben"))


def test_each_scope_has_the_windows_of_the_contract() -> None:
    feed = Feed(new_state())
    feed.send("impression")

    found = set(readings(feed.state))

    assert found == {(scope, window) for scope, _ in found for window in WINDOWS_OF[scope.name]}
    assert {scope.name for scope, _ in found} == set(WINDOWS_OF)


def test_a_campaign_without_events_is_read_as_zero() -> None:
    figures = readings(new_state())[GLOW, "flight"].figures

    assert figures == Figures({}, exact(0), invested=None, revenue=0, emv=None, spread=NO_SPREAD)


def test_campaigns_are_kept_apart() -> None:
    feed = Feed(new_state(registry(campaign(), campaign(id="frost", name="Frost"))))
    feed.send("click", count=3)
    feed.send("click", campaign_id="frost", event_id="x")

    found = readings(feed.state)

    assert found[GLOW, "1h"].figures.tally["clicks"] == 3
    assert found[ScopeKey("campaign", ("frost",)), "1h"].figures.tally["clicks"] == 1


def test_an_influencer_who_only_costs_is_read_too() -> None:
    spend = {"spend": 3000, "from": "2026-11-01T00:00:00Z", "to": "2026-12-01T00:00:00Z"}
    state = new_state(registry(campaign(costs=[{"influencer": "ben", **spend}])))

    figures = readings(state)[BEN, "24h"].figures

    assert figures.invested is not None
    assert astuple(figures.invested) == pytest.approx(astuple(Invested(fixed=100, fees=100)))
    assert (figures.tally, figures.emv) == ({}, None)


def test_an_influencer_who_was_only_scored_is_read_too_and_costs_nothing() -> None:
    values = {
        "weights": {"craft": 1},
        "scored_on": "2026-10-20",
        "scores": {"ben": {"craft": 80}, "cleo": {}},
    }
    one = campaign(values=values, costs=[{"influencer": "ana", "flat_fee": 3000}])

    found = readings(new_state(registry(one)))

    nothing = Figures({}, exact(0), Invested(), 0, None, alignment=0.8, spread=NO_SPREAD)
    assert found[BEN, "1h"].figures == nothing
    assert found[GLOW, "5m"].figures.alignment == 0.8
    assert ScopeKey("influencer", ("glow", "cleo")) not in {scope for scope, _ in found}


def test_a_target_is_read_with_its_size() -> None:
    one = campaign(target={"size": 250, "audience": {"country": "FR"}})
    feed = Feed(new_state(registry(one)))
    feed.state.expire(NOON)
    feed.send("impression", person_id="p", consent=True, audience={"country": "FR"})
    feed.send("impression", person_id="q", consent=True)

    figures = readings(feed.state)[GLOW, "1h"].figures

    assert (figures.reach, figures.target_reach, figures.target_size) == (exact(2), exact(1), 250)


def test_a_card_that_is_missing_leaves_emv_unknown_everywhere() -> None:
    known = registry(campaign(emv_card="lost", costs=[{"influencer": "ben", "flat_fee": 3000}]))
    feed = Feed(new_state(known))
    feed.send("click")

    assert {reading.figures.emv for reading in readings(feed.state).values()} == {None}


def test_a_card_that_cannot_be_read_leaves_emv_unknown_though_the_built_in_card_has_its_name() -> None:
    known = registry(campaign()).model_copy(update={"emv_cards": {"default": None}})
    feed = Feed(new_state(known))
    feed.send("engagement")

    assert {reading.figures.emv for reading in readings(feed.state).values()} == {None}


def test_a_registered_default_card_replaces_the_built_in_one() -> None:
    card = EmvCard(currency="EUR", channels={"default": {"click": 2.0}})
    feed = Feed(new_state(registry(cards={"default": card})))
    feed.send("click", count=3)

    assert readings(feed.state)[GLOW, "flight"].figures.emv == pytest.approx(6)


def test_changed_rates_restate_everything() -> None:
    feed = Feed(new_state())
    feed.send("conversion", revenue=10, currency="USD", event_time=rfc3339(NOON - DAY))
    feed.send("conversion", status="refunded", revenue=4, currency="EUR")
    assert readings(feed.state)[GLOW, "flight"].figures.revenue == pytest.approx((10 - 5) / 1.25)

    feed.state.use(registry(rates=RATES.model_copy(update={"rates": {"USD": 2.0}})))

    assert readings(feed.state)[GLOW, "flight"].figures.revenue == pytest.approx((10 - 8) / 2)


def test_pacing_compares_the_money_with_the_time() -> None:
    """9.5 of 30 days have passed; 950 of 3000 were spent of a budget of 1000."""
    one = campaign(budget=1000, costs=[{"influencer": "ana", "flat_fee": 3000}])
    feed = Feed(new_state(registry(one)))
    feed.send("click", event_time="2026-11-01T00:00:00Z")
    figures = readings(feed.state)[GLOW, "flight"].figures

    assert formulas.budget_spent(figures) == pytest.approx(0.95)
    assert formulas.pacing(figures) == pytest.approx(3.0)


def test_pacing_is_absent_before_the_start_and_without_budget_or_costs() -> None:
    early = campaign(budget=1000, costs=[{"influencer": "ana", "flat_fee": 3000}])
    figures = readings(new_state(registry(early)), early.starts)[GLOW, "flight"].figures
    without_budget = campaign(costs=[{"influencer": "ana", "flat_fee": 3000}])

    assert formulas.pacing(figures) is None
    for one in (without_budget, campaign(budget=1000)):
        assert formulas.pacing(readings(new_state(registry(one)))[GLOW, "flight"].figures) is None
