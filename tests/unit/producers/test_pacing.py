"""Sending is even, and does not burst after a pause."""

import pytest

from producers.pacing import Pace, seconds_until


def times(pace: Pace, turns: int, now: float) -> list[float]:
    sent = []
    for _ in range(turns):
        now += pace.wait(now)
        sent.append(now)
    return sent


def test_turns_are_evenly_spaced() -> None:
    assert times(Pace(4, now=10.0), 5, now=10.0) == [10.0, 10.25, 10.5, 10.75, 11.0]


def test_time_lost_within_the_slack_is_made_up_for() -> None:
    pace = Pace(10, now=0.0, slack=1.0)
    times(pace, 1, now=0.0)
    assert times(pace, 8, now=0.55) == pytest.approx([0.55] * 5 + [0.6, 0.7, 0.8])


def test_a_long_pause_is_not_followed_by_a_burst() -> None:
    pace = Pace(100, now=0.0, slack=0.25)
    sent = times(pace, 1000, now=60.0)
    assert sum(time == 60.0 for time in sent) <= 26
    assert sent[-1] == pytest.approx(60 + 1000 / 100 - 0.25, abs=0.02)


def test_the_time_until_a_moment_is_never_negative() -> None:
    assert seconds_until(lambda: 1_000_000, 3_500_000) == 2.5
    assert seconds_until(lambda: 5_000_000, 3_500_000) == 0
