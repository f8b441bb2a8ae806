"""Which campaigns and parts are shown, and in what order."""

import pytest

from commands.live.overview import Choice, chosen
from commands.live.parts import limits_of, parts_table, ranked
from commands.live.ranking import order_words, parse_filter, passes, turned_on
from commands.worker_views import Query
from models.windows import FLIGHT
from tests.unit.commands.live.building import NOW, answer, campaign, figure, part, seen

GLOW = campaign("glow", {"cpa": figure(30, -1)}, name="Été Lumière", owner="Team Food")


@pytest.mark.parametrize(
    ("text", "passing"),
    [
        ("", True), ("glow", True), ("ETE lum", True), ("food", True), ("mesa", False), ("glow mesa", False),
        ("status:running", True), ("status:run", True), ("status:ended", False), ("status:", True),
        ("owner:team-food", True), ("owner:team", True), ("owner:growth", False),
        ("is:beyond", True), ("is:keeps", False), ("glow is:beyond status:running", True),
        ("http://x", False),
    ],
)  # fmt: skip
def test_a_filter_is_words_and_fields(text: str, passing: bool) -> None:
    assert passes(GLOW, parse_filter(text)) == passing


def test_a_key_turns_a_field_to_its_next_choice_and_at_last_off() -> None:
    choices = ["running", "ended"]
    assert turned_on("glow", "status", choices) == "glow status:running"
    assert turned_on("glow status:running", "status", choices) == "glow status:ended"
    assert turned_on("glow status:ended", "status", choices) == "glow"
    assert turned_on("", "owner", []) == ""


def test_the_worst_over_the_flight_come_first_whatever_window_is_shown() -> None:
    flight = answer(campaign("bad", {"cpa": figure(30, -1)}), campaign("fine", {"cpa": figure(20, 1)}))
    hour = answer(campaign("bad"), campaign("fine", {"cpa": figure(90, 0)}), query=Query("1h"))
    listed = chosen(seen(flight, hour), Choice("1h"))
    assert [one.campaign.id for one in listed] == ["bad", "fine"]


@pytest.mark.parametrize(
    ("sort", "turned", "expected", "said"),
    [
        ("ctr_ratio", False, ["b", "a", "none"], "by CTR, highest first"),
        ("ctr_ratio", True, ["a", "b", "none"], "by CTR, lowest first"),
        ("cpa", False, ["a", "b", "none"], "by CPA, lowest first"),
        ("name", True, ["none", "b", "a"], "by name, Z to A"),
    ],
)
def test_the_best_come_first_and_what_has_no_figure_last_either_way(
    sort: str, turned: bool, expected: list[str], said: str
) -> None:
    low, high = campaign("a", {"ctr_ratio": 0.1, "cpa": 1}), campaign("b", {"ctr_ratio": 0.2, "cpa": 2})
    listed = chosen(seen(answer(campaign("none"), low, high)), Choice(sort=sort, turned=turned))
    assert [one.campaign.id for one in listed] == expected
    assert order_words(sort, turned) == said


def test_parts_are_ranked_by_any_kpi_with_bounds_and_verdicts() -> None:
    people = [
        part({"cpa": figure(40, lower=30, upper=50), "goal_conversions": 60, "emv": 5}, influencer="ana"),
        part({"cpa": figure(20, lower=15, upper=24), "goal_conversions": 60, "emv": 9}, influencer="ben"),
        part({"emv": 7}, influencer="eva"),
    ]
    query = Query(FLIGHT, "glow", ("influencer",))
    memory = seen(answer(campaign(kpis={"cpa": figure(30, -1)}, scopes={"influencer": people}), query=query))
    table = parts_table(memory, "glow", "influencer", FLIGHT, "cpa", False, NOW.timestamp())
    told = [[cell.text for cell in row.cells[:3]] for row in table.rows]
    assert told == [["ben", "✓ 20", "15 to 24"], ["ana", "✗ 40", "30 to 50"], ["eva", "–", ""]]
    known = memory.parts("glow", FLIGHT)
    assert [one.influencer for one in ranked(known, "influencer", "emv", False)] == ["ben", "eva", "ana"]
    assert set(limits_of(known)) == {"cpa"}
