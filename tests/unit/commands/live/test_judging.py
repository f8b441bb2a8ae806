"""A figure is beyond its threshold or keeps it only where its bounds say so."""

from typing import Any

import pytest

from commands.live.judging import Verdict, badness, judge, judge_budget, judge_pacing, sentence
from commands.live.page import CampaignPage
from models.kpis.catalogue import kpi
from models.scopes import ScopeKey
from tests.unit.commands.live.building import campaign, page, part


def verdict(shown: CampaignPage, identifier: str) -> Verdict | None:
    judgement = judge(shown, kpi(identifier), shown.scope, "flight")
    return judgement.verdict if judgement else None


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [(26, 40, "beyond"), (25, 40, "early"), (10, 26, "early"), (10, 25, "within"), (10, 24, "within")],
)
def test_a_cost_is_beyond_its_maximum_when_its_lower_bound_is(
    lower: float, upper: float, expected: Verdict
) -> None:
    shown = page(campaign(cpa=30, cpa_lower=lower, cpa_upper=upper, limits={"cpa": 25}))
    assert verdict(shown, "cpa") == expected


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [(0.01, 0.04, "beyond"), (0.01, 0.05, "early"), (0.04, 0.06, "early"), (0.05, 0.06, "within")],
)
def test_a_rate_is_beyond_its_minimum_when_its_upper_bound_is(
    lower: float, upper: float, expected: Verdict
) -> None:
    figures: dict[str, Any] = {
        "engagement_ratio": 0.03,
        "engagement_ratio_lower": lower,
        "engagement_ratio_upper": upper,
    }
    assert verdict(page(campaign(limits={"engagement": 0.05}, **figures)), "engagement_ratio") == expected


@pytest.mark.parametrize(("least", "expected"), [(13.6, "early"), (25.1, "beyond")])
def test_without_a_conversion_the_least_that_one_will_cost_is_judged(least: float, expected: Verdict) -> None:
    shown = page(campaign(cpa_lower=least, limits={"cpa": 25}))
    assert verdict(shown, "cpa") == expected
    judgement = judge(shown, kpi("cpa"), shown.scope, "flight")
    assert judgement is not None
    assert f"at least {least:.2f} EUR" in sentence(judgement, "EUR")


@pytest.mark.parametrize(("sales", "expected"), [(19, "early"), (20, "beyond")])
def test_what_has_no_bounds_is_judged_from_its_smallest_sample_on(sales: int, expected: Verdict) -> None:
    shown = page(campaign(roi_ratio=-0.4, goal_conversions=sales, limits={"roi": 0}, needed={"roi": 20}))
    assert verdict(shown, "roi_ratio") == expected


def test_a_sample_too_small_is_said_with_its_numbers() -> None:
    figures: dict[str, Any] = {
        "sentiment_ratio": -0.5,
        "sentiment_ratio_lower": -0.8,
        "sentiment_ratio_upper": -0.1,
    }
    shown = page(campaign(rated_mentions=12, limits={"sentiment": 0}, needed={"sentiment": 30}, **figures))
    judgement = judge(shown, kpi("sentiment_ratio"), shown.scope, "flight")
    assert judgement is not None
    said = sentence(judgement, "EUR")
    assert said == "Net sentiment -0.50, minimum +0.00: too early to say (12 of 30 rated mentions)"


def test_a_sure_figure_is_said_with_the_bound_that_makes_it_sure() -> None:
    shown = page(campaign(cpa=30, cpa_lower=26, cpa_upper=40, limits={"cpa": 25}))
    judgement = judge(shown, kpi("cpa"), shown.scope, "flight")
    assert judgement is not None
    assert sentence(judgement, "EUR") == (
        "CPA 30.00 EUR, surely at least 26.00 EUR: beyond its maximum 25.00 EUR"
    )


def test_nothing_is_judged_without_threshold_or_figure() -> None:
    assert verdict(page(campaign(cpa=30, cpa_lower=26, cpa_upper=40)), "cpa") is None
    assert verdict(page(campaign(limits={"cpa": 25})), "cpa") is None


def test_a_place_whose_figures_have_no_bounds_is_not_judged() -> None:
    shown = page([*campaign(limits={"cpa": 25}), *part("channel", {"channel": "tiktok"}, cpa=900)])
    assert judge(shown, kpi("cpa"), ScopeKey("channel", ("glow", "tiktok")), "flight") is None


@pytest.mark.parametrize(
    ("pace", "expected"), [(0.84, "beyond"), (0.86, "within"), (1.14, "within"), (1.16, "beyond")]
)
def test_a_pace_is_off_beyond_fifteen_percent(pace: float, expected: Verdict) -> None:
    assert judge_pacing(page(campaign(money={"pacing_ratio": pace}))) == expected


def test_the_pace_of_what_runs_no_more_is_not_judged() -> None:
    assert judge_pacing(page(campaign(status="grace", money={"pacing_ratio": 3}))) is None


def test_a_budget_is_beyond_when_more_than_all_is_spent() -> None:
    assert judge_budget(page(campaign(money={"budget_spent_ratio": 1.0}))) == "within"
    assert judge_budget(page(campaign(money={"budget_spent_ratio": 1.01}))) == "beyond"


def test_a_threshold_passed_is_worse_than_a_pace_off_and_that_than_doubt() -> None:
    limits = {"cpa": 25.0}
    beyond = page(campaign(cpa=30, cpa_lower=26, cpa_upper=40, limits=limits))
    off = page(campaign(money={"pacing_ratio": 2}))
    doubt = page(campaign(cpa=30, cpa_lower=20, cpa_upper=40, limits=limits))
    well = page(campaign(cpa=10, cpa_lower=9, cpa_upper=11, limits=limits))
    ended = page(campaign(status="ended", cpa=30, cpa_lower=26, cpa_upper=40, limits=limits))
    ranks = [badness(shown) for shown in (beyond, off, doubt, well, ended)]
    assert ranks == sorted(ranks, reverse=True)
    assert len(set(ranks)) == 5
