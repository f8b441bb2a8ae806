"""Times of a buffer are those that the rule for a single time reads, or are left to it."""

import json
from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.core.octets import padded
from models.core.times import UNREAD, read_time
from models.times import parse_time
from tests.unit.models.events.hostile import times

TEXTS = times().map(json.loads) | st.text(max_size=40)
MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(9998, 12, 31))


def found(text: str, before: bytes = b'"', after: bytes = b'"') -> int:
    written = text.encode("utf-8", "replace")
    return int(read_time(padded(before, written, after), len(before), len(written)))


def expected(text: str) -> int:
    try:
        return parse_time(text)
    except ValueError:
        return UNREAD


@given(TEXTS, st.binary(max_size=20))
@example("2026-11-10T12:00:00", b"Z")
@example("2026-11-10T12:00:00.", b"5Z")
@example("2026-11-10T12:00:00+01:0", b"0")
@example("2026-11-10T23:59:60Z", b"")
@example("2026-11-10T12:00:00,5Z", b"")
@example("2100-02-29T12:00:00Z", b"")
def test_a_time_is_read_as_its_rule_reads_it_or_not_at_all(text: str, after: bytes) -> None:
    assert found(text, after=after) in (UNREAD, expected(text))


@given(MOMENTS, st.sampled_from(["Z", "+00:00", "-00:00", "+05:30", "-11:00", "+23:59"]))
def test_times_as_producers_write_them_are_read(when: datetime, zone: str) -> None:
    texts = [f"{when:%Y-%m-%dT%H:%M:%S.%f}"[:end] + zone for end in (19, 21, 23, 26)]

    assert [found(text) for text in texts] == [parse_time(text) for text in texts]


@given(st.dates(datetime(2001, 1, 1).date(), datetime(9998, 12, 31).date()))
@example(datetime(2096, 2, 29).date())
@example(datetime(2400, 2, 29).date())
@example(datetime(2100, 3, 1).date())
def test_every_day_is_counted(day: object) -> None:
    assert found(f"{day}T00:00:00Z") == parse_time(f"{day}T00:00:00Z")


@pytest.mark.parametrize("text", ["2026-11-10T12:00:00.123456789Z", "2026-11-10T12:00:00.123456999+00:00"])
def test_digits_below_the_microsecond_are_cut_off(text: str) -> None:
    assert found(text) == parse_time("2026-11-10T12:00:00.123456Z")
