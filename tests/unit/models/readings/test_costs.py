"""What a campaign costs by scope: in a window, and over the whole flight."""

from dataclasses import astuple
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.campaigns.campaign import Campaign, CurrencyRates
from models.campaigns.money import NANOS
from models.kpis.figures import Invested
from models.readings.costs import least_cpas
from models.scopes import Leaf, ScopeKey
from models.tally import Tally
from models.times import DAY, HOUR
from models.windows import WindowName
from tests.unit.models.building import GLOW, LEAF, NOON, RATES, campaign
from tests.unit.models.readings.told import read

ANA = ScopeKey("influencer", ("glow", "ana"))
STARTS = campaign().starts
ENDS = campaign().ends


class Costly(NamedTuple):
    """A campaign that costs something, and when the first events of its leaves came."""

    campaign: Campaign
    first: dict[Leaf, int]


def costs_from(first: dict[Leaf, int], *costs: dict[str, Any], **fields: Any) -> Costly:
    """Declare costs of ana."""
    return Costly(campaign(costs=[{"influencer": "ana", **cost} for cost in costs], **fields), first)


def invested(
    costs: Costly,
    window: WindowName,
    now: int,
    tallies: dict[Leaf, Tally] | None = None,
    rates: CurrencyRates | None = RATES,
) -> dict[ScopeKey, Invested | None]:
    """Return what each scope has cost in a window."""
    found = read(costs.campaign, now, costs.first, tallies or {}, rates)
    return {scope: figures.invested for (scope, over), figures in found.items() if over == window}


def spent(
    costs: Costly, window: WindowName, now: int, tallies: dict[Leaf, Tally] | None = None
) -> dict[ScopeKey, float]:
    """Return the sum of what each scope has cost in a window, where it has cost something."""
    found = invested(costs, window, now, tallies)
    return {scope: amount.total for scope, amount in found.items() if amount and amount.total}


def committed(costs: Costly, scope: ScopeKey, tallies: dict[Leaf, Tally] | None = None) -> float:
    """Return what a scope will have cost for sure."""
    figures = read(costs.campaign, NOON, costs.first, tallies or {}, RATES)[scope, "flight"]
    return float(figures.committed)


def test_a_flat_fee_accrues_evenly_from_the_first_event_to_the_end() -> None:
    """From the 10th at noon to the end are 20.5 days."""
    costs = costs_from({LEAF: NOON}, {"flat_fee": 2050})

    assert GLOW not in spent(costs, "flight", NOON)
    assert spent(costs, "flight", NOON + DAY)[GLOW] == pytest.approx(100)
    assert spent(costs, "1h", NOON + DAY)[GLOW] == pytest.approx(100 / 24)
    assert spent(costs, "7d", NOON + DAY)[GLOW] == pytest.approx(100)
    assert spent(costs, "flight", ENDS + DAY)[GLOW] == pytest.approx(2050)


def test_a_fee_of_somebody_not_yet_seen_does_not_accrue() -> None:
    found = invested(costs_from({}, {"flat_fee": 120}), "flight", NOON)

    assert found == {ANA: Invested(), GLOW: Invested()}


def test_a_fee_begins_with_the_earliest_event_of_the_influencer_and_with_that_of_the_content_it_names() -> (
    None
):
    first = {LEAF: NOON, LEAF._replace(content="reel-2"): STARTS}

    assert spent(costs_from(first, {"flat_fee": 3000}), "flight", NOON)[GLOW] == pytest.approx(950)
    assert GLOW not in spent(costs_from(first, {"flat_fee": 3000, "content": "reel-1"}), "flight", NOON)


@pytest.mark.parametrize("first", [ENDS, ENDS + HOUR])
def test_a_fee_of_somebody_first_seen_after_the_flight_is_due_at_once_in_the_flight_alone(first: int) -> None:
    costs = costs_from({LEAF: first}, {"flat_fee": 120})

    assert spent(costs, "flight", first + 1)[ANA] == 120
    assert spent(costs, "7d", first + 1) == {}


def test_an_event_from_before_a_flight_that_was_moved_begins_the_fee_at_its_start() -> None:
    assert spent(costs_from({LEAF: STARTS - DAY}, {"flat_fee": 3000}), "flight", NOON)[GLOW] == (
        pytest.approx(950)
    )


@given(
    st.integers(STARTS - DAY, ENDS + DAY), st.lists(st.integers(STARTS, ENDS + DAY), min_size=2, max_size=9)
)
def test_a_fee_only_grows_and_comes_to_all_of_it(first: int, looks: list[int]) -> None:
    costs = costs_from({LEAF: first}, {"flat_fee": 120})

    amounts = [spent(costs, "flight", now).get(GLOW, 0.0) for now in sorted(looks) if now >= first]

    assert amounts == sorted(amounts)
    assert spent(costs, "flight", ENDS + DAY)[GLOW] == pytest.approx(120)


