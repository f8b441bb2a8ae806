"""What a worker writes beside a refused record is read again, whatever the record itself came with."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.dead_letters import Letter, Origin, error_headers
from tests.strategies import TEXTS

ORIGIN = Origin("team.clicks", 3, 41)
PLACE = Origin("team.dead-letters", 0, 7)
OURS = error_headers(ORIGIN, "unknown_campaign", "campaign_id: no such campaign is registered")
FORGED = ["__connect.errors.topic", "__connect.errors.offset", "kpis-reinjected-times"]
NAMES = st.sampled_from(["trace", *FORGED]) | TEXTS
CAME_WITH = st.lists(st.tuples(NAMES, st.none() | st.binary(max_size=8)), max_size=5)


def letter(headers: Any = OURS, **fields: Any) -> Letter:
    return Letter(**{"place": PLACE, "arrival": 0, "key": b"k", "value": b"{}", "headers": headers} | fields)


@given(CAME_WITH)
def test_where_it_came_from_is_read_whatever_a_producer_sent_before(headers: Any) -> None:
    read = letter([*headers, *OURS])

    assert (read.origin, read.reason, read.of_worker) == (ORIGIN, "unknown_campaign", True)


@given(CAME_WITH)
def test_what_is_sent_again_has_the_records_own_headers_in_their_order_and_says_of_which_letter(
    headers: Any,
) -> None:
    own = [
        (name, value)
        for name, value in headers
        if not name.startswith(("__connect.errors.", "kpis-reinjected-"))
    ]

    again = letter([*headers, *OURS]).headers_again()

    assert again[:-2] == own
    assert again[-2] == ("kpis-reinjected-from", b"team.dead-letters/0/7")


def test_how_often_it_was_sent_again_is_counted_on() -> None:
    once = letter()
    twice = letter([*once.headers_again(), *OURS])
    thrice = letter([*twice.headers_again(), *OURS])

    assert [one.times_sent for one in (once, twice, thrice)] == [0, 1, 2]
    assert [name for name, _ in thrice.headers_again()] == ["kpis-reinjected-from", "kpis-reinjected-times"]


@pytest.mark.parametrize("times", [b"", b"many", b"-1", b"0", "²".encode(), b"9" * 5000])
def test_a_number_that_a_producer_made_up_means_that_it_was_sent_again(times: bytes) -> None:
    assert letter([("kpis-reinjected-times", times), *OURS]).times_sent == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("topic", b""),
        ("topic", None),
        ("partition", b"one"),
        ("offset", b"-1"),
        ("offset", None),
        ("exception.class.name", b"org.apache.kafka.connect.errors.DataException"),
        ("exception.class.name", None),
    ],
)
def test_a_letter_that_no_worker_wrote_is_told_from_those_of_workers(name: str, value: bytes | None) -> None:
    assert not letter([*OURS, (f"__connect.errors.{name}", value)]).of_worker


def test_a_reason_of_another_release_is_a_workers() -> None:
    assert letter(error_headers(ORIGIN, "too_old_for_us", "event_time: …")).of_worker


def test_a_letter_without_headers_says_nothing() -> None:
    silent = letter(())

    assert (silent.origin, silent.reason, silent.message, silent.times_sent) == (None, None, None, 0)
