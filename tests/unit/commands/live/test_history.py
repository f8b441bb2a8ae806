"""Sparklines: what was watched, minute by minute."""

import pytest

from commands.live.history import History, noted, series, sparkline
from commands.worker_views import Query
from tests.unit.commands.live.building import NOW, answer, campaign

RECENT = Query("5m")


def watched(*ago_and_clicks: tuple[float, float]) -> History:
    history: History = ()
    for ago, clicks in ago_and_clicks:
        history = noted(history, answer(campaign(kpis={"clicks": clicks}), query=RECENT, ago=ago))
    return history


def test_a_minute_keeps_its_first_value_and_a_minute_not_watched_is_a_gap() -> None:
    history = watched((180, 7), (170, 8), (0, 9))
    assert series(history, "glow", "clicks", NOW.timestamp()) == [7, None, None, 9]


def test_only_the_shortest_window_is_noted() -> None:
    assert noted((), answer(campaign(kpis={"clicks": 1}))) == ()


def test_what_is_over_an_hour_old_is_forgotten() -> None:
    assert series(watched((3700, 1), (0, 2)), "glow", "clicks", NOW.timestamp()) == [2]


@pytest.mark.parametrize(
    ("values", "width", "drawn"),
    [
        ([], 5, ""),
        ([0, 0], 5, "▁▁"),
        ([0, 4, 8], 5, "▁▅█"),
        ([8, None, 8], 5, "█ █"),
        ([0, 0, 8, 8], 2, "▁█"),
        ([-1, 0, 1], 5, "▁▅█"),
        ([1, 2], 0, ""),
    ],
)
def test_a_sparkline_goes_from_nought_to_the_highest(
    values: list[float | None], width: int, drawn: str
) -> None:
    assert sparkline(values, width) == drawn
