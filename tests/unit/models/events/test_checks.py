"""Ids that stand for nobody, and those that only look like it."""

import pytest

from models.events.checks import is_nobody

NOBODY = [
    "0", "0000-0000", "00000000-0000-0000-0000-000000000000", "-", "_", "null", "NULL", "undefined",
    "None", "nan", "unknown", "Anonymous", "(not set)", " null ", "\tnone\n", "{0}", "0" * 128, " ",
]  # fmt: skip
SOMEBODY = [
    "p1", "1", "10", "00-01", "nullable", "none1", "0null", "null0", "-none-", "not set", "anonymous42", "é",
]  # fmt: skip


@pytest.mark.parametrize("person", NOBODY)
def test_zeros_signs_and_words_for_it_are_nobody(person: str) -> None:
    assert is_nobody(person)


@pytest.mark.parametrize("person", SOMEBODY)
def test_whatever_else_it_is_somebody(person: str) -> None:
    assert not is_nobody(person)
