"""The app as a campaign manager has it: keys, the mouse, and what the screen then says."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from commands.failure import Failure
from commands.live.app import LiveApp
from commands.live.memory import Answer
from commands.live.widgets import KpiTable
from commands.printable import printable
from commands.worker_views import Query
from models.kpis.kpi import STAGES
from models.windows import FLIGHT, WINDOW_NAMES
from tests.unit.commands.live.building import (
    HERE,
    NOW,
    THERE,
    answer,
    campaign,
    figure,
    part,
    problem,
)
from tests.unit.commands.live.pictures import lines_of, text_of
from tests.unit.commands.names import HOSTILE

BAD = campaign("mesa", {"cpa": figure(30, -1), "ctr_ratio": 0.01}, owner="Team Food")
FINE = campaign("glow", {"cpa": figure(20, 1), "ctr_ratio": 0.02}, owner="team-beauty", status="grace")
PEOPLE = [
    part({"conversions": 9, "cpa": figure(40, lower=30, upper=50), "goal_conversions": 60}, influencer="ana"),
    part({"conversions": 5, "cpa": figure(20, lower=15, upper=24), "goal_conversions": 60}, influencer="ben"),
]


def parts_of_mesa() -> Answer:
    whole = campaign("mesa", {"cpa": figure(30, -1)}, scopes={"influencer": PEOPLE})
    return answer(whole, query=Query(FLIGHT, "mesa", ("influencer",)))


@asynccontextmanager
async def opened(
    *answers: Answer, workers: tuple[str, ...] = (HERE,), size: tuple[int, int] = (110, 30)
) -> AsyncIterator[tuple[LiveApp, Pilot[None]]]:
    """Open the app on what was read."""
    app = LiveApp(workers, clock=lambda: NOW)
    for one in answers:
        app.take(one)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


def rows(app: LiveApp) -> list[str]:
    """Return the names in the table, in their order."""
    table = app.screen.query_one(KpiTable)
    return [table.get_row_at(row)[1].plain.strip() for row in range(table.row_count)]


async def test_the_worst_campaign_comes_first_with_its_verdict_in_words() -> None:
    async with opened(answer(FINE, BAD)) as (app, _):
        assert rows(app) == ["The mesa", "The glow"]
        shown = text_of(app)
    assert "Campaigns 2 · worst first" in shown
    assert "✗ CPA 30.00 EUR: beyond its maximum 25.00 EUR." in shown


async def test_search_and_filters_leave_what_matches_and_escape_shows_all() -> None:
    async with opened(answer(FINE, BAD)) as (app, pilot):
        await press(pilot, "slash", *"GLOW", "enter")
        assert rows(app) == ["The glow"]
        assert "Campaigns 1 of 2" in text_of(app)
        await press(pilot, "escape")
        assert len(rows(app)) == 2
        await press(pilot, "x")
        assert rows(app) == ["The mesa"]
        await press(pilot, "escape", "f", "f")
        assert rows(app) == ["The glow"]
        await press(pilot, "escape", "o", "o")
        assert rows(app) == ["The mesa"]
        await press(pilot, "slash", "z")
        assert "No campaign matches" in text_of(app)


async def test_keys_sort_and_turn_and_a_click_on_a_heading_sorts() -> None:
    async with opened(answer(FINE, BAD)) as (app, pilot):
        await press(pilot, "s", "r")
        assert (rows(app), "by name, Z to A" in text_of(app)) == (["The mesa", "The glow"], True)
        heading = next(line for line in lines_of(app) if "CPA" in line and "Campaign" in line)
        at = (heading.index("CPA"), lines_of(app).index(heading))
        await pilot.click(offset=at)
        await pilot.pause()
        assert (rows(app), "by CPA, lowest first" in text_of(app)) == (["The glow", "The mesa"], True)


async def test_enter_leads_to_the_stages_of_the_funnel_and_escape_back() -> None:
    hours = [answer(BAD, query=Query(window, "mesa")) for window in WINDOW_NAMES]
    async with opened(answer(FINE, BAD), *hours, size=(120, 44)) as (app, pilot):
        await press(pilot, "enter")
        shown = text_of(app)
        assert [stage for stage in STAGES if stage not in shown] == []
        assert "✗ 30" in shown
        await press(pilot, "escape")
        assert "worst first" in text_of(app)


async def test_influencers_are_ranked_by_any_kpi_that_is_chosen() -> None:
    async with opened(answer(BAD), parts_of_mesa()) as (app, pilot):
        await press(pilot, "enter", "2")
        shown = lines_of(app)
        assert [line.split()[0] for line in shown if line.startswith(("ana", "ben"))][:2] == ["ana", "ben"]
        await press(pilot, *"ssssss")
        shown = lines_of(app)
        assert "by CPA, lowest first" in shown[0]
        assert [line.split()[:3] for line in shown if line.startswith(("ana ", "ben "))][:2] == [
            ["ben", "✓", "20"], ["ana", "✗", "40"],
        ]  # fmt: skip
        await press(pilot, "b", "down", "enter")
        assert "by Reach" in lines_of(app)[0] or "by Estimated reach" in lines_of(app)[0]


async def test_a_window_is_chosen_by_key_or_mouse() -> None:
    async with opened(answer(BAD), answer(campaign("mesa"), query=Query("5m"))) as (app, pilot):
        await press(pilot, "w")
        assert app.data.window == "5m"
        line = lines_of(app)[0]
        await pilot.click(offset=(line.index("24h") + 1, 0))
        await pilot.pause()
        assert app.data.window == "24h"


async def test_help_explains_the_signs_and_any_of_its_keys_closes_it() -> None:
    async with opened(answer(BAD)) as (app, pilot):
        await press(pilot, "question_mark")
        assert "too early to say: it may be on either side" in text_of(app)
        await press(pilot, "q")
        assert app.is_running
        assert "worst first" in text_of(app)


async def test_a_worker_that_is_away_is_named_and_its_campaigns_stay_with_their_age() -> None:
    other = answer(FINE, address=THERE, ago=41)
    async with opened(answer(BAD), other, problem(THERE), workers=(HERE, THERE)) as (app, _):
        shown = text_of(app)
    assert f"No worker answers at {THERE}" in shown
    assert "The glow" in shown
    assert "41 s old" in shown


async def test_where_nothing_is_shown_the_worker_says_why() -> None:
    async with opened(answer(ready=False, reason="waiting for the registry")) as (app, _):
        shown = text_of(app)
    assert "is not ready: waiting for the registry" in shown
    assert "registered" not in shown


async def test_no_name_reaches_the_terminal_as_it_is() -> None:
    campaigns = [campaign(f"glow-{number}", name=name, owner=name) for number, name in enumerate(HOSTILE)]
    async with opened(answer(*campaigns)) as (app, _):
        shown = text_of(app)
        picture = app.export_screenshot()
    assert [name for name, spelt in HOSTILE.items() if spelt[:20] not in shown] == []
    assert printable(picture, keep="\n") == picture


async def test_markup_in_a_name_is_text() -> None:
    async with opened(answer(campaign("glow", name="[bold]x[/bold]"))) as (app, _):
        assert "[bold]x[/bold]" in text_of(app)


async def test_the_cursor_stays_on_its_campaign_when_the_order_changes() -> None:
    async with opened(answer(FINE, BAD)) as (app, pilot):
        await press(pilot, "down")
        app.take(answer(campaign("glow", {"cpa": figure(90, -1)}), campaign("mesa", {"cpa": figure(20, 1)})))
        app.redraw()
        await pilot.pause()
        assert (rows(app), app.screen.query_one(KpiTable).selected) == (["The glow", "The mesa"], "glow")


async def test_at_forty_columns_name_and_verdict_stay() -> None:
    async with opened(answer(FINE, BAD), size=(40, 12)) as (app, _):
        assert any(line.startswith("✗ The mesa") for line in lines_of(app))


async def test_what_is_asked_follows_what_is_looked_at() -> None:
    async with opened(answer(BAD)) as (app, pilot):
        assert min(app.wishes().items(), key=lambda one: one[1])[0].campaign is None
        await press(pilot, "enter", "2")
        query, every = min(app.wishes().items(), key=lambda one: one[1])
        assert (query, every) == (Query(FLIGHT, "mesa", ("influencer",)), 2.0)


async def test_what_a_status_raises_ends_the_app() -> None:
    def status() -> list[str]:
        raise Failure("The worker ended.")

    app = LiveApp([HERE], status=status, clock=lambda: NOW)
    async with app.run_test() as pilot:
        await pilot.pause(1)
    assert isinstance(app.failure, Failure)


async def test_a_timer_that_runs_once_more_while_the_app_ends_does_nothing() -> None:
    """A busy machine ended with a stack trace: screens go before timers."""
    asked: list[str] = []

    def status() -> list[str]:
        asked.append("how it stands")
        return []

    app = LiveApp([HERE], status=status, clock=lambda: NOW)
    async with app.run_test() as pilot:
        await pilot.pause()
    asked.clear()
    app._tick()

    assert asked
    assert not app.screen_stack
    assert app.failure is None
