"""Whatever a letter holds, it is about something, and chosen by that."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.times import HOUR
from producers.letters.choosing import NONE, About, Choice, about
from tests.strategies import json_values
from tests.unit.models.building import NOON
from tests.unit.producers.letters.writing import PREFIX, event, letter


def told(value: bytes, **fields: Any) -> About:
    return about(letter(value, **fields), PREFIX)


def test_a_letter_is_about_what_it_names() -> None:
    assert told(event(source="shop")) == About("unknown_campaign", "glow", "shop", "clicks")


@pytest.mark.parametrize(
    "value",
    [b"", b"{", b"[]", b"null", b'{"campaign_id": 7, "source": null}', b'{"campaign_id": ""}', b"\xff"],
)
def test_what_names_no_campaign_or_source_is_about_none(value: bytes) -> None:
    assert told(value)[1:3] == (NONE, NONE)


@given(st.binary(max_size=200) | st.builds(lambda value: json.dumps(value).encode(), json_values()))
def test_any_bytes_are_about_something(value: bytes) -> None:
    assert all(told(value))


@pytest.mark.parametrize(
    ("choice", "taken"),
    [
        (Choice(), True),
        (Choice(reason="unknown_campaign", campaign="glow", source="shop", topic="clicks"), True),
        (Choice(reason="future"), False),
        (Choice(campaign="gl"), False),
        (Choice(source=NONE), False),
        (Choice(topic="team.clicks"), False),
        (Choice(since=NOON), True),
        (Choice(since=NOON + 1), False),
        (Choice(until=NOON), False),
        (Choice(since=NOON - HOUR, until=NOON + 1), True),
    ],
)
def test_a_choice_takes_what_has_all_that_is_asked_for(choice: Choice, taken: bool) -> None:
    assert choice.takes(told(event(source="shop")), NOON) is taken
