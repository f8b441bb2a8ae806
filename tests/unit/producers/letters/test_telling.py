"""Letters are counted in bounded memory and shown without personal data, whatever they hold."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.dead_letters import Letter
from models.events.schema import Click, Engagement, Impression
from models.times import HOUR
from producers.letters.choosing import NONE, About, Choice, about
from producers.letters.newest import Newest
from producers.letters.picture import LONGEST, MASK, PERSONAL, picture
from producers.letters.table import LONGEST_NAME, MOST_ROWS, OTHERS, Table
from tests.strategies import TEXTS, json_values
from tests.unit.models.building import NOON
from tests.unit.producers.letters.writing import PREFIX, event, letter

SECRET = "p-7f3a-Zoë"
KEYS = st.sampled_from(sorted(PERSONAL)) | st.sampled_from(["Person_ID", "TEXT"])


def told(value: bytes, **fields: Any) -> About:
    return about(letter(value, **fields), PREFIX)


def shown(value: bytes | None, **fields: Any) -> str:
    """Return all that is shown of a letter."""
    one = letter(**fields)
    found = picture(Letter(one.place, one.arrival, one.key, value, one.headers), personal=False)
    return json.dumps(found.as_json(), ensure_ascii=False)


def test_a_letter_is_about_what_it_names() -> None:
    assert told(event(source="shop")) == About("unknown_campaign", "glow", "shop", "clicks")


@pytest.mark.parametrize(
    "value",
    [b"", b"{", b"[]", b"null", b'{"campaign_id": 7, "source": null}', b'{"campaign_id": ""}', b"\xff"],
)
def test_what_names_no_campaign_or_source_is_about_none(value: bytes) -> None:
    assert told(value)[1:3] == (NONE, NONE)


@given(st.binary(max_size=200) | st.builds(lambda value: json.dumps(value).encode(), json_values()))
def test_any_bytes_are_about_something_and_can_be_shown(value: bytes) -> None:
    assert all(told(value))
    assert shown(value)


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


def test_letters_are_counted_by_what_they_are_about_the_most_first() -> None:
    table, few, many = Table(), About("future", "a", NONE, "clicks"), About("not_json", "b", NONE, "clicks")
    for row, arrival in ((few, 5), (many, 7), (many, 3), (many, 9)):
        table.add(row, arrival)

    assert [(row, count.letters, count.first, count.last) for row, count in table.rows()] == [
        (many, 3, 3, 9),
        (few, 1, 5, 5),
    ]
    assert table.letters == 4


def test_names_without_end_and_of_any_length_take_bounded_memory() -> None:
    table = Table()
    for number in range(MOST_ROWS + 50):
        table.add(About("invalid_field", f"{number}-" + "x" * 60_000, NONE, "clicks"), number)

    assert len(table.counts) == MOST_ROWS + 1
    assert table.counts[About(OTHERS, OTHERS, OTHERS, OTHERS)].letters == 50
    assert max(len(row.campaign) for row in table.counts) == LONGEST_NAME


@given(st.lists(st.integers(0, 20), max_size=30), st.integers(1, 5))
def test_the_newest_are_kept_the_newest_first(arrivals: list[int], most: int) -> None:
    newest = Newest(most)
    for place, arrival in enumerate(arrivals):
        newest.add(letter(place=place, arrival=arrival))

    kept = [(one.arrival, one.place.offset) for one in newest]
    assert kept == sorted(((arrival, place) for place, arrival in enumerate(arrivals)), reverse=True)[:most]


def test_the_fields_that_are_masked_are_those_of_events() -> None:
    assert {name for model in (Impression, Click, Engagement) for name in model.model_fields} > PERSONAL


@given(KEYS, json_values(), st.lists(TEXTS, max_size=2))
def test_personal_fields_are_masked_at_any_depth_and_in_any_case(
    key: str, other: Any, way: list[str]
) -> None:
    value: Any = {key: {"deep": [SECRET]}, "other": other}
    for name in way:
        value = {name: [value]}

    said = shown(json.dumps(value).encode())

    assert SECRET not in said
    assert MASK in said


@pytest.mark.parametrize(
    "value",
    [
        event(person_id=SECRET)[:-1],
        b'{"text": "' + SECRET.encode(),
        b'{"USER_AGENT": "' + SECRET.encode(),
        json.dumps({"person_id": SECRET}).encode("utf-16"),
        b"\x00\x00\x00\x2a\x02\x08binary events here " + SECRET.encode(),
        b"\xff" * 20 + SECRET.encode(),
        f'{" " * LONGEST}"person_id": "{SECRET}"'.encode(),
    ],
)
def test_of_what_is_no_json_nothing_is_shown_that_may_be_personal(value: bytes) -> None:
    assert SECRET not in shown(value)


def test_a_key_that_is_no_campaign_and_what_headers_say_are_masked() -> None:
    said = shown(event(), key=SECRET.encode(), headers=[("cookie", SECRET.encode())])

    assert SECRET not in said
    assert "cookie" in said


def test_on_demand_everything_is_shown() -> None:
    one = letter(event(person_id=SECRET), key=b"user", headers=[("cookie", b"c1")])

    found = picture(one, personal=True)

    assert (found.value["person_id"], found.key, found.headers) == (SECRET, "user", {"cookie": "c1"})
    assert picture(letter(b'{"text": "' + b"x" * 5_000), personal=True).bytes == (
        '{"text": "' + "x" * (LONGEST - 10) + "… (5010 bytes)"
    )
