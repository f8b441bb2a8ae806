"""Values of JSON end where every reader says, or are odd."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic_core import from_json

from models.core.json_texts import ODD
from models.core.json_values import (
    DEEPEST,
    blank_end,
    colon_end,
    is_null,
    number_end,
    switch_end,
    value_end,
    whole_end,
)
from models.core.octets import padded
from tests.strategies import json_values

PIECES = st.sampled_from([*(bytes([sign]) for sign in b'{}[]:,"- .0129e'), b'"a"', b"null", b"tru", b"\xc3"])


def end_of(text: bytes, more: bytes = b"") -> int:
    return int(value_end(padded(text, more), 0, len(text)))


@given(json_values(), st.sampled_from([None, 1]), st.sampled_from([b"", b",", b"}", b"]", b" ", b"\n"]))
@example({}, None, b"")
@example([[], {"a": []}], 1, b"]")
@example({"": {"": [None, True, False, -0.5, "\\"]}}, None, b"}")
def test_any_value_is_passed_whole(value: Any, indent: int | None, behind: bytes) -> None:
    text = json.dumps([value], indent=indent, ensure_ascii=False).encode()
    end = end_of(text, behind)

    assert end in (ODD, len(text))
    if b"e" not in text and len(text) < 30:
        assert end == len(text)


@given(st.lists(PIECES, max_size=12).map(b"".join))
@example(b"[1,]")
@example(b'{"a":1,}')
@example(b'{"a" 1}')
@example(b"[1 2]")
@example(b'{"a":1]')
@example(b"01")
@example(b"-")
@example(b"1.")
@example(b".5")
@example(b"-01")
@example(b"+1")
def test_what_is_passed_is_what_others_read(text: bytes) -> None:
    end = end_of(text)

    if end != ODD:
        assert json.loads(text[:end]) == from_json(text[:end])


@pytest.mark.parametrize("brackets", [(b"[", b"]"), (b'{"a":', b"}")])
def test_deep_values_are_odd(brackets: tuple[bytes, bytes]) -> None:
    first, last = brackets

    deepest = first * DEEPEST + b"1" + last * DEEPEST
    assert end_of(deepest) == len(deepest)
    assert end_of(first + deepest + last) == ODD


def test_a_value_that_goes_on_past_the_end_is_odd() -> None:
    assert end_of(b"[1,", b"2,3,4]") == ODD


@pytest.mark.parametrize("text", [b"1e5", b"1E5", b"1" * 33, b"0." + b"1" * 31])
def test_numbers_that_not_everybody_reads_alike_are_not_passed_whole(text: bytes) -> None:
    assert number_end(padded(text), 0) in (ODD, 1)


@given(st.integers(0, 10**20) | st.sampled_from([0, 1, 10**18 - 1, 10**18]), st.sampled_from(["", "0", "00"]))
def test_a_whole_number_is_the_one_that_is_written(number: int, zeros: str) -> None:
    text = f"{zeros}{number}".encode()
    end, found = whole_end(padded(text, b","), 0)

    if end == len(text):
        assert (found, text[0] != ord("0") or text == b"0") == (number, True)
    else:
        assert len(text) > 18 or zeros


@pytest.mark.parametrize("text", [b"", b"-1", b"a", b'"1"', b"01"])
def test_no_whole_number_is_odd(text: bytes) -> None:
    assert whole_end(padded(text), 0)[0] == ODD


def test_true_and_false_are_switches_and_nothing_else_is() -> None:
    assert switch_end(padded(b"true"), 0) == (4, 1)
    assert switch_end(padded(b"false"), 0) == (5, 0)
    for text in (b"", b"tru", b"fals", b"True", b"null", b"1", b"falsd"):
        assert switch_end(padded(text), 0)[0] == ODD


def test_null_is_null() -> None:
    assert [bool(is_null(padded(text), 0)) for text in (b"null", b"nul", b"Null", b"")] == [True] + 3 * [
        False
    ]


def test_blanks_are_those_of_json() -> None:
    assert blank_end(padded(b" \t\r\n x"), 0) == 5
    assert [blank_end(padded(one), 0) for one in (b"", b"\x0b", b"\x0c", b"\xc2\xa0")] == [0] * 4


def test_a_colon_may_have_blanks_around_it() -> None:
    assert [colon_end(padded(one), 0) for one in (b":1", b" :\n1", b"1", b"")] == [1, 3, ODD, ODD]
