"""Ids that stand for nobody, and those that only look like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.octets import padded
from models.events.nobody import LEFT_WORDS, may_be_nobody
from models.events.unused import is_nobody

NOBODY = [
    "0", "0000-0000", "00000000-0000-0000-0000-000000000000", "-", "_", "null", "NULL", "undefined",
    "None", "nan", "unknown", "Anonymous", "(not set)", " null ", "\tnone\n", "{0}", "0" * 128, " ",
    "un\u212anown",
]  # fmt: skip
SOMEBODY = [
    "p1", "1", "10", "00-01", "nullable", "none1", "0null", "null0", "-none-", "not set", "anonymous42", "é",
]  # fmt: skip
PARTS = st.sampled_from(
    ["0", "-", " ", "\t", "\xa0", "null", "NaN", "not set", "undefined", "K", "\u212a", "p", "é"]
)


@pytest.mark.parametrize("person", NOBODY)
def test_zeros_signs_and_words_for_it_are_nobody(person: str) -> None:
    assert is_nobody(person)


@pytest.mark.parametrize("person", SOMEBODY)
def test_whatever_else_it_is_somebody(person: str) -> None:
    assert not is_nobody(person)


@given(st.text(max_size=12) | st.lists(PARTS, max_size=5).map("".join) | st.sampled_from(NOBODY + SOMEBODY))
def test_who_stands_for_nobody_is_suspected(person: str) -> None:
    written = person.encode("utf-8", "replace")
    suspected = may_be_nobody(LEFT_WORDS, padded(b'"', written, b'"'), 1, len(written))

    assert suspected or not is_nobody(person)


@pytest.mark.parametrize(
    "person", ["p1", "user-1", "n123", "a" * 32, "é" * 5, "0010", "123e4567-e89b-12d3-a456-426614174000"]
)
def test_few_others_are(person: str) -> None:
    written = person.encode()

    assert not may_be_nobody(LEFT_WORDS, padded(b'"', written, b'"'), 1, len(written))
