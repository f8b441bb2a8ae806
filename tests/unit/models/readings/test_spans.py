"""Stretches of time, and which part of the flight a window covers."""

from hypothesis import given
from hypothesis import strategies as st

from models.readings.spans import Span, flight_of, window_span
from models.times import DAY, HOUR, MINUTE
from models.windows import WINDOW_NAMES, WindowName
from tests.unit.models.building import NOON, campaign


def test_a_window_is_cut_to_the_flight() -> None:
    one = campaign()

    assert window_span(one, "1h", NOON) == Span(NOON - HOUR, NOON)
    assert window_span(one, "flight", NOON) == Span(one.starts, NOON)
    assert window_span(one, "24h", one.starts + HOUR) == Span(one.starts, one.starts + HOUR)
    assert window_span(one, "1h", one.ends + 10 * MINUTE) == Span(one.ends - 50 * MINUTE, one.ends)


@given(st.sampled_from(WINDOW_NAMES), st.integers(NOON - 90 * DAY, NOON + 90 * DAY))
def test_no_window_leaves_the_flight(window: WindowName, now: int) -> None:
    one = campaign()
    span = window_span(one, window, now)

    assert span.start <= span.end
    assert 0 <= span.share_of(flight_of(one)) <= 1
