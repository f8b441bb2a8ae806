"""What a campaign manager sees of a moment."""

import re
from dataclasses import replace

import pytest
from rich.cells import cell_len

from commands.live.history import History, minute_of
from commands.live.memory import Answer, Memory, remember, unread
from commands.live.view import View, into_campaign
from commands.metrics_page import Sample, shown
from commands.printable import printable
from models.kpis.catalogue import KPIS
from models.scopes import ScopeKey
from tests.unit.commands.live.building import HERE, NOW, THERE, campaign, drawn, part, seen
from tests.unit.commands.names import HARMLESS, HOSTILE

GLOW = into_campaign("glow")
VIEWS = {
    "overview": View(),
    "kpis": GLOW,
    "influencers": replace(GLOW, screen="influencers"),
    "contents": replace(GLOW, screen="contents"),
    "channels": replace(GLOW, screen="channels"),
    "help": View(help=True),
}
T = NOW.timestamp()
LIMITS = {"cpa": 25.0, "engagement": 0.05}
BEYOND = campaign(
    limits=LIMITS, verdicts={"cpa": -1, "engagement": 1}, concerns={"overspend": -1, "underspend": 1},
    cpa=30, cpa_lower=26, cpa_upper=40, cpa_always_lower=25.5, cpa_always_upper=44,
    engagement_ratio=0.06, engagement_ratio_lower=0.055, engagement_ratio_upper=0.07,
    money={"pacing_ratio": 1.3, "budget_spent_ratio": 0.42, "budget": 50_000, "forecast_spent_ratio": 1.27,
           "forecast_spent_ratio_lower": 1.17, "forecast_spent_ratio_upper": 1.38},
)  # fmt: skip


def line(lines: list[str], word: str) -> str:
    """Return the first line that has a word."""
    found = [text for text in lines if word in text]
    assert found, "\n".join(lines)
    return found[0]


def away() -> Memory:
    """Return two workers, of which one showed the campaign old and went away 7 seconds ago."""
    memory = remember(unread([HERE, THERE]), Answer(THERE, T - 7, campaign("old", clicks=3)))
    memory = remember(memory, Answer(THERE, T - 1, problem=f"No worker answers at {THERE} (refused)"))
    return remember(memory, Answer(HERE, T, BEYOND))


def test_every_verdict_has_a_sign_of_its_own_beside_its_colour() -> None:
    row = line(drawn(View(), seen(BEYOND)), "▸1")
    assert "✗ 30 EUR" in row
    assert "✓ 6.00%" in row
    assert "▲ 1.30" in row
    assert "42%" in row
    early = campaign(limits={"cpa": 25}, verdicts={"cpa": 0}, cpa=30)
    assert "? 30 EUR" in line(drawn(View(), seen(early)), "▸1")
    coloured = line(drawn(View(), seen(BEYOND), colour=True), "✗ 30")
    assert re.search(r"\x1b\[1;31m *✗ 30 EUR", coloured)
    assert re.search(r"\x1b\[32m *✓ 6.00%", coloured)


def test_a_rows_second_line_has_the_limits() -> None:
    lines = drawn(View(), seen(BEYOND))
    below = lines[lines.index(line(lines, "▸1")) + 1]
    assert below.split() == ["running", "25.50/25", "5.00%"]


def test_without_a_conversion_the_least_cost_stands_with_a_sign() -> None:
    shown = seen(campaign(limits={"cpa": 25}, verdicts={"cpa": 0}, cpa_lower=13.6, conversions=0))
    assert "? ≥13.60 EUR" in line(drawn(View(), shown), "▸1")


def test_a_share_of_more_than_all_and_a_small_sample_are_marked() -> None:
    few = campaign(
        window="5m", engagement_ratio=100, estimated_reach_persons=5_000, ctr_ratio=0.01, impressions=10
    )
    row = line(drawn(View(wanted_window="5m"), seen(few), width=120), "▸1")
    assert "~10000%" in row
    assert "~1.00%" in row


def test_a_silent_campaign_is_said_to_be_silent() -> None:
    lines = drawn(View(), seen(campaign(concerns={"silence": -1})))
    assert line(lines, "Silent") == "✗ Silent for longer than its own rhythm explains: likely interrupted."


