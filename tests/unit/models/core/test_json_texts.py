"""A text of JSON ends where every reader says, or is odd."""

import json
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic_core import from_json

from models.core.json_texts import ODD, name_end, text_end
from models.core.octets import padded

PIECES = st.sampled_from(
    [
        *(b'"', b"\\", b"\\n", b"\\u0041", b"\\ud83d\\ude02", b"\\ud800", b"\\udc00", b"\\ud83d\\u0041"),
        *(b"\\u004", b"\\x41", b"\\U0041", b"\\uD83D\\uDE02", b"\\uFFFF", b"\x00", b"\x1f", b"\x7f", b"\x80"),
        *(b"a", b"abcdefgh", b"x" * 30, b" ", "é".encode(), "€".encode(), "😂".encode(), b"\xc0\x80"),
        *(b"\xe0\x9f\xbf", b"\xe0\xa0\x80", b"\xed\x9f\xbf", b"\xed\xa0\x80", b"\xee\x80\x80", b"\xc1\xbf"),
        *(
            b"\xf0\x8f\xbf\xbf",
            b"\xf0\x90\x80\x80",
            b"\xf4\x8f\xbf\xbf",
            b"\xf4\x90\x80\x80",
            b"\xf5\x80\x80\x80",
        ),
        *(b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98", b"\xff"),
    ]
)
TEXTS = st.lists(PIECES | st.binary(max_size=9), max_size=6).map(b"".join)


def read(text: bytes, escapes: bool = True) -> tuple[int, int]:
    """Pass a text that begins at the first byte, after its quote; give its end and its characters."""
    end, beyond = text_end(padded(text), 0, escapes)
    return int(end), int(end - 1 - beyond)


def characters(text: bytes) -> int | None:
    """Count the characters of a text with both quotes, or None where readers refuse it."""
    with suppress(ValueError):
        return len(from_json(text))
    return None


@given(TEXTS, TEXTS)
@example(b"", b"")
@example(b"abcdefg", b"")
@example(b"abcdefgh", b"\\")
def test_a_text_ends_at_its_quote_and_has_the_characters_that_others_read(text: bytes, behind: bytes) -> None:
    end, found = read(text + b'"' + behind)

    if end != ODD:
        quoted = b'"' + (text + b'"' + behind)[:end]
        assert (characters(quoted), json.loads(quoted)) == (found, from_json(quoted))
    else:
        quotes = [at for at, byte in enumerate(text + b'"' + behind) if byte == ord('"')]
        assert all(characters(b'"' + (text + b'"' + behind)[: at + 1]) is None for at in quotes)


@given(TEXTS)
def test_a_plain_text_is_one_without_escapes(text: bytes) -> None:
    expected = read(text + b'"')
    plain = b"\\" not in text[: max(expected[0] - 1, 0)]

    assert read(text + b'"', escapes=False) == (expected if plain else (ODD, ODD - 1))


@pytest.mark.parametrize("text", [b"", b"open", b"x" * 99, b"\\", b"\\u", b"\\u0", b"\\ud83d\\ude0", b"\xf0"])
def test_a_text_without_an_end_is_odd_and_not_looked_for_further(text: bytes) -> None:
    assert read(text)[0] == ODD


def test_a_name_has_quotes() -> None:
    buffer = padded(b'"name" name')

    assert name_end(buffer, 0) == 6
    assert name_end(buffer, 7) == name_end(buffer, 11) == ODD
