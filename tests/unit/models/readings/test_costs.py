"""What a campaign has cost in a span, by scope."""

from dataclasses import astuple
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.campaigns.campaign import Campaign
from models.campaigns.money import MICROS
from models.kpis.figures import Invested
from models.readings.costs import Span, invested, least_cpas, leaves_seen, revenue, window_span
from models.scopes import ALL_SCOPES, Leaf, ScopeKey
from models.tally import Tally
from models.times import DAY, HOUR, MINUTE
from models.windows import WINDOW_NAMES, WindowName
from tests.unit.models.building import GLOW, LEAF, NOON, RATES, campaign

ANA = ScopeKey("influencer", ("glow", "ana"))
REELS = [LEAF, LEAF._replace(channel="tiktok"), LEAF._replace(content="reel-2")]


def spent(
    cost: dict[str, Any], leaves: list[Leaf], tally: Tally | None = None, span: Span | None = None
) -> dict[ScopeKey, float]:
    """Return what each scope cost over the whole flight, or a span of it."""
    declared = campaign(costs=[{"influencer": "ana", **cost}])
    whole = Span(declared.starts, declared.ends)
    tallies = {leaf: tally or {} for leaf in leaves}
    found = invested(declared, span or whole, tallies, leaves_seen(leaves), RATES)
    assert found is not None
    return {scope: amount.total for scope, amount in found.items() if amount and amount.total}


def test_a_window_is_cut_to_the_flight() -> None:
    one = campaign()

    assert window_span(one, "1h", NOON) == Span(NOON - HOUR, NOON)
    assert window_span(one, "flight", NOON) == Span(one.starts, NOON)
    assert window_span(one, "24h", one.starts + HOUR) == Span(one.starts, one.starts + HOUR)
    assert window_span(one, "1h", one.ends + 10 * MINUTE) == Span(one.ends - 50 * MINUTE, one.ends)


@given(st.sampled_from(WINDOW_NAMES), st.integers(NOON - 90 * DAY, NOON + 90 * DAY))
def test_no_window_leaves_the_flight(window: WindowName, now: int) -> None:
    one = campaign()
    span = window_span(one, window, now)

    assert span.start <= span.end
    assert 0 <= span.share_of(Span(one.starts, one.ends)) <= 1


def test_a_flat_fee_accrues_evenly() -> None:
    """3000 over 30 days: 100 a day."""
    day = Span(NOON - DAY, NOON)

    assert spent({"flat_fee": 3000}, [LEAF], span=day)[GLOW] == pytest.approx(100)


def test_a_flat_fee_is_shared_over_contents_and_then_their_channels() -> None:
    found = spent({"flat_fee": 120}, REELS)

    expected = {
        GLOW: 120,
        ANA: 120,
        ScopeKey("content", ("glow", "ana", "reel-1")): 60,
        ScopeKey("content", ("glow", "ana", "reel-2")): 60,
        ScopeKey("channel", ("glow", "instagram")): 90,
        ScopeKey("channel", ("glow", "tiktok")): 30,
    }
    assert {scope: found[scope] for scope in expected} == pytest.approx(expected)
    for name in ALL_SCOPES:
        assert sum(cost for scope, cost in found.items() if scope.name == name) == pytest.approx(120)


def test_a_fee_of_one_content_goes_to_it_alone() -> None:
    found = spent({"flat_fee": 120, "content": "reel-2"}, REELS)

    assert ScopeKey("content", ("glow", "ana", "reel-1")) not in found
    assert found[ScopeKey("channel", ("glow", "instagram"))] == pytest.approx(120)


def test_a_fee_of_somebody_not_yet_seen_counts_for_influencer_and_campaign_alone() -> None:
    assert spent({"flat_fee": 120}, []) == pytest.approx({GLOW: 120, ANA: 120})


def test_spend_accrues_over_its_own_dates_within_the_flight() -> None:
    """Two of its four days lie before the flight, which begins on the first."""
    entry = {"spend": 400, "from": "2026-10-30T00:00:00Z", "to": "2026-11-03T00:00:00Z"}

    assert spent(entry, [LEAF])[GLOW] == pytest.approx(200)
    assert GLOW not in spent(entry, [LEAF], span=Span(NOON - DAY, NOON))


def test_rates_follow_the_counts() -> None:
    tally = {"impressions": 2000, "clicks": 10, "conversions:purchase": 2, "conversions:signup": 1}
    tally |= {"revenue:EUR": 40 * MICROS, "revenue:USD": 50 * MICROS}

    found = spent({"cpm": 8, "cpc": 0.25, "cpa": 5, "revenue_share": 0.1}, [LEAF], tally)

    assert found[GLOW] == pytest.approx(16 + 2.5 + 15 + 0.1 * (40 + 40))


def test_rates_of_one_influencer_or_content_leave_others_alone() -> None:
    other = LEAF._replace(influencer="ben")
    tally = {"clicks": 10}

    assert spent({"cpc": 1}, [LEAF, other], tally)[GLOW] == pytest.approx(10)
    assert spent({"cpc": 1, "content": "reel-2"}, REELS, tally)[GLOW] == pytest.approx(10)


