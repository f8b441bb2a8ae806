"""Letters are shown without personal data, whatever they hold."""

import json
import re
from collections.abc import Sequence
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


def plain(said: str) -> str:
    """Return what is shown without its escapes, in which what is personal may be spelt."""
    fewer = re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), said)
    return said if fewer == said else plain(fewer)


def spelt(text: str, every: int) -> str:
    """Return a text as JSON, every so many of its characters an escape; none of them with 0."""
    signs = (
        f"\\u{ord(sign):04x}" if every and not at % every else json.dumps(sign, ensure_ascii=False)[1:-1]
        for at, sign in enumerate(text)
    )
    return f'"{"".join(signs)}"'


def encoded(key: str, every: Sequence[int]) -> str:
    """Return an event as JSON, encoded again as JSON for each but the first of the ways to escape."""
    first, *others = every
    text = f'{{"kind": "like", {spelt(key, first)}: {spelt(SECRET, first)}}}'
    for one in others:
        text = spelt(text, one)
    return text


ENCODINGS = st.lists(st.integers(0, 3), min_size=2, max_size=4)


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


@given(KEYS, ENCODINGS, st.sampled_from(["%s", '{"note": %s}', '[["%%", %s]]', "{%s: 1}"]))
def test_of_an_event_that_was_encoded_again_nothing_is_shown_that_may_be_personal(
    key: str, every: list[int], around: str
) -> None:
    said = plain(shown((around % encoded(key, every)).encode()))

    assert SECRET not in said
    assert "like" in said
    assert MASK in said


@given(KEYS, ENCODINGS, st.integers(0, 400), st.sampled_from(["", " and more", "{}"]))
def test_of_an_event_that_was_encoded_again_and_cut_nothing_is_shown_that_may_be_personal(
    key: str, every: list[int], length: int, behind: str
) -> None:
    *others, last = every
    text = encoded(key, others)[:length] + behind

    assert SECRET not in plain(shown(f'{{"note": {spelt(text, last)}}}'.encode()))
    assert SECRET not in plain(shown(text.encode()))


def test_of_an_event_that_was_encoded_again_what_is_not_personal_is_shown() -> None:
    value = {
        "note": json.dumps({"text": "my words", "kind": "like"}),
        "said": '"quoted"',
        "of": "the text of it",
    }

    assert json.loads(shown(json.dumps(value).encode()))["value"] == {
        "note": f'{{"text": "{MASK}", "kind": "like"}}',
        "said": '"quoted"',
        "of": "the text of it",
    }


def test_json_within_json_of_any_depth_can_be_shown() -> None:
    text = f'{{"person_id": "{SECRET}"}}'
    for _ in range(4):
        text = "[" * 150 + json.dumps(text, ensure_ascii=False) + "]" * 150

    assert SECRET not in plain(shown(text.encode()))


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
