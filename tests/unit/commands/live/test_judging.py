"""A figure has the verdict that the page gives it, and no other."""

from typing import Any

import pytest

from commands.live.judging import (
    Verdict,
    badness,
    is_doubtful,
    judge,
    judge_budget,
    judge_pacing,
    judge_silence,
    sentence,
)
from commands.live.page import CampaignPage
from models.kpis.catalogue import kpi
from models.scopes import ScopeKey
from models.windows import WindowName
from tests.unit.commands.live.building import campaign, page, part

CPA: dict[str, Any] = {"limits": {"cpa": 25}, "cpa": 30, "cpa_lower": 26, "cpa_upper": 40}
SIDES: dict[str, Any] = {"cpa_always_lower": 25.5, "cpa_always_upper": 44}


def verdict(shown: CampaignPage, identifier: str, window: WindowName = "flight") -> Verdict | None:
    judgement = judge(shown, kpi(identifier), shown.scope, window)
    return judgement.verdict if judgement else None


def said(shown: CampaignPage, identifier: str) -> str:
    judgement = judge(shown, kpi(identifier), shown.scope, "flight")
    assert judgement is not None
    return sentence(judgement, "EUR")


@pytest.mark.parametrize(("given", "expected"), [(-1, "beyond"), (0, "early"), (1, "keeps")])
def test_a_figure_has_the_verdict_of_the_page_whatever_its_bounds(given: int, expected: Verdict) -> None:
    assert verdict(page(campaign(verdicts={"cpa": given}, **CPA)), "cpa") == expected


def test_a_figure_without_a_verdict_is_not_judged_though_it_has_bounds() -> None:
    assert verdict(page(campaign(**CPA)), "cpa") is None
    assert verdict(page(campaign(verdicts={"roi": -1}, **CPA)), "cpa") is None


def test_a_window_that_has_no_verdict_is_not_judged() -> None:
    shown = page(campaign(verdicts={"cpa": -1}, **CPA) + campaign(window="24h", cpa=99)[1:])
    assert verdict(shown, "cpa", "24h") is None


def test_a_part_of_a_campaign_is_not_judged_by_the_verdict_on_the_whole() -> None:
    ana = part("influencer", {"influencer": "ana"}, cpa=900, cpa_lower=800, cpa_upper=1000)
    shown = page([*campaign(verdicts={"cpa": -1}, **CPA), *ana])
    assert judge(shown, kpi("cpa"), ScopeKey("influencer", ("glow", "ana")), "flight") is None


def test_what_is_beyond_is_said_to_be_likely_with_the_bound_that_decides() -> None:
    shown = page(campaign(verdicts={"cpa": -1}, **CPA, **SIDES))
    assert said(shown, "cpa") == "CPA 30.00 EUR, likely at least 25.50 EUR: beyond its maximum 25.00 EUR"


def test_what_keeps_its_minimum_is_said_with_its_lower_bound() -> None:
    figures: dict[str, Any] = {
        "ctr_ratio": 0.01,
        "ctr_ratio_always_lower": 0.008,
        "ctr_ratio_always_upper": 0.02,
    }
    shown = page(campaign(limits={"ctr": 0.005}, verdicts={"ctr": 1}, **figures))
    assert said(shown, "ctr_ratio") == "CTR 1.00%, likely at least 0.80%: keeps its minimum 0.50%"


def test_without_a_conversion_the_least_that_one_will_cost_is_said() -> None:
    early = page(campaign(limits={"cpa": 25}, verdicts={"cpa": 0}, cpa_always_lower=13.6))
    assert said(early, "cpa") == (
        "No CPA yet, maximum 25.00 EUR: too early to say (it will likely be at least 13.60 EUR)"
    )
    beyond = page(campaign(limits={"cpa": 25}, verdicts={"cpa": -1}, cpa_always_lower=25.1))
    assert said(beyond, "cpa") == "No CPA yet, likely at least 25.10 EUR: beyond its maximum 25.00 EUR"


def test_what_is_too_early_is_said_with_what_it_may_be() -> None:
    shown = page(campaign(verdicts={"cpa": 0}, **CPA, cpa_always_lower=20, cpa_always_upper=44))
    assert said(shown, "cpa") == (
        "CPA 30.00 EUR, maximum 25.00 EUR: too early to say (it is likely 20.00 EUR to 44.00 EUR)"
    )


def test_a_sample_too_small_is_said_with_its_numbers() -> None:
    shown = page(
        campaign(
            rated_mentions=12,
            limits={"sentiment": 0},
            needed={"sentiment": 30},
            verdicts={"sentiment": 0},
            sentiment_ratio=-0.5,
        )
    )
    assert said(shown, "sentiment_ratio") == (
        "Net sentiment -0.50, minimum +0.00: too early to say (12 of 30 rated mentions)"
    )


@pytest.mark.parametrize(
    ("concerns", "expected"),
    [
        ({}, None),
        ({"overspend": 1, "underspend": 1}, "keeps"),
        ({"overspend": 0, "underspend": 1}, "early"),
        ({"overspend": -1, "underspend": 1}, "beyond"),
        ({"overspend": 1, "underspend": -1}, "beyond"),
    ],
)
def test_a_pace_has_the_worse_verdict_of_both_directions(
    concerns: dict[str, int], expected: Verdict | None
) -> None:
    assert judge_pacing(page(campaign(concerns=concerns, money={"pacing_ratio": 1153}))) == expected


def test_a_budget_is_beyond_where_it_is_overspent_or_will_likely_be() -> None:
    assert judge_budget(page(campaign(concerns={"overspend": -1}))) == "beyond"
    assert judge_budget(page(campaign(concerns={"underspend": -1, "overspend": 1}))) == "keeps"
    assert judge_budget(page(campaign(money={"budget_spent_ratio": 1.0}))) is None
    spent = page(campaign(concerns={"overspend": 1}, money={"budget_spent_ratio": 1.01}))
    assert judge_budget(spent) == "beyond"


def test_a_silence_has_the_verdict_of_the_page() -> None:
    assert judge_silence(page(campaign(concerns={"silence": -1}))) == "beyond"
    assert judge_silence(page(campaign())) is None


@pytest.mark.parametrize(
    ("ratio", "reach", "expected"), [(0.5, 100, False), (0.5, 99, True), (1.0, 100, False), (1.01, 100, True)]
)
def test_a_share_above_all_or_of_few_is_doubtful(ratio: float, reach: float, expected: bool) -> None:
    shown = page(campaign(engagement_ratio=ratio, estimated_reach_persons=reach))
    assert is_doubtful(shown, kpi("engagement_ratio"), shown.scope, "flight") == expected


def test_a_threshold_passed_is_worse_than_another_concern_and_that_than_doubt() -> None:
    beyond = page(campaign(verdicts={"cpa": -1}, **CPA))
    off = page(campaign(concerns={"overspend": -1}))
    doubt = page(campaign(verdicts={"cpa": 0}, **CPA))
    well = page(campaign(verdicts={"cpa": 1}, **CPA))
    ended = page(campaign(status="ended", verdicts={"cpa": -1}, **CPA))
    ranks = [badness(shown) for shown in (beyond, off, doubt, well, ended)]
    assert ranks == sorted(ranks, reverse=True)
    assert len(set(ranks)) == 5
