"""The formulas: right on known figures, absent where they are not defined, never NaN or infinite."""

import math
from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models import kpis
from models.catalogue import CONVERSION_KINDS, INTERACTION_KINDS, KPIS, kpi
from models.kpis import Figures

NAMES = ["impressions", "identified", "clicks", "video_views", "cancellations"]
NAMES += [f"interactions:{kind}" for kind in INTERACTION_KINDS]
NAMES += [f"conversions:{kind}" for kind in CONVERSION_KINDS]
AMOUNTS = st.none() | st.floats(0, 1e15)
FIGURES = st.builds(
    Figures,
    st.dictionaries(st.sampled_from(NAMES), st.integers(1, 10**15)),
    st.integers(0, 10**9),
    AMOUNTS,
    AMOUNTS,
    AMOUNTS,
)
NOTHING = Figures({}, 0, None, None, None)
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
    },
    reach=200,
    invested=100.0,
    revenue=250.0,
    emv=80.0,
)


@given(FIGURES)
@example(NOTHING)
@example(Figures({"conversions:purchase": 1}, 1, 5e-324, 1e15, 1e15))
def test_no_kpi_is_ever_nan_or_infinite(figures: Figures) -> None:
    for entry in KPIS:
        found = entry.compute(figures)
        values = list(found.values()) if isinstance(found, Mapping) else [found]
        assert all(value is None or math.isfinite(value) for value in values), entry.id


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("reach_persons", 200),
        ("identified_impressions_ratio", 0.075),
        ("impressions", 4000),
        ("frequency_ratio", 1.5),
        ("video_views", 500),
        ("engagement_ratio", 0.25),
        ("interactions", {"click": 20, "like": 30}),
        ("clicks", 20),
        ("ctr_ratio", 0.005),
        ("conversions", {"purchase": 4, "signup": 1}),
        ("revenue", 250),
        ("invested", 100),
        ("cpa", 20),
        ("roi_ratio", 1.5),
        ("cpe", 2),
        ("cpm", 25),
        ("emv", 80),
        ("emv_to_invested_ratio", 0.8),
    ],
)
def test_each_formula_gives_the_known_value(name: str, value: object) -> None:
    assert kpi(name).compute(SOME) == pytest.approx(value)


@pytest.mark.parametrize(
    "name",
    ["identified_impressions_ratio", "frequency_ratio", "engagement_ratio", "ctr_ratio", "cpa", "cpe", "cpm"],
)
def test_a_zero_denominator_leaves_a_ratio_absent(name: str) -> None:
    assert kpi(name).compute(Figures({}, 0, 100.0, 0.0, 0.0)) is None


@pytest.mark.parametrize("name", ["cpa", "cpe", "cpm", "roi_ratio", "emv_to_invested_ratio"])
@pytest.mark.parametrize("invested", [None, 0.0])
def test_where_nothing_was_invested_cost_kpis_are_absent(name: str, invested: float | None) -> None:
    assert kpi(name).compute(Figures(SOME.tally, 200, invested, 250.0, 80.0)) is None


def test_counts_and_money_of_nothing_are_zero_and_not_absent() -> None:
    empty = Figures({}, 0, 0.0, 0.0, 0.0)

    assert [
        kpi(name).compute(empty) for name in ("impressions", "reach_persons", "clicks", "revenue", "emv")
    ] == [0] * 5


def test_a_loss_of_all_is_a_return_of_minus_one() -> None:
    assert kpis.roi(Figures({}, 0, 100.0, 0.0, 0.0)) == -1


def test_an_unknown_revenue_leaves_the_return_absent() -> None:
    assert kpis.roi(Figures({}, 0, 100.0, None, 0.0)) is None


@given(st.floats(0, 1e15), st.floats(0, 1e15))
@example(1e15, 5e-324)
def test_a_ratio_is_finite_or_absent(numerator: float, denominator: float) -> None:
    found = kpis.ratio(numerator, denominator)

    assert found is None or math.isfinite(found)