def test_a_budget_that_is_overspent_is_marked_whatever_its_end() -> None:
    spent = campaign(money={"pacing_ratio": 1.02, "budget_spent_ratio": 1.04, "budget": 100})
    lines = drawn(View(), seen(spent))
    assert "✗104%" in line(lines, "▸1")
    assert line(lines, "is spent") == "✗ 104% of 100.00 EUR is spent."


def test_a_budget_one_minute_into_a_flight_is_not_marked() -> None:
    minute = campaign(money={"pacing_ratio": 1153, "budget_spent_ratio": 0.03}, concerns={"overspend": 0})
    row = line(drawn(View(), seen(minute)), "▸1")
    assert "▲" not in row
    assert "✗" not in row


def test_absent_figures_are_a_dash() -> None:
    assert line(drawn(View(), seen(campaign())), "▸1").split()[2:] == ["–"] * 8


def test_the_worst_campaign_comes_first_and_what_is_wrong_is_said_in_words() -> None:
    lines = drawn(View(), seen(campaign("a"), BEYOND))
    assert "glow" in line(lines, "▸1")
    assert " 2 a" in "\n".join(lines)
    assert line(lines, "▲ 42%") == (
        "▲ 42% of 50,000.00 EUR is spent: likely 117% to 138% by the end of the flight."
    )
    assert "✗ CPA 30.00 EUR, likely at least 25.50 EUR: beyond its maximum 25.00 EUR." in lines


def test_a_worker_that_does_not_answer_is_named_and_its_campaign_stays_with_its_age() -> None:
    lines = drawn(View(), away())
    assert line(lines, THERE) == f"✗ No worker answers at {THERE} (refused), last read 12:00:23"
    assert " 2 old" in "\n".join(lines)
    assert "7 s old" in "\n".join(lines)
    grey = line(drawn(View(), away(), colour=True), "7 s old")
    assert grey.startswith("\x1b[90m")


def test_a_campaign_that_every_worker_ceased_to_show_is_counted() -> None:
    memory = remember(unread([HERE]), Answer(HERE, T - 20, BEYOND))
    lines = drawn(View(), remember(memory, Answer(HERE, T, [])))
    assert line(lines, "● 1 worker").endswith("1 no longer shown by any, for 20 s and more")


@pytest.mark.parametrize(
    ("memory", "words"),
    [
        (unread([HERE]), ["reading 10.0.0.1:9464…", "Waiting for a worker."]),
        (seen(), ["● 1 worker", "No campaign is shown now"]),
        (remember(unread([HERE]), Answer(HERE, T, problem="away")), ["✗ away", "Waiting for a worker."]),
    ],
)
def test_where_there_is_nothing_to_show_it_says_why(memory: Memory, words: list[str]) -> None:
    lines = drawn(View(), memory, width=120)
    assert all(line(lines, word) for word in words)


def test_a_campaign_that_is_not_there_is_said_to_be_missing() -> None:
    assert line(drawn(into_campaign("typo"), seen(BEYOND), width=120), "No worker shows the campaign typo")


def test_every_kpi_of_the_catalogue_is_on_a_campaigns_screen_in_its_stage() -> None:
    lines = drawn(GLOW, seen(BEYOND), width=160, height=50)
    text = "\n".join(lines)
    assert [kpi.name.english for kpi in KPIS if kpi.name.english not in text] == []
    stages = ("visibility", "interaction", "conversion", "brand", "efficiency")
    assert [stage for stage in stages if stage not in text] == []
    assert "26 to 40" in line(lines, "Cost per acquisition (CPA), EUR")


def test_the_selected_kpi_is_explained_by_the_catalogue() -> None:
    lines = drawn(replace(GLOW, selected=("cpa",)), seen(BEYOND))
    assert line(lines, "What one goal conversion has cost (invested ÷ goal conversions).")
    assert line(lines, "95 % bounds: flight 26 to 40")
    assert line(lines, "✗ flight: CPA 30.00 EUR")


def test_a_kpi_that_has_parts_says_them() -> None:
    shown = campaign()
    for kind, count in (("purchase", 7), ("signup", 30)):
        shown += [replace(sample, labels={**sample.labels, "kind": kind})
                  for sample in campaign(conversions=count)[1:]]  # fmt: skip
    lines = drawn(replace(GLOW, selected=("conversions",)), seen(shown))
    assert line(lines, "By kind, flight: signup 30 · purchase 7")
    assert line(lines, " Conversions  ").split()[-1] == "37"


