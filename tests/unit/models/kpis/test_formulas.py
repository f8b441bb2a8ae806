"""The formulas: right on known figures, absent where they are not defined, never NaN or infinite."""

import math
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.kinds import CONVERSIONS, INTERACTIONS, POLARITIES, REASONS, names
from models.kpis import formulas
from models.kpis.bounds import UNKNOWN
from models.kpis.brand import SUSPICIOUS
from models.kpis.catalogue import KPIS, kpi
from models.kpis.figures import Figures, Forecast, Invested
from models.kpis.numbers import ratio
from models.statistics.intervals import Estimate, exact

NAMES = ["impressions", "identified", "clicks", "video_views", "cancellations"]
NAMES += [f"interactions:{kind}" for kind in names(INTERACTIONS)]
NAMES += [f"conversions:{kind}" for kind in names(CONVERSIONS)]
NAMES += [f"rated:{polarity}" for polarity in names(POLARITIES)]
NAMES += ["judged", *(f"suspicious:{reason}" for reason in names(SUSPICIOUS))]
NAMES += [f"noted:{reason}" for reason in names(REASONS)]
TIMES = st.integers(0, 10**15)
AMOUNTS = st.floats(0, 1e15)
ESTIMATES = st.lists(st.integers(0, 10**9), min_size=3, max_size=3).map(
    lambda found: Estimate(sorted(found)[1], min(found), max(found))
)
FIGURES = st.builds(
    Figures,
    tally=st.dictionaries(st.sampled_from(NAMES), st.integers(1, 10**12)),
    reach=ESTIMATES,
    invested=st.none() | st.builds(Invested, AMOUNTS, AMOUNTS, AMOUNTS),
    revenue=st.none() | AMOUNTS,
    goals=st.none() | st.frozensets(st.sampled_from(names(CONVERSIONS))),
    goal_revenue=st.none() | AMOUNTS,
    committed=st.none() | AMOUNTS,
    budget=st.none() | st.floats(1e-9, 1e12),
    elapsed=st.none() | st.floats(0, 1),
    forecast=st.none() | st.builds(Forecast, AMOUNTS, AMOUNTS, TIMES, TIMES),
    emv=st.none() | AMOUNTS,
    target_reach=st.none() | ESTIMATES,
    target_size=st.none() | st.integers(1, 10**12),
    alignment=st.none() | st.floats(0, 1),
)
NOTHING = Figures({}, exact(0), None, None, None)
SOME = Figures(
    {
        "impressions": 4000,
        "identified": 300,
        "clicks": 20,
        "interactions:click": 20,
        "interactions:like": 30,
        "video_views": 500,
        "conversions:purchase": 4,
        "conversions:signup": 1,
        "rated:positive": 6,
        "rated:neutral": 1,
        "rated:negative": 3,
        "judged": 16,
        "suspicious:burst": 3,
        "suspicious:lockstep": 1,
        "noted:pod": 2,
    },
    reach=exact(200),
    invested=Invested(fixed=70.0, by_conversion=30.0),
    revenue=250.0,
    goal_revenue=250.0,
    committed=900.0,
    emv=80.0,
    target_reach=exact(50),
    target_size=1000,
    alignment=0.7,
)

MANY_BAD = replace(NOTHING, tally={"impressions": 1, "rated:positive": 8, "rated:negative": 16_507_518})


@given(FIGURES)
@example(NOTHING)
@example(Figures({"conversions:purchase": 1}, exact(1), Invested(5e-324), 1e15, 1e15))
@example(Figures({"interactions:like": 1}, Estimate(1, 0, 2), Invested(0.0, 5e-324), 0.0, 0.0))
def test_no_kpi_is_ever_nan_or_infinite_and_each_lies_within_its_bounds(figures: Figures) -> None:
    for entry in KPIS:
        found = entry.compute(figures)
        for value in found.values() if isinstance(found, Mapping) else [found]:
            lower, upper = entry.bounds.compute(figures, value) if entry.bounds else UNKNOWN
            known = [limit for limit in (lower, value, upper) if limit is not None]
            assert all(math.isfinite(limit) for limit in known), entry.id
            assert known == sorted(known), entry.id


