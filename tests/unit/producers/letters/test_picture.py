"""Letters are shown without personal data, whatever they hold."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.dead_letters import Letter
from models.events.schema import Click, Engagement, Impression
from producers.letters.picture import LONGEST, MASK, PERSONAL, picture
from tests.strategies import TEXTS, json_values
from tests.unit.producers.letters.writing import event, letter

SECRET = "p-7f3a-Zoë"
KEYS = st.sampled_from(sorted(PERSONAL)) | st.sampled_from(["Person_ID", "TEXT"])


def shown(value: bytes | None, **fields: Any) -> str:
    """Return all that is shown of a letter."""
    one = letter(**fields)
    found = picture(Letter(one.place, one.arrival, one.key, value, one.headers), personal=False)
    return json.dumps(found.as_json(), ensure_ascii=False)


@given(st.binary(max_size=200) | st.builds(lambda value: json.dumps(value).encode(), json_values()))
def test_any_bytes_can_be_shown(value: bytes) -> None:
    assert shown(value)


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


@given(KEYS, st.integers(1, 3), st.sampled_from(["", "note"]))
def test_of_an_event_that_was_encoded_again_nothing_is_shown_that_may_be_personal(
    key: str, times: int, name: str
) -> None:
    value: Any = {"kind": "like", key: SECRET}
    for _ in range(times):
        value = json.dumps(value, ensure_ascii=False)

    said = shown(json.dumps({name: value} if name else value, ensure_ascii=False).encode())

    assert SECRET not in said
    assert "like" in said
    assert "the text of it" in shown(b'{"note": "the text of it"}')


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