def test_influencers_stand_side_by_side_sorted_by_the_chosen_figure() -> None:
    ana = part("influencer", {"influencer": "ana"}, conversions=5, cpa=40, cpa_lower=30, cpa_upper=60)
    ben = part("influencer", {"influencer": "ben"}, conversions=9, cpa=10, cpa_lower=8, cpa_upper=15)
    cleo = part("influencer", {"influencer": "cleo"}, impressions=3)
    memory = seen([*BEYOND, *ana, *ben, *cleo], whole="glow")
    view = replace(GLOW, screen="influencers")
    lines = drawn(view, memory)
    names = [next(name for name in ("ana", "ben", "cleo") if name in text) for text in lines[4:7]]
    assert names == ["ben", "ana", "cleo"]
    assert "✗" not in line(lines, "ana")
    assert "✓" not in line(lines, "ben")
    assert "CPA 10.00 EUR, 95 % bounds 8 to 15; the campaign's maximum is 25.00 EUR." in lines
    turned = drawn(replace(view, turned=True), memory)
    assert ["ana" in turned[4], "ben" in turned[5], "cleo" in turned[6]] == [True] * 3


def test_contents_of_an_influencer_are_only_theirs() -> None:
    contents = [
        *part("content", {"influencer": "ana", "content": "reel-1"}, clicks=5),
        *part("content", {"influencer": "ben", "content": "post-9"}, clicks=5),
    ]
    memory = seen([*BEYOND, *contents], whole="glow")
    every = "\n".join(drawn(replace(GLOW, screen="contents"), memory))
    assert "ana/reel-1" in every
    assert "ben/post-9" in every
    anas = View("contents", ScopeKey("influencer", ("glow", "ana")))
    assert "post-9" not in "\n".join(drawn(anas, memory))
    assert line(drawn(anas, memory), "reel-1")


def test_parts_that_were_not_read_yet_are_not_said_to_be_none() -> None:
    view = replace(GLOW, screen="influencers")
    assert line(drawn(view, seen(BEYOND)), "Reading…")
    assert line(drawn(view, seen(BEYOND, whole="glow")), "Nothing is shown of it yet.")


def test_a_trend_says_since_when_it_was_watched() -> None:
    def history(minutes: int) -> History:
        now = minute_of(T)
        return tuple((now - back, {("glow", "impressions"): 8.0 - back % 8}) for back in range(minutes)[::-1])

    assert "since 11:57 ▆▇██" in "\n".join(drawn(View(), seen(BEYOND), history(4)))
    assert "last hour" in "\n".join(drawn(View(), seen(BEYOND), history(60)))


@pytest.mark.parametrize(("width", "height"), [(50, 12), (60, 15), (80, 24), (81, 25), (120, 40), (250, 70)])
@pytest.mark.parametrize("screen", VIEWS)
def test_a_picture_fills_the_terminal_and_ends_with_the_keys(screen: str, width: int, height: int) -> None:
    view = VIEWS[screen]
    many = [sample for n in range(30) for sample in campaign(f"campaign-{n}", clicks=n)]
    places = part("channel", {"channel": "tiktok"}, clicks=5) + part(
        "influencer", {"influencer": "ä"}, clicks=5
    )
    lines = drawn(view, seen(BEYOND, many, places), (), width, height)
    assert len(lines) == height
    assert all(len(text) <= width for text in lines)
    assert "help" in lines[-1] or "any key" in lines[-1]


def test_of_more_campaigns_than_fit_the_selected_one_is_shown() -> None:
    many = [sample for n in range(30) for sample in campaign(f"campaign-{n:02}", status="grace")]
    lines = drawn(View(selected=("campaign-29",)), seen(many))
    assert line(lines, "▸").split()[:3] == ["▸", "campaign-29", "grace"]


def test_a_terminal_too_small_is_said_to_be() -> None:
    assert "too small" in drawn(View(), seen(BEYOND), width=40, height=10)[0]


@pytest.mark.parametrize("name", [*HOSTILE, *HARMLESS])
def test_rows_keep_their_shape_whatever_a_campaign_is_called(name: str) -> None:
    samples = [
        Sample(
            one.name,
            {**one.labels, **{key: name for key in ("name", "owner") if key in one.labels}},
            one.value,
        )
        for one in BEYOND
    ]
    for view in (View(), GLOW):
        lines = drawn(view, seen(shown(samples)), width=120)
        assert len(lines) == 24
        assert all(printable(text) == text and cell_len(text) <= 120 for text in lines)
