"""Clockwork: the intervals of one person are as even as a clock's."""

from itertools import accumulate

from models.times import HOUR, MINUTE, SECOND
from tests.unit.models.authenticity.acts import Act, verdicts_of


def after(*intervals: int, **fields: object) -> list[Act]:
    """Act once, and then after each of these intervals."""
    times = accumulate((0, *intervals))
    return [Act(at=at, **fields) for at in times]  # type: ignore[arg-type]  # of Act


def test_fifteen_even_intervals_are_a_clocks_and_fourteen_are_not() -> None:
    assert verdicts_of(after(*[5 * MINUTE] * 15)) == [None] * 15 + ["clockwork"]


def test_intervals_that_vary_by_less_than_three_tenths_are_a_clocks_and_by_more_a_persons() -> None:
    # Two values as often, their mean one minute: the variation is the distance from it.
    less = [MINUTE - 17 * SECOND, MINUTE + 17 * SECOND] * 8
    more = [MINUTE - 20 * SECOND, MINUTE + 20 * SECOND] * 8

    assert verdicts_of(after(*less), burst="off")[15:] == ["clockwork"] * 2
    assert verdicts_of(after(*more), burst="off")[15:] == [None] * 2


def test_one_pause_makes_it_a_persons_until_it_is_forgotten() -> None:
    found = verdicts_of(after(*[MINUTE] * 5, HOUR, *[MINUTE] * 15), burst="off")

    assert found == [None] * 21 + ["clockwork"]


def test_what_is_done_once_a_day_is_no_clockwork() -> None:
    assert set(verdicts_of(after(*[2 * HOUR] * 40))) == {None}


def test_events_of_one_time_have_no_intervals() -> None:
    assert "clockwork" not in verdicts_of(after(*[0] * 40))


def test_replies_and_live_chats_are_no_clockwork() -> None:
    assert set(verdicts_of(after(*[MINUTE] * 30, does="reply"))) == {None}
    assert "clockwork" not in verdicts_of(after(*[MINUTE] * 30, live=True, agent=0))


def test_what_comes_late_stands_where_it_belongs() -> None:
    acts = after(*[MINUTE] * 15)

    assert verdicts_of([*acts[:7], *acts[8:], acts[7]]) == [None] * 15 + ["clockwork"]


def test_what_was_done_before_the_last_sixteen_and_comes_late_is_not_part_of_them() -> None:
    assert verdicts_of([*after(*[5 * MINUTE] * 15), Act(at=-HOUR)])[-2:] == ["clockwork", None]


def test_a_campaign_may_set_the_variation() -> None:
    uneven = [MINUTE - 20 * SECOND, MINUTE + 20 * SECOND] * 8

    assert "clockwork" in verdicts_of(after(*uneven), burst="off", clockwork={"variation": 0.4})
    assert set(verdicts_of(after(*[MINUTE] * 30), clockwork="off")) == {None}
