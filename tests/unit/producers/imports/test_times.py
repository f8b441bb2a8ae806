"""Times of exports: forms, zones, and the hours that clocks leave out or repeat."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.times import HOUR, MINUTE, format_time, micros, moment
from producers.imports.times import Clock, Placed, check_form, read_time_of_day

PARIS = ZoneInfo("Europe/Paris")
META = "%m/%d/%Y %H:%M"


def read(text: str, *forms: str, zone: ZoneInfo | None = PARIS) -> tuple[str, str]:
    found = Clock(zone, forms).read(text) if forms else Clock(zone).read(text)
    return format_time(found.time), found.day


def told(read_one: Callable[[str], Placed], text: str) -> str:
    """Return the day that a text is on, or why there is none."""
    try:
        return read_one(text).day
    except ValueError as error:
        return str(error)


def test_a_local_time_is_read_in_its_zone() -> None:
    assert read("03/27/2026 06:08", META) == ("2026-03-27T05:08:00Z", "2026-03-27")


def test_the_first_form_that_fits_is_taken() -> None:
    assert read("2026-11-28", META, "%Y-%m-%d") == ("2026-11-27T23:00:00Z", "2026-11-28")


def test_names_of_months_are_english() -> None:
    assert read("Jan 6, 2024", "%b %d, %Y") == ("2024-01-05T23:00:00Z", "2024-01-06")


def test_a_time_with_its_own_zone_needs_none_and_its_day_is_that_of_the_maps_zone() -> None:
    assert read("2026-11-28T23:30:00Z", zone=None) == ("2026-11-28T23:30:00Z", "2026-11-28")
    assert read("2026-11-28T23:30:00Z") == ("2026-11-28T23:30:00Z", "2026-11-29")


def test_seconds_since_1970_are_read_where_the_map_says_so() -> None:
    assert read("1764284400", "unix") == ("2025-11-27T23:00:00Z", "2025-11-28")


def test_a_time_that_clocks_left_out_is_refused() -> None:
    with pytest.raises(ValueError, match="does not exist in Europe/Paris: clocks went forward"):
        read("2026-03-29 02:30")


def test_of_a_time_that_comes_twice_the_first_is_meant() -> None:
    assert read("2026-10-25 02:30")[0] == "2026-10-25T00:30:00Z"


def test_a_day_that_begins_at_one_begins_at_one() -> None:
    cairo = ZoneInfo("Africa/Cairo")
    assert read("2026-04-24", zone=cairo) == ("2026-04-23T22:00:00Z", "2026-04-24")
    first = datetime(2026, 4, 23, 22, tzinfo=UTC).astimezone(cairo)
    assert (first.day, first.hour) == (24, 1)


def test_a_days_figures_are_placed_where_the_map_says_whatever_time_the_row_names() -> None:
    clock = Clock(PARIS, at=12 * HOUR)
    assert clock.read_day("2026-11-28") == clock.read_day("2026-11-28 17:45")
    assert format_time(clock.read_day("2026-11-28").time) == "2026-11-28T11:00:00Z"


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_a_day_on_which_clocks_change_is_placed_at_the_same_time_of_day(day: str) -> None:
    placed = moment(Clock(PARIS, at=12 * HOUR).read_day(day).time).astimezone(PARIS)
    assert f"{placed:%Y-%m-%d %H:%M}" == f"{day} 12:00"


def test_a_time_of_day_that_clocks_left_out_is_placed_after_it() -> None:
    assert format_time(Clock(PARIS, at=2 * HOUR + 30 * MINUTE).read_day("2026-03-29").time) == (
        "2026-03-29T01:30:00Z"
    )


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "0001-01-01 00:00:00", "9999-12-31T23:59:59Z"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_a_day_at_the_end_of_time_is_read_or_refused(text: str, zone: str) -> None:
    """Programs write such days for none."""
    clock = Clock(ZoneInfo(zone), at=23 * HOUR)
    for read_one in (clock.read, clock.read_day):
        said = told(read_one, text)
        assert said[:4] in ("0001", "9999")
        assert said[10:] in ("", " is no day that can be meant")


def test_what_is_no_time_is_refused_with_the_forms_that_are_read() -> None:
    with pytest.raises(ValueError, match=r"27/03/2026 is no time of the form %m/%d/%Y"):
        read("27/03/2026", "%m/%d/%Y")


def test_a_local_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="names no time zone"):
        read("2026-11-28 09:00", zone=None)


@pytest.mark.parametrize("form", ["%d/%m", "%H:%M", "%c", "%Y-%m-%d %Q", "yyyy-mm-dd", "%Y-%j"])
def test_a_form_that_names_no_day_or_is_not_read_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match=r"must name year, month and day|is not read here"):
        check_form(form)


@pytest.mark.parametrize("form", ["%Y-%m-%d %H:%d", "%Y-%m-%d %Y", "%Y-%m-%d 100%"])
def test_a_form_by_which_nothing_can_be_read_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match="must name nothing twice, and no % alone"):
        check_form(form)


@given(
    st.permutations(["%Y", "%m", "%d"]), st.lists(st.sampled_from(["%H", "%M", "%z", "%%", "%", "-", "x"]))
)
def test_a_form_that_is_taken_reads_what_it_writes(day: list[str], more: list[str]) -> None:
    form = f"{' '.join(day)} {''.join(more)}".strip()
    try:
        check_form(form)
    except ValueError:
        return
    assert Clock(PARIS, [form]).read(f"{datetime(2026, 11, 28, tzinfo=UTC):{form}}").day == "2026-11-28"


@pytest.mark.parametrize("text", ["24:00", "12", "12:60", "noon", "1:00"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="time of day"):
        read_time_of_day(text)


@given(
    st.datetimes(datetime(2001, 1, 1), datetime(2037, 1, 1)),
    st.sampled_from(["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)
def test_every_local_time_is_read_back_or_was_left_out(when: datetime, zone: str) -> None:
    when, there = when.replace(microsecond=0, fold=0), ZoneInfo(zone)
    try:
        found = Clock(there).read(f"{when:%Y-%m-%d %H:%M:%S}")
    except ValueError:
        assert when.replace(tzinfo=there).astimezone(UTC).astimezone(there).replace(tzinfo=None) != when
    else:
        assert found.time == micros(when.replace(tzinfo=there))
        assert found.day == f"{when:%Y-%m-%d}"
