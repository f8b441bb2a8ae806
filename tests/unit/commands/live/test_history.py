"""The last hour is what was watched of it, and nothing more."""

import pytest

from commands.live.history import MINUTES, History, noted, series, sparkline
from commands.live.memory import Answer, remember, unread
from tests.unit.commands.live.building import HERE, campaign

T = 1_000_000 * 60.0


def watched(*moments: tuple[float, float | None]) -> History:
    """Watch a campaign's impressions at some seconds; None: its worker is away then."""
    memory = unread([HERE])
    history: History = ()
    for second, value in moments:
        shown = campaign("a", window="5m", impressions=value) if value is not None else []
        problem = "away" if value is None else None
        memory = remember(memory, Answer(HERE, T + second, shown, problem))
        history = noted(history, memory, T + second)
    return history


def test_a_minute_is_noted_once() -> None:
    history = watched((0, 5), (1, 6), (59, 7), (60, 8))
    assert series(history, "a", "impressions", T + 61) == [5, 8]


def test_nothing_is_known_of_a_time_before_the_first_look() -> None:
    assert series(watched(), "a", "impressions", T) == []
    assert series(watched((300, 5)), "a", "impressions", T + 330) == [5]


def test_a_minute_not_watched_is_none() -> None:
    history = watched((0, 5), (60, None), (120, 7))
    assert series(history, "a", "impressions", T + 121) == [5, None, 7]


def test_a_worker_that_comes_back_within_a_minute_is_noted_in_it() -> None:
    assert series(watched((0, None), (30, 7)), "a", "impressions", T + 31) == [7]


def test_more_than_an_hour_is_forgotten() -> None:
    history = watched(*((60.0 * minute, float(minute)) for minute in range(70)))
    assert len(history) == MINUTES
    assert series(history, "a", "impressions", T + 69 * 60) == list(range(10, 70))


@pytest.mark.parametrize(
    ("values", "width", "drawn"),
    [
        ([], 10, ""), ([3.0], 10, "█"), ([0.0, 0.0], 10, "▁▁"), ([0.0, 4.0, 8.0], 10, "▁▅█"),
        ([8.0, None, 8.0], 10, "█ █"), ([0.0, 8.0, 8.0, 8.0], 2, "▅█"), ([8.0, 0.0, 8.0], 2, "█▅"),
        ([None, None, 8.0], 2, " █"), ([-4.0, 0.0, 4.0], 10, "▁▅█"), ([1.0], 0, ""),
    ],
)  # fmt: skip
def test_a_sparkline_is_drawn_from_zero_newest_last(
    values: list[float | None], width: int, drawn: str
) -> None:
    assert sparkline(values, width) == drawn
