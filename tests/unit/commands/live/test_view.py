"""What a key makes of a view."""

from dataclasses import replace

import pytest

from commands.live.view import SCOPE_OF, SORTS, TABS, View, into_campaign, press
from models.scopes import ALL_SCOPES, ScopeKey
from models.windows import WINDOW_NAMES

ROWS: list[tuple[str, ...]] = [("a",), ("b",), ("c",)]
GLOW = into_campaign("glow")


def pressed(view: View, *keys: str, rows: list[tuple[str, ...]] = ROWS) -> View:
    for key in keys:
        view = press(view, key, rows)
    return view


@pytest.mark.parametrize(
    ("keys", "selected"),
    [
        (["down"], "b"), (["j", "j"], "c"), (["j", "j", "j"], "c"), (["up"], "a"), (["down", "k"], "a"),
        (["end"], "c"), (["G", "home"], "a"), (["G", "g"], "a"), (["pagedown"], "c"), (["G", "pageup"], "a"),
    ],
)  # fmt: skip
def test_a_row_is_selected_by_moving(keys: list[str], selected: str) -> None:
    assert pressed(View(), *keys).selected == (selected,)


def test_the_selection_stays_with_its_row_when_the_order_changes() -> None:
    chosen = pressed(View(), "down")
    assert pressed(chosen, "down", rows=[("c",), ("b",), ("a",)]).selected == ("a",)


def test_a_selected_row_that_is_gone_gives_way_to_the_first() -> None:
    assert pressed(View(selected=("gone",)), "down").selected == ("b",)


@pytest.mark.parametrize("key", ["up", "down", "enter", "3", "G", "s", "w", "tab", "esc", "x"])
def test_no_key_fails_where_there_are_no_rows(key: str) -> None:
    for view in (View(), GLOW, replace(GLOW, screen="influencers")):
        press(view, key, [])


@pytest.mark.parametrize("keys", [["down", "enter"], ["2"], ["j", "right"], ["j", "l"]])
def test_a_campaign_is_entered_by_enter_or_its_number(keys: list[str]) -> None:
    inside = pressed(View(), *keys)
    assert (inside.screen, inside.scope) == ("kpis", ScopeKey("campaign", ("b",)))


@pytest.mark.parametrize("key", ["esc", "backspace", "left", "h"])
def test_the_way_back_leads_to_the_row_that_was_left(key: str) -> None:
    back = pressed(View(), "down", "enter", key)
    assert (back.screen, back.selected) == ("overview", ("b",))
    assert pressed(back, key) == back


def test_enter_leads_from_campaign_to_influencers_to_one_to_its_contents() -> None:
    influencers = pressed(GLOW, "enter")
    ana = pressed(influencers, "enter", rows=[("glow", "ana")])
    contents = pressed(ana, "enter")
    reel = pressed(contents, "enter", rows=[("glow", "ana", "reel-1")])
    assert [influencers.screen, ana.screen, contents.screen, reel.screen] == [
        "influencers", "kpis", "contents", "kpis",
    ]  # fmt: skip
    assert (ana.scope, contents.scope) == (ScopeKey("influencer", ("glow", "ana")),) * 2
    assert reel.scope == ScopeKey("content", ("glow", "ana", "reel-1"))
    assert pressed(reel, "enter") == reel
    assert pressed(reel, "esc", "esc", "esc", "esc", "esc").screen == "overview"


def test_tabs_are_chosen_by_number_or_in_turn() -> None:
    assert pressed(GLOW, "4").screen == "channels"
    assert pressed(GLOW, "tab", "tab").screen == "contents"
    assert pressed(GLOW, "backtab").screen == TABS["campaign"][-1]
    assert pressed(GLOW, "9") == GLOW
    assert pressed(GLOW, "3", "esc").screen == "overview"


def test_every_scope_has_a_screen_and_is_a_tab_of_the_scopes_around_it() -> None:
    assert set(SCOPE_OF.values()) == set(ALL_SCOPES)
    assert {SCOPE_OF[screen] for screen in TABS["campaign"][1:]} == set(ALL_SCOPES) - {"campaign"}
    assert TABS["influencer"] == ("kpis", "contents")


def test_the_window_goes_round_those_that_are_kept() -> None:
    found = [pressed(GLOW, *["w"] * times).window for times in range(len(WINDOW_NAMES) + 1)]
    assert found == ["flight", *WINDOW_NAMES]
    contents = replace(GLOW, screen="contents")
    assert [pressed(contents, *["w"] * times).window for times in range(3)] == ["flight", "24h", "flight"]


def test_a_window_that_contents_do_not_have_comes_back_where_it_is_kept() -> None:
    chosen = pressed(GLOW, "w", "w")
    assert (chosen.window, pressed(chosen, "3").window, pressed(chosen, "3", "1").window) == (
        "1h", "24h", "1h",
    )  # fmt: skip


def test_the_window_is_kept_on_the_way_back() -> None:
    assert pressed(View(), "1", "w", "esc").window == "5m"


def test_rows_are_sorted_by_each_key_in_turn_and_turned_round() -> None:
    found = [pressed(View(), *["s"] * times).sorted_by for times in range(len(SORTS["overview"]) + 1)]
    assert found == [*SORTS["overview"], "worst"]
    assert pressed(View(), "r").turned
    assert not pressed(View(), "r", "s").turned
    assert pressed(GLOW, "s", "r") == GLOW


def test_help_is_left_by_any_key_and_q_ends_from_anywhere() -> None:
    assert pressed(View(), "?").help
    assert pressed(View(), "?", "down") == View()
    assert pressed(View(), "?", "q").done
    assert pressed(GLOW, "q").done