@given(FIGURES, st.floats(0, 60))
@example(SOME, 1.0)
@example(MANY_BAD, 1.0)
@example(replace(SOME, invested=Invested(fixed=70.0, fees=70.0), tally={}), 1.0)
def test_bounds_for_every_look_are_never_closer_than_those_of_one(figures: Figures, days: float) -> None:
    figures = replace(figures, spread=replace(figures.spread, days=days))
    for entry in (one for one in KPIS if one.always and one.bounds):
        value = entry.compute(figures)
        assert entry.bounds and entry.always and not isinstance(value, Mapping)
        (lower, upper), always = (way.compute(figures, value) for way in (entry.bounds, entry.always))
        assert (lower is None) == (always.lower is None) and (upper is not None or always.upper is None)
        assert always.lower is None or lower is None or always.lower <= lower + 1e-9 + abs(lower) * 1e-9, (
            entry.id
        )
        assert always.upper is None or upper is None or always.upper >= upper - 1e-9 - abs(upper) * 1e-9, (
            entry.id
        )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("reach_persons", 200),
        ("estimated_reach_persons", 4000 * 200 / 300),
        ("identified_impressions_ratio", 0.075),
        ("impressions", 4000),
        ("frequency_ratio", 1.5),
        ("video_views", 500),
        ("engagement_ratio", 50 * 300 / (4000 * 200)),
        ("interactions", {"click": 20, "like": 30}),
        ("clicks", 20),
        ("ctr_ratio", 0.005),
        ("conversions", {"purchase": 4, "signup": 1}),
        ("goal_conversions", 5),
        ("revenue", 250),
        ("committed", 900),
        ("invested", 100),
        ("cpa", 20),
        ("roi_ratio", 1.5),
        ("cpe", 2),
        ("cpm", 25),
        ("emv", 80),
        ("emv_to_invested_ratio", 0.8),
        ("target_reach_persons", 50),
        ("target_coverage_ratio", 0.05),
        ("rated_mentions", {"positive": 6, "neutral": 1, "negative": 3}),
        ("sentiment_ratio", 0.3),
        ("judged_interactions", 16),
        ("suspicious_interactions", {"burst": 3, "lockstep": 1}),
        ("noted_interactions", {"pod": 2}),
        ("authenticity_ratio", 0.75),
        ("values_alignment_ratio", 0.7),
    ],
)
def test_each_formula_gives_the_known_value(name: str, value: object) -> None:
    assert kpi(name).compute(SOME) == pytest.approx(value)


@pytest.mark.parametrize(
    "name",
    [
        "identified_impressions_ratio",
        "frequency_ratio",
        "engagement_ratio",
        "ctr_ratio",
        "cpa",
        "cpe",
        "cpm",
        "sentiment_ratio",
    ],
)
def test_a_zero_denominator_leaves_a_ratio_absent(name: str) -> None:
    assert kpi(name).compute(Figures({}, exact(0), Invested(100.0), 0.0, 0.0)) is None


@pytest.mark.parametrize("name", ["target_reach_persons", "target_coverage_ratio", "values_alignment_ratio"])
def test_what_is_not_declared_is_absent(name: str) -> None:
    assert kpi(name).compute(NOTHING) is None


def test_a_target_of_whom_nobody_was_reached_is_covered_by_zero() -> None:
    none_yet = replace(NOTHING, target_reach=exact(0), target_size=1000)

    assert kpi("target_coverage_ratio").compute(none_yet) == 0


@pytest.mark.parametrize("name", ["cpa", "cpe", "cpm", "roi_ratio", "emv_to_invested_ratio"])
@pytest.mark.parametrize("invested", [None, Invested()])
def test_where_nothing_was_invested_cost_kpis_are_absent(name: str, invested: Invested | None) -> None:
    assert kpi(name).compute(replace(SOME, invested=invested)) is None


def test_counts_and_money_of_nothing_are_zero_and_not_absent() -> None:
    empty = Figures({}, exact(0), Invested(), 0.0, 0.0)

    assert [
        kpi(name).compute(empty) for name in ("impressions", "reach_persons", "clicks", "revenue", "emv")
    ] == [0] * 5


@pytest.mark.parametrize("name", ["reach_persons", "estimated_reach_persons", "target_reach_persons"])
def test_people_who_were_let_go_are_unknown_and_not_0(name: str) -> None:
    over = replace(SOME, reach=exact(0), target_reach=exact(0))

    assert kpi(name).compute(over) is None


def test_a_loss_of_all_is_a_return_of_minus_one() -> None:
    assert formulas.roi(Figures({}, exact(0), Invested(100.0), 0.0, 0.0, goal_revenue=0.0)) == -1


def test_only_conversions_of_goals_are_acquisitions() -> None:
    aimed = replace(SOME, goals=frozenset({"signup"}), goal_revenue=150.0)

    assert (formulas.goal_conversions(aimed), formulas.cpa(aimed), formulas.roi(aimed)) == (1, 100, 0.5)


def test_results_go_on_as_since_the_first_event_and_fees_do_not_grow() -> None:
    planned = replace(SOME, budget=1000.0, forecast=Forecast(400, 100, elapsed=2, remaining=6))

    assert formulas.forecast_spent(planned) == pytest.approx((400 + 100 * 4) / 1000)
    assert formulas.forecast_spent(replace(planned, budget=None)) is None


def test_an_unknown_revenue_leaves_the_return_absent() -> None:
    assert formulas.roi(Figures({}, exact(0), Invested(100.0), None, 0.0)) is None


@given(st.floats(0, 1e15), st.floats(0, 1e15))
@example(1e15, 5e-324)
def test_a_ratio_is_finite_or_absent(numerator: float, denominator: float) -> None:
    found = ratio(numerator, denominator)

    assert found is None or math.isfinite(found)
