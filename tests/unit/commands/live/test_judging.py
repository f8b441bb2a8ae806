"""A campaign has the verdicts that its worker gives; an influencer is compared with its thresholds."""

import pytest

from commands.live.judging import Verdict, badness, concern, part_verdict, verdict, verdicts, worst
from commands.live.sentences import sentence
from models.kpis.catalogue import kpi
from models.readings.figure import Limit
from tests.unit.commands.live.building import campaign, figure, part

CPA = kpi("cpa")
LIMIT = Limit(bound="max", value=25, min_sample=20)


@pytest.mark.parametrize(("given", "expected"), [(-1, "beyond"), (0, "early"), (1, "keeps"), (None, None)])
def test_a_figure_has_the_verdict_of_its_worker_whatever_its_bounds(
    given: int | None, expected: Verdict | None
) -> None:
    assert verdict(figure(30, given, lower=26, upper=40)) == expected  # type: ignore[arg-type]  # a parameter


def test_the_worst_verdict_counts_concerns_too() -> None:
    assert worst(campaign(kpis={"cpa": figure(20, 1)})) == "keeps"
    assert worst(campaign(kpis={"cpa": figure(20, 1)}, concerns={"silence": -1})) == "beyond"
    assert worst(campaign(concerns={"suspicious_burst": -1, "sentiment_drop": 1})) == "beyond"
    assert worst(campaign()) is None


def test_running_campaigns_rank_by_what_is_beyond_and_those_that_ended_come_last() -> None:
    fine = campaign("fine", {"cpa": figure(20, 1)})
    early = campaign("early", {"cpa": figure(20, 0)})
    fast = campaign("fast", concerns={"overspend": -1})
    bad = campaign("bad", {"cpa": figure(30, -1)})
    over = campaign("over", {"cpa": figure(30, -1)}, status="ended")
    ranked = sorted((fine, over, early, bad, fast), key=badness, reverse=True)
    assert [one.id for one in ranked] == ["bad", "fast", "early", "fine", "over"]


def test_a_concern_is_as_bad_as_the_worse_of_two() -> None:
    slow = campaign(concerns={"underspend": -1, "overspend": 1})
    assert concern(slow, "overspend", "underspend") == "beyond"
    assert concern(slow, "silence") is None


@pytest.mark.parametrize(
    ("lower", "upper", "sales", "expected"),
    [(26, 40, 50, "beyond"), (10, 20, 50, "keeps"), (20, 30, 50, "early"), (26, 40, 5, "early")],
)
def test_an_influencer_is_compared_by_its_bounds_where_its_sample_is_enough(
    lower: float, upper: float, sales: float, expected: Verdict
) -> None:
    ana = part({"cpa": figure(25, lower=lower, upper=upper), "goal_conversions": sales}, influencer="ana")
    assert part_verdict(CPA, ana, LIMIT) == expected


def test_what_has_no_bounds_or_no_threshold_is_not_compared() -> None:
    assert part_verdict(CPA, part({"cpa": 30, "goal_conversions": 50}), LIMIT) is None
    assert part_verdict(CPA, part({"cpa": figure(30, lower=26, upper=40)}), None) is None


def test_verdicts_are_listed_the_worst_first() -> None:
    kpis = {"engagement_ratio": figure(0.1, 1), "ctr_ratio": figure(0.1, 0), "cpa": figure(30, -1)}
    assert [(entry.id, said) for entry, said in verdicts(campaign(kpis=kpis))] == [
        ("cpa", "beyond"), ("ctr_ratio", "early"), ("engagement_ratio", "keeps"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "sales", "sides", "said"),
    [
        (-1, 50, (26, 40), "likely at least 26.00 EUR: beyond its maximum 25.00 EUR"),
        (1, 50, (10, 20), "likely at most 20.00 EUR: keeps its maximum 25.00 EUR"),
        (0, 50, (20, 40), "maximum 25.00 EUR: too early to say (it is likely 20.00 EUR to 40.00 EUR)"),
        (0, 3, (20, 40), "maximum 25.00 EUR: too early to say (3 of 20 conversions)"),
        (0, 50, (20, None), "maximum 25.00 EUR: too early to say (it will likely be at least 20.00 EUR)"),
    ],
)  # fmt: skip
def test_a_sentence_says_by_how_much(
    given: int, sales: float, sides: tuple[float, float | None], said: str
) -> None:
    one = figure(30, given, always_lower=sides[0], always_upper=sides[1])  # type: ignore[arg-type]  # a parameter
    kpis = campaign(kpis={"cpa": one, "goal_conversions": sales}).kpis
    found = verdict(one)
    assert found is not None
    assert sentence(CPA, kpis, found, "EUR") == f"CPA 30.00 EUR, {said}"
