"""Times are whole microseconds UTC, whatever zone and precision they were written in."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.times import DAY, HOUR, MINUTE, SECOND, format_time, parse_duration, parse_time

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def test_the_hour_that_autumn_repeats_is_told_apart_by_its_offset() -> None:
    """Paris, 25 October 2026: at 03:00 summer time the clocks go back to 02:00."""
    first = parse_time("2026-10-25T02:30:00+02:00")
    second = parse_time("2026-10-25T02:30:00+01:00")

    assert second - first == HOUR


def test_no_hour_is_lost_where_spring_skips_one() -> None:
    before = parse_time("2026-03-29T01:59:59+01:00")
    after = parse_time("2026-03-29T03:00:00+02:00")

    assert after - before == SECOND


def test_a_leap_year_has_its_29th_of_february() -> None:
    assert parse_time("2028-03-01T00:00:00Z") - parse_time("2028-02-28T00:00:00Z") == 2 * DAY
    assert parse_time("2026-03-01T00:00:00Z") - parse_time("2026-02-28T00:00:00Z") == DAY


@pytest.mark.parametrize(
    "same",
    [
        "2026-11-01T00:00:00+05:30",
        "2026-10-31T18:30:00Z",
        "2026-10-31t18:30:00z",
        "2026-10-31 18:30:00-00:00",
        "2026-10-31T08:30:00.0000009-10:00",
    ],
)
def test_one_moment_can_be_written_in_many_ways(same: str) -> None:
    assert parse_time(same) == 1_793_471_400 * SECOND


def test_digits_below_the_microsecond_are_cut_off() -> None:
    assert parse_time("2026-11-01T00:00:00.1234569Z") % SECOND == 123_456


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-01",
        "2026-11-01T00:00:00",
        "2026-11-01T00:00Z",
        "2026-11-01T00:00:00+0100",
        "2026-11-01T00:00:00.Z",
        "2026-11-01T00:00:00Z\n",
        "20261101T000000Z",
        "٢٠٢٦-11-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-11-31T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-11-01T24:00:00Z",
        "2026-11-01T23:59:61Z",
        "2026-11-01T00:00:00+24:00",
        "0000-01-01T00:00:00Z",
        "1793491200",
    ],
)
def test_what_is_no_time_is_refused_with_the_rule(text: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        parse_time(text)


@given(st.text())
def test_any_text_is_a_time_or_a_value_error(text: str) -> None:
    try:
        assert isinstance(parse_time(text), int)
    except ValueError as error:
        assert str(error).startswith("must be")


ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(2000, 1, 2), datetime(9999, 12, 30), timezones=ZONES))
def test_every_zone_gives_the_same_moment(moment: datetime) -> None:
    assert parse_time(moment.isoformat()) == (moment - EPOCH) // timedelta(microseconds=1)


@given(st.integers(0, 250_000_000_000))
def test_a_whole_second_survives_writing_and_reading(seconds: int) -> None:
    assert parse_time(format_time(seconds * SECOND)) == seconds * SECOND


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("45s", 45 * SECOND),
        ("10m", 10 * MINUTE),
        ("12h", 12 * HOUR),
        ("7d", 7 * DAY),
        ("2w", 14 * DAY),
        ("0d", 0),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, length: int) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize(
    "text", ["", "7", "d", "7 d", "-7d", "1.5h", "7D", "7d12h", "7d\n", "9999999s", "٧d"]
)
def test_what_is_no_duration_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="such as 7d"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
        ("2016-12-31T23:59:60.25Z", "2017-01-01T00:00:00.25Z"),
        ("2017-01-01T00:59:60+01:00", "2017-01-01T00:00:00Z"),
        ("2016-12-31t18:59:60-05:00", "2017-01-01T00:00:00Z"),
    ],
)
def test_a_leap_second_is_the_second_after(written: str, read: str) -> None:
    assert parse_time(written) == parse_time(read)


@pytest.mark.parametrize("written", ["2016-12-31T23:59:61Z", "2016-12-31T24:59:60Z", "9999-12-31T23:59:60Z"])
def test_no_other_second_is_added(written: str) -> None:
    with pytest.raises(ValueError, match="time"):
        parse_time(written)