def test_without_costs_nothing_is_known() -> None:
    one: Campaign = campaign()

    assert invested(one, Span(one.starts, one.ends), {LEAF: {"clicks": 1}}, {}, RATES) is None


@given(
    st.lists(st.builds(Leaf, st.just("glow"), st.just("ana"), st.sampled_from("abc"), st.sampled_from("xyz")))
)
def test_shares_add_up_to_the_fee(leaves: list[Leaf]) -> None:
    found = spent({"flat_fee": 120}, leaves)

    for name in ("content", "channel") if leaves else ():
        parts = [amount for scope, amount in found.items() if scope.name == name]
        assert sum(parts) == pytest.approx(120)
    assert found[GLOW] == found[ANA] == pytest.approx(120)


@pytest.mark.parametrize(("currency", "amount"), [("EUR", 14.0), ("USD", 17.5)])
def test_revenue_is_converted_from_each_currency(currency: str, amount: float) -> None:
    tally = {"revenue:EUR": 10 * MICROS, "revenue:USD": 5 * MICROS}

    assert revenue(tally, currency, RATES) == pytest.approx(amount)


def test_revenue_without_a_rate_is_unknown_and_not_less() -> None:
    assert revenue({"revenue:EUR": MICROS, "revenue:CHF": MICROS}, "EUR", RATES) is None


def test_a_share_of_a_revenue_that_cannot_be_converted_makes_the_cost_unknown() -> None:
    campaign = Campaign.model_validate(
        {
            "id": "c",
            "name": "C",
            "starts": "2026-11-01T00:00:00Z",
            "ends": "2026-12-01T00:00:00Z",
            "currency": "EUR",
            "costs": [
                {"influencer": "ana", "cpc": 1.0, "revenue_share": 0.5},
                {"influencer": "ben", "cpc": 1.0},
            ],
        }
    )
    tallies = {
        Leaf("c", "ana", "reel", "tiktok"): {"clicks": 2, "revenue:USD": 5},
        Leaf("c", "ben", "reel", "tiktok"): {"clicks": 3},
    }

    spent = invested(campaign, Span(0, 1), tallies, {}, None)

    assert spent is not None
    assert spent[ScopeKey("campaign", ("c",))] is None
    assert spent[ScopeKey("influencer", ("c", "ben"))] == Invested(fixed=3)


def test_what_conversions_made_due_is_told_from_the_rest() -> None:
    declared = campaign(
        costs=[
            {"influencer": "ana", "flat_fee": 3000, "cpm": 8, "cpc": 0.25},
            {"influencer": "ana", "cpa": 5, "revenue_share": 0.1},
        ]
    )
    tally = {"impressions": 1000, "clicks": 4, "conversions:signup": 2, "revenue:EUR": 30 * MICROS}

    found = invested(declared, Span(NOON - DAY, NOON), {LEAF: tally}, {}, RATES)

    assert found is not None
    assert (of_campaign := found[GLOW]) is not None
    assert astuple(of_campaign) == pytest.approx(astuple(Invested(fixed=109, by_conversion=13, least_cpa=5)))


@pytest.mark.parametrize(
    ("influencers", "costs", "seen", "least"),
    [
        (None, [{"influencer": "ana", "cpa": 5.0}], [], {"ana": 5.0, "": 5.0}),
        (None, [{"influencer": "ana", "cpa": 5.0}, {"influencer": "ana", "cpa": 2.0}], [], {"ana": 7, "": 7}),
        (
            None,
            [{"influencer": "ana", "cpa": 5.0}, {"influencer": "ben", "cpa": 3.0}],
            [],
            {"ana": 5, "ben": 3, "": 3},
        ),
        (None, [{"influencer": "ana", "cpa": 5.0}, {"influencer": "ben", "cpm": 3.0}], [], {"ben": 0, "": 0}),
        (None, [{"influencer": "ana", "cpa": 5.0}], ["ben"], {"ana": 5.0, "": 0.0}),
        (["ana", "ben"], [{"influencer": "ana", "cpa": 5.0}], [], {"ana": 5.0, "": 0.0}),
        (["ana"], [{"influencer": "ana", "cpa": 5.0}], ["ana", "ben"], {"": 5.0}),
        (None, [{"influencer": "ana", "content": "reel-1", "cpa": 5.0}], ["ana"], {"ana": 0.0, "": 0.0}),
    ],
    ids=[
        "a rate",
        "rates add up",
        "the lesser of two",
        "one has a cost but no rate",
        "one who was seen has no cost",
        "one who is listed has no cost",
        "one who was seen is no longer listed",
        "a rate of one content alone",
    ],
)
def test_the_least_rate_is_that_of_the_cheapest_next_conversion(
    influencers: list[str] | None, costs: list[dict[str, Any]], seen: list[str], least: dict[str, float]
) -> None:
    declared = campaign(influencers=influencers, costs=costs)
    found = least_cpas(declared, leaves_seen([LEAF._replace(influencer=name) for name in seen]))

    for name, rate in least.items():
        assert found[ScopeKey("influencer", ("glow", name)) if name else GLOW] == rate
