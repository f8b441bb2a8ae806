"""Times of a batch are those that each text has by itself, or are left to the rule."""

import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.event_times import UNREAD, read_times
from models.times import parse_time
from tests.unit.models.events.hostile import times

TEXTS = times().map(json.loads) | st.text(max_size=40)


def expected(text: str) -> int:
    try:
        return parse_time(text)
    except ValueError:
        return UNREAD


@given(st.lists(TEXTS, max_size=12))
def test_a_time_is_read_as_its_rule_reads_it_or_not_at_all(texts: list[str]) -> None:
    for text, found in zip(texts, read_times(texts).tolist(), strict=True):
        assert found in (UNREAD, expected(text))


MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(9998, 12, 31))


@given(st.lists(MOMENTS, max_size=9), st.sampled_from(["Z", "+00:00", "-00:00", "+05:30", "-11:00"]))
def test_times_as_producers_write_them_are_read(whens: list[datetime], zone: str) -> None:
    texts = [f"{when:%Y-%m-%dT%H:%M:%S.%f}"[:end] + zone for when in whens for end in (19, 21, 23, 26)]

    assert read_times(texts).tolist() == [parse_time(text) for text in texts]


@pytest.mark.parametrize("text", ["2026-11-10T12:00:00.123456789Z", "2026-11-10T12:00:00.123456999+00:00"])
def test_digits_below_the_microsecond_are_cut_off(text: str) -> None:
    assert read_times([text]).tolist() == [parse_time("2026-11-10T12:00:00.123456Z")]