def test_spend_accrues_over_its_own_dates_within_the_flight_though_nobody_was_seen() -> None:
    """Two of its four days lie before the flight, which begins on the first."""
    entry = {"spend": 400, "from": "2026-10-30T00:00:00Z", "to": "2026-11-03T00:00:00Z"}
    costs = costs_from({}, entry)

    assert spent(costs, "flight", NOON) == pytest.approx({GLOW: 200, ANA: 200})
    assert spent(costs, "24h", NOON) == {}
    assert spent(costs, "24h", STARTS + DAY + HOUR)[GLOW] == pytest.approx(100)


def test_a_spend_outside_the_flight_costs_nothing() -> None:
    entry = {"spend": 400, "from": "2026-10-30T00:00:00Z", "to": "2026-10-31T00:00:00Z"}

    assert committed(costs_from({}, entry), GLOW) == 0


def test_rates_follow_the_counts() -> None:
    tally = {"impressions": 2000, "clicks": 10, "conversions:purchase": 2, "conversions:signup": 1}
    tally |= {"revenue:purchase:EUR": 40 * NANOS, "revenue:signup:USD": 50 * NANOS}
    costs = costs_from({LEAF: NOON}, {"cpm": 8, "cpc": 0.25, "cpa": 5, "revenue_share": 0.1})

    assert spent(costs, "flight", NOON, {LEAF: tally})[GLOW] == pytest.approx(16 + 2.5 + 15 + 0.1 * (40 + 40))


def test_rates_of_one_influencer_or_content_leave_others_alone() -> None:
    reels = [LEAF, LEAF._replace(content="reel-2"), LEAF._replace(influencer="ben")]
    tallies: dict[Leaf, Tally] = {leaf: {"clicks": 10} for leaf in reels}
    first = dict.fromkeys(reels, NOON)

    assert spent(costs_from(first, {"cpc": 1}), "flight", NOON, tallies)[GLOW] == pytest.approx(20)
    one = costs_from(first, {"cpc": 1, "content": "reel-2"})
    assert spent(one, "flight", NOON, tallies)[GLOW] == pytest.approx(10)


def test_without_costs_nothing_is_known() -> None:
    found = invested(Costly(campaign(), {LEAF: NOON}), "flight", NOON, {LEAF: {"clicks": 1}})

    assert set(found.values()) == {None}


def test_a_share_of_a_revenue_that_cannot_be_converted_makes_the_cost_unknown() -> None:
    costs = costs_from(
        {LEAF: NOON, LEAF._replace(influencer="ben"): NOON},
        {"cpc": 1.0, "revenue_share": 0.5, "flat_fee": 10},
        {"influencer": "ben", "cpc": 1.0},
    )
    ben = LEAF._replace(influencer="ben")
    tallies: dict[Leaf, Tally] = {LEAF: {"clicks": 2, "revenue:purchase:USD": 5}, ben: {"clicks": 3}}

    found = invested(costs, "flight", NOON, tallies, None)

    assert (found[GLOW], found[ANA]) == (None, None)
    assert found[ScopeKey("influencer", ("glow", "ben"))] == Invested(fixed=3)
    assert read(costs.campaign, NOON, costs.first, tallies, None)[GLOW, "flight"].committed is None


def test_what_conversions_of_goals_made_due_is_told_from_the_rest() -> None:
    """A download costs its rate, too; but one more acquisition does not cost it again."""
    costs = costs_from(
        {LEAF: STARTS},
        {"flat_fee": 3000, "cpm": 8, "cpc": 0.25},
        {"cpa": 5, "revenue_share": 0.1},
        goals=["signup"],
    )
    tally = {"impressions": 1000, "clicks": 4, "conversions:signup": 2, "conversions:download": 3}
    tally |= {"revenue:signup:EUR": 30 * NANOS, "revenue:purchase:EUR": 70 * NANOS}

    found = invested(costs, "24h", NOON, {LEAF: tally})

    assert (of_campaign := found[GLOW]) is not None
    expected = Invested(fixed=100 + 8 + 1 + 15 + 7, by_conversion=13, least_cpa=5, fees=100)
    assert astuple(of_campaign) == pytest.approx(astuple(expected))
    assert of_campaign.variable == pytest.approx(8 + 1 + 15 + 7 + 13)


def test_committed_is_every_fee_and_spend_of_the_flight_and_what_results_have_cost() -> None:
    entry = {"spend": 400, "from": "2026-11-29T00:00:00Z", "to": "2026-12-03T00:00:00Z"}
    first = {LEAF._replace(influencer="ben", channel="tiktok"): NOON, LEAF: NOON}
    costs = costs_from(first, {"flat_fee": 3000, "cpc": 2}, {"content": "reel-2", "flat_fee": 70}, entry)

    assert committed(costs, GLOW, tallies={LEAF: {"clicks": 10}}) == pytest.approx(3000 + 70 + 200 + 20)
    assert committed(costs, ScopeKey("content", ("glow", "ana", "reel-2"))) == 70
    assert committed(costs, ScopeKey("channel", ("glow", "tiktok"))) == 0


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
    found = least_cpas(declared, seen)

    for name, rate in least.items():
        assert found[ScopeKey("influencer", ("glow", name)) if name else GLOW] == rate
