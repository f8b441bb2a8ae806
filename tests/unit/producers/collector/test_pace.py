"""How long the spool lasts, at the pace at which it grew in the last minute."""

from producers.collector.pace import Pace


def test_it_lasts_as_long_as_what_is_left_takes_at_the_pace_of_the_last_minute() -> None:
    pace = Pace()
    for second in range(200):
        pace.observe(second, second**2)

    # Over the last 60 s it grew from 139² to 199², by 338 a second.
    assert pace.seconds_left(199, 199**2, 199**2 + 33_800) == 100


def test_what_does_not_grow_is_never_full() -> None:
    pace = Pace()
    assert pace.seconds_left(0, 0, 100) is None
    pace.observe(0, 50)
    assert pace.seconds_left(0, 50, 100) is None
    assert pace.seconds_left(10, 40, 100) is None


def test_a_full_one_has_no_time_left() -> None:
    pace = Pace()
    pace.observe(0, 0)
    assert pace.seconds_left(10, 120, 100) == 0
