"""A campaign's own rules: strict types, sane ranges, and where in its life it is."""

import math
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from models.campaigns.campaign import Campaign, Cost, CurrencyRates, EmvCard, Target, Thresholds
from models.campaigns.registry import Registry
from models.kpis.catalogue import threshold
from models.times import DAY, HOUR, parse_time

GLOW = {
    "id": "glow",
    "name": "Glow",
    "starts": "2026-11-01T00:00:00+01:00",
    "ends": "2026-12-01T00:00:00+01:00",
    "currency": "EUR",
}
SPEND = {
    "influencer": "ben",
    "spend": 300,
    "from": "2026-11-02T00:00:00Z",
    "to": "2026-11-05T00:00:00Z",
}


def refusals(model: type[BaseModel], data: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(data)
    return [".".join(map(str, problem["loc"])) for problem in caught.value.errors()]


def test_what_is_not_declared_has_the_contracts_defaults() -> None:
    campaign = Campaign.model_validate(GLOW)

    assert (campaign.grace, campaign.adjustments_until) == (7 * DAY, 45 * DAY)
    assert (campaign.time_zone, campaign.emv_card, campaign.influencers) == ("UTC", "default", None)
    least = [campaign.min_sample.least(threshold(name)) for name in ("roi", "sentiment", "cpa")]
    assert least == [20, 30, 0]


@pytest.mark.parametrize("goals", ["purchase", ["purchase"]])
def test_goals_are_kinds_of_conversion(goals: object) -> None:
    assert Campaign.model_validate({**GLOW, "goals": goals}).goals == frozenset({"purchase"})


def test_a_flight_is_read_in_its_zone() -> None:
    assert Campaign.model_validate(GLOW).starts == parse_time("2026-10-31T23:00:00Z")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("starts", 1_793_487_600_000_000),
        ("starts", "2026-11-01T00:00:00"),
        ("ends", "2026-11-31T00:00:00Z"),
        ("grace", 7),
        ("grace", "7"),
        ("adjustments_until", "1y"),
        ("budget", "50000"),
        ("budget", True),
        ("budget", 0),
        ("budget", math.nan),
        ("budget", math.inf),
        ("budget", 10**400),
        ("name", ""),
        ("name", 12),
        ("id", "a b"),
        ("currency", "eur"),
        ("influencers", []),
        ("owner", False),
        ("goals", []),
        ("goals", ["buy"]),
        ("goals", ["purchase", "purchase"]),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(name: str, value: object) -> None:
    assert refusals(Campaign, {**GLOW, name: value})[0].split(".")[0] == name


def test_a_flight_ends_after_it_starts() -> None:
    assert refusals(Campaign, {**GLOW, "ends": GLOW["starts"]}) == ["ends"]


@pytest.mark.parametrize("missing", ["from", "to"])
def test_spend_needs_its_dates(missing: str) -> None:
    assert refusals(Cost, {name: value for name, value in SPEND.items() if name != missing}) == [""]


def test_dates_without_a_spend_are_refused_for_fees_accrue_over_the_flight() -> None:
    assert refusals(Cost, {**SPEND, "spend": None, "flat_fee": 3}) == ["spend"]
    assert refusals(Cost, {"influencer": "ben", "flat_fee": 3, "from": SPEND["from"]}) == [""]


def test_spend_ends_after_it_begins() -> None:
    assert refusals(Cost, {**SPEND, "to": SPEND["from"]}) == ["to"]


@pytest.mark.parametrize("rate", ["cpm", "cpc", "cpa", "flat_fee", "revenue_share"])
def test_no_cost_is_negative(rate: str) -> None:
    assert refusals(Cost, {"influencer": "ben", rate: -0.01}) == [rate]


def test_a_revenue_share_is_a_share() -> None:
    assert refusals(Cost, {"influencer": "ben", "revenue_share": 1.01}) == ["revenue_share"]


@pytest.mark.parametrize(
    ("threshold", "value"),
    [
        ("roi_min", math.nan),
        ("roi_min", -math.inf),
        ("sentiment_min", math.nan),
        ("sentiment_min", -1.5),
        ("authenticity_min", 1.1),
    ],
)
def test_thresholds_are_finite(threshold: str, value: float) -> None:
    assert refusals(Thresholds, {threshold: value}) == [threshold]


def test_an_audience_of_one_choice_needs_no_list() -> None:
    target = Target.model_validate({"size": 10, "audience": {"country": "NO"}})

    assert target.audience == {"country": ("NO",)}


@pytest.mark.parametrize("size", [0, 2.0, "2", True, 10**13])
def test_a_target_has_a_size_that_is_a_whole_number(size: object) -> None:
    assert refusals(Target, {"size": size, "audience": {"country": ["FR"]}}) == ["size"]


def test_a_cards_channels_are_lower_cased_as_events_channels_are() -> None:
    card = EmvCard.model_validate({"currency": "EUR", "channels": {"Instagram": {"like": 1}}})

    assert card.channels == {"instagram": {"like": 1.0}}


def test_a_card_names_a_channel_once_in_whatever_case() -> None:
    channels = {"Instagram": {"like": 1}, "instagram": {"like": 2}}

    assert refusals(EmvCard, {"currency": "EUR", "channels": channels}) == ["channels"]


def test_a_card_pays_only_for_known_actions() -> None:
    card = {"currency": "EUR", "channels": {"instagram": {"likes": 1}}}

    assert refusals(EmvCard, card) == ["channels.instagram.likes.[key]"]


@pytest.mark.parametrize(
    ("name", "value", "where"),
    [
        ("date", "2026-02-30", "date"),
        ("date", "20261120", "date"),
        ("rates", {"USD": 0}, "rates.USD"),
        ("rates", {"USD": 1e-300}, "rates.USD"),
        ("rates", {"dollar": 1}, "rates.dollar.[key]"),
    ],
)
def test_wrong_currency_rates_are_refused(name: str, value: object, where: str) -> None:
    rates = {"date": "2026-11-20", "base": "EUR", "rates": {"USD": 1.08}}

    assert refusals(CurrencyRates, {**rates, name: value}) == [where]


def test_a_campaign_runs_then_has_its_grace_then_is_ended_and_leaves_a_day_later() -> None:
    campaign = Campaign.model_validate({**GLOW, "grace": "2d"})
    life = [
        (campaign.starts - 1, "scheduled", True),
        (campaign.starts, "running", True),
        (campaign.ends - 1, "running", True),
        (campaign.ends, "grace", True),
        (campaign.ends + 2 * DAY, "ended", True),
        (campaign.ends + 3 * DAY - HOUR, "ended", True),
        (campaign.ends + 3 * DAY, "ended", False),
    ]

    assert [(now, campaign.status(now), campaign.shown(now)) for now, _, _ in life] == life


def test_a_registry_has_each_campaign_under_its_own_id() -> None:
    assert refusals(Registry, {"version": 1, "campaigns": {"other": GLOW}}) == [""]
    assert Registry.model_validate({"version": 1, "campaigns": {"glow": GLOW}}).campaigns["glow"].id == "glow"
