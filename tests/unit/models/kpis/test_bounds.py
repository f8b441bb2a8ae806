"""The bounds hold the truth about as often as they say, and are as published."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.random import Generator

from models.kpis import bounds, methods
from models.kpis.bounds import UNKNOWN, Interval
from models.kpis.clusters import FAMILIES, Spread
from models.kpis.figures import Figures, Invested
from models.statistics.gamma import count_lower, count_upper
from models.statistics.intervals import Estimate, exact
from models.statistics.looks import always
from models.tally import Tally

TRIALS = 1500
NONE = exact(0)
INDEPENDENT = Spread(dict.fromkeys(FAMILIES, 1.0))
"""Nobody acts twice."""


def figures(
    tally: Tally | None = None, reach: Estimate = NONE, invested: Invested | None = None, **others: object
) -> Figures:
    return Figures(tally or {}, reach, invested, 0.0, 0.0, **{"spread": INDEPENDENT} | others)  # type: ignore[arg-type]  # as given


def coverage(draw: Callable[[Generator], Interval], truth: float) -> float:
    """Return how often an interval that is drawn holds the truth; an absent end is no limit."""
    chance, held = np.random.default_rng(7), 0
    for _ in range(TRIALS):
        lower, upper = draw(chance)
        held += (lower is None or lower <= truth) and (upper is None or truth <= upper)
    return held / TRIALS


@pytest.mark.parametrize("expectation", [0.5, 3.0, 20.0, 130.0])
def test_bounds_of_a_count_hold_its_expectation(expectation: float) -> None:
    found = coverage(
        lambda chance: bounds.of_count(figures(), int(chance.poisson(expectation)), "clicks"), expectation
    )

    assert 0.94 <= found <= 1  # exact: never fewer than 95 times of 100, but for chance


@pytest.mark.parametrize(("impressions", "rate"), [(100, 0.05), (400, 0.02), (50, 0.3)])
def test_bounds_of_ctr_hold_the_rate(impressions: int, rate: float) -> None:
    def draw(chance: Generator) -> Interval:
        clicks = int(chance.binomial(impressions, rate))
        return bounds.of_ctr(figures({"impressions": impressions, "clicks": clicks}), clicks / impressions)

    assert 0.94 <= coverage(draw, rate) <= 1


@pytest.mark.parametrize(("persons", "spread"), [(200, 0.0), (200, 0.02), (1000, 0.01)])
def test_bounds_of_engagement_hold_the_rate_though_reach_is_estimated(persons: int, spread: float) -> None:
    def draw(chance: Generator) -> Interval:
        seen = persons * (1 + chance.normal(0, spread))
        reach = Estimate(seen, seen / (1 + 1.96 * spread), seen / (1 - 1.96 * spread))
        likes = int(chance.poisson(persons * 0.1))
        return bounds.of_engagement(figures({"interactions:like": likes}, reach), likes / seen)

    assert 0.94 <= coverage(draw, 0.1) <= 1


@pytest.mark.parametrize(
    ("expectation", "fixed", "rate"), [(1.0, 100.0, 0.0), (3.0, 100.0, 5.0), (60.0, 500.0, 5.0)]
)
def test_bounds_of_cpa_hold_the_cost_of_a_conversion(expectation: float, fixed: float, rate: float) -> None:
    def draw(chance: Generator) -> Interval:
        count = int(chance.poisson(expectation))
        spent = Invested(fixed, rate * count, least_cpa=rate)
        found = figures({"conversions:signup": count} if count else {}, invested=spent)
        return bounds.of_cpa(found, spent.total / count if count else None)

    assert 0.94 <= coverage(draw, fixed / expectation + rate) <= 1


@pytest.mark.parametrize(
    ("count", "positive", "negative"), [(30, 0.5, 0.2), (30, 0.9, 0.05), (12, 0.3, 0.3), (200, 0.6, 0.39)]
)
def test_bounds_of_sentiment_hold_the_net_sentiment(count: int, positive: float, negative: float) -> None:
    def draw(chance: Generator) -> Interval:
        shares = (positive, negative, 1 - positive - negative)
        good, bad, neither = map(int, chance.multinomial(count, shares))
        tally = {"rated:positive": good, "rated:negative": bad, "rated:neutral": neither}
        value = (good - bad) / count
        return bounds.of_sentiment(figures(tally), value)

    assert 0.92 <= coverage(draw, positive - negative) <= 1


@pytest.mark.parametrize("spread", [0.005, 0.02])
def test_bounds_of_target_coverage_hold_it_as_those_of_target_reach_do(spread: float) -> None:
    def draw(chance: Generator) -> Interval:
        seen = 500 * (1 + chance.normal(0, spread))
        reach = Estimate(seen, seen / (1 + 1.96 * spread), seen / (1 - 1.96 * spread))
        return bounds.of_target_coverage(figures(target_reach=reach, target_size=2000), seen / 2000)

    assert 0.92 <= coverage(draw, 0.25) <= 0.99


def test_reach_shows_the_bounds_of_its_estimate() -> None:
    reach = Estimate(1000, 980, 1021)
    found = figures(reach=reach, target_reach=reach, target_size=10_000)

    assert bounds.of_reach(found, 1000) == bounds.of_target_reach(found, 1000) == Interval(980, 1021)
    assert bounds.of_target_coverage(found, 0.1) == Interval(0.098, 0.1021)


def test_without_a_target_there_are_no_bounds_of_it() -> None:
    assert bounds.of_target_reach(figures(), None) == UNKNOWN
    assert bounds.of_target_coverage(figures(), None) == UNKNOWN


def test_the_doubts_of_interactions_and_of_reach_join_as_independent_ones_do() -> None:
    """Ln of 4.795 to 18.39 around 10, ln of 90 to 120 around 100; of none the larger doubt stands alone."""
    found = bounds.of_engagement(figures({"interactions:like": 10}, Estimate(100, 90, 120)), 0.1)
    down = math.hypot(math.log(10 / count_lower(10)), math.log(120 / 100))
    up = math.hypot(math.log(count_upper(10) / 10), math.log(100 / 90))

    assert found == pytest.approx((0.1 * math.exp(-down), 0.1 * math.exp(up)))
    assert bounds.of_engagement(figures({}, Estimate(100, 90, 120)), 0.0) == pytest.approx(
        (0, count_upper(0) / 90)
    )


def test_an_aggregate_is_one_event() -> None:
    """Three reports of 100 clicks each: 300 clicks that are as sure as three events."""
    found = bounds.of_ctr(figures({"impressions": 10_000, "clicks": 300, "squares:clicks": 30_000}), 0.03)

    assert found == pytest.approx((100 * count_lower(3.0) / 10_000, 100 * count_upper(3.0) / 10_000))


def test_a_report_of_views_is_one_event() -> None:
    """Three reports of 1000 views each; reports of likes say nothing of views."""
    counts = {"video_views": 3000, "squares:video_views": 3_000_000, "squares:interactions": 10**9}
    found = methods.VIDEO_VIEWS.compute(figures(counts), 3000.0)

    assert found == pytest.approx((1000 * count_lower(3.0), 1000 * count_upper(3.0)))


def test_reports_of_other_kinds_leave_the_goals_as_sure_as_they_are() -> None:
    """Ten orders beside a report of 1000 sign-ups."""
    counts = {"conversions:purchase": 10, "conversions:signup": 1000, "squares:conversions:purchase": 10}
    seen = figures(counts | {"squares:conversions:signup": 10**6}, goals=frozenset({"purchase"}))

    found = methods.GOAL_CONVERSIONS.compute(seen, 10.0)
    assert found == pytest.approx((count_lower(10.0), count_upper(10.0)))


def test_people_who_act_twice_make_bounds_of_half_as_many() -> None:
    twice = Spread(dict.fromkeys(FAMILIES, 2.0))
    found = bounds.of_cpa(figures({"conversions:signup": 10}, invested=Invested(100.0), spread=twice), 10.0)

    assert found == pytest.approx((100 / (2 * count_upper(5.0)), 100 / (2 * count_lower(5.0))))


def test_roi_is_as_sure_as_its_revenue_and_costs_by_result_go_along() -> None:
    """Ten orders of 10 each; 50 fixed, a tenth of the revenue."""
    spent = Invested(50.0, 10.0)
    tally: Tally = {"conversions:purchase": 10}
    found = bounds.of_roi(
        figures(tally, invested=spent, goal_revenue=100.0, goal_revenue_squares=1000.0), 100 / 60 - 1
    )
    least, most = 10 * count_lower(10), 10 * count_upper(10)

    assert found == pytest.approx((least / (50 + 0.1 * least) - 1, most / (50 + 0.1 * most) - 1))


def test_cpe_is_as_sure_as_its_interactions() -> None:
    found = bounds.of_cpe(figures({"interactions:like": 40}, invested=Invested(80.0)), 2.0)

    assert found == pytest.approx((80 / count_upper(40), 80 / count_lower(40)))


def test_fees_accrue_while_people_sleep() -> None:
    """Half a day may bring as little as 0.5 − 1 ÷ π of a day."""
    look = always(0.5)
    spent = Invested(100.0, fees=100.0)
    found = bounds.of_cpa(figures({"conversions:signup": 9}, invested=spent), 100 / 9, look)

    assert found.lower == pytest.approx(100 * (1 - 2 / math.pi) / look.upper(9.0, 1.0))


def test_where_reach_may_be_nobody_engagement_has_no_upper_bound() -> None:
    found = bounds.of_engagement(figures({"interactions:like": 1}, Estimate(1, 0, 2)), 1.0)

    assert found.upper is None
    assert found.lower is not None


def test_bounds_of_sentiment_are_those_of_the_paper() -> None:
    """12 of 20 positive, 2 negative: 13 ÷ 22 − 3 ÷ 22, ± 1.96 √((16 ÷ 22 − (10 ÷ 22)²) ÷ 22)."""
    found = bounds.of_sentiment(figures({"rated:positive": 12, "rated:negative": 2, "rated:neutral": 6}), 0.5)

    margin = 1.959963984540054 * math.sqrt((16 / 22 - (10 / 22) ** 2) / 22)
    assert found == pytest.approx((10 / 22 - margin, 10 / 22 + margin))


def test_sentiment_never_leaves_its_range() -> None:
    assert bounds.of_sentiment(figures({"rated:positive": 3}), 1.0).upper == 1
    assert bounds.of_sentiment(figures({"rated:negative": 3}), -1.0).lower == -1


@pytest.mark.parametrize(("organic", "suspicious"), [(900, 100), (30, 3), (50, 50), (5, 200)])
def test_bounds_of_authenticity_hold_the_share(organic: float, suspicious: float) -> None:
    def draw(chance: Generator) -> Interval:
        good, bad = int(chance.poisson(organic)), int(chance.poisson(suspicious))
        tally = {"judged": good + bad, "suspicious:burst": bad}
        return bounds.of_authenticity(figures(tally), good / (good + bad))

    assert 0.94 <= coverage(draw, organic / (organic + suspicious)) <= 1


def test_a_burst_is_one_event_among_the_suspicious() -> None:
    """Of 1000 judged none is suspicious, and one burst of 30 might have been: 3.69 × 30 = 110.7."""
    found = bounds.of_authenticity(figures({"judged": 1000}, spread=Spread()), 1.0)

    assert found.upper == 1
    assert found.lower == pytest.approx(
        count_lower(1000.0, 1.75) / (count_lower(1000.0, 1.75) + 110.667), rel=1e-4
    )


def test_authenticity_never_leaves_its_range() -> None:
    for judged, suspicious in ((1, 0), (1, 1), (10**12, 1), (10**12, 10**12)):
        tally = {"judged": judged, "suspicious:burst": suspicious}
        lower, upper = bounds.of_authenticity(figures(tally), 1 - suspicious / judged)
        assert lower is not None
        assert upper is not None
        assert 0 <= lower <= 1 - suspicious / judged <= upper <= 1


def test_without_conversions_cpa_has_a_lower_bound_alone() -> None:
    found = bounds.of_cpa(figures(invested=Invested(368.888, 0.0, least_cpa=5.0)), None)

    assert found.upper is None
    assert found.lower == pytest.approx(105, rel=1e-5)


@pytest.mark.parametrize("invested", [None, Invested(), Invested(least_cpa=5.0)])
def test_where_nothing_is_known_to_be_invested_cpa_has_no_bounds(invested: Invested | None) -> None:
    assert bounds.of_cpa(figures(invested=invested), None) == UNKNOWN
    assert bounds.of_cpa(figures({"conversions:signup": 3}, invested=invested), None) == UNKNOWN


def test_what_each_conversion_costs_is_sure() -> None:
    found = bounds.of_cpa(figures({"conversions:signup": 3}, invested=Invested(0.0, 15.0)), 5.0)

    assert found == (5.0, 5.0)


def test_what_is_absent_has_no_bounds() -> None:
    brand = (bounds.of_sentiment, bounds.of_authenticity)
    for compute in (bounds.of_ctr, bounds.of_engagement, *brand, bounds.of_cpe, bounds.of_roi):
        assert compute(figures(), None) == UNKNOWN
    assert bounds.of_count(figures(), None, "clicks") == UNKNOWN


@pytest.mark.parametrize("revenue", [1e-9, 1e3, 1e12, 1e18])
@pytest.mark.parametrize("days", [0.0, 1e-7, 1.0])
@pytest.mark.filterwarnings("error")
def test_a_first_moment_with_any_revenue_has_bounds_or_none(revenue: float, days: float) -> None:
    known = figures(
        {"conversions:purchase": 1},
        invested=Invested(fixed=300.0, fees=300.0),
        goal_revenue=revenue,
        spread=Spread(dict.fromkeys(FAMILIES, 1.75), {"conversions": 0.16}, days),
    )
    lower, upper = bounds.of_roi(known, revenue / 300 - 1, always(days))

    assert lower is not None
    assert lower <= revenue / 300 - 1
    assert upper is None or (math.isfinite(upper) and upper >= revenue / 300 - 1)
