"""Places have a number each, and what is known of a place is asked for once."""

import re
from collections import Counter
from types import SimpleNamespace
from typing import Any

import numpy as np

from models.events.places import FIELDS, NOWHERE, ByPlace, Places
from models.scopes import Leaf

PATTERNS = dict.fromkeys(FIELDS, re.compile("[A-Za-z0-9-]{1,9}"))


def event(*texts: str | None) -> Any:
    return SimpleNamespace(**dict(zip(FIELDS, texts, strict=True)))


def test_the_same_texts_have_the_same_number_and_channels_are_in_lower_case() -> None:
    places = Places(PATTERNS)

    found = places.of([event("glow", "ana", "reel", "TikTok"), event("glow", None, None, None)] * 2)

    assert found.numbers.tolist() == [0, 1, 0, 1]
    assert found.leaves == [("glow", "ana", "reel", "tiktok"), ("glow", None, None, None)]


def test_a_text_that_does_not_match_is_nowhere_and_is_not_kept() -> None:
    places = Places(PATTERNS)

    found = places.of([event("glow", "a b", "reel", "x"), event("glow", "ana", "reel", "\N{KELVIN SIGN}")])

    assert found.numbers.tolist() == [NOWHERE, NOWHERE]
    assert found.leaves == []


def test_too_many_places_are_numbered_anew_and_former_columns_stay_true() -> None:
    places = Places(PATTERNS, most=2)
    before = places.of([event("glow", "ana", content, "x") for content in "abc"])

    after = places.of([event("glow", "ana", "c", "x")])

    assert before.leaves[before.numbers[0]].content == "a"
    assert after.leaves[after.numbers[0]].content == "c"
    assert len(after.leaves) == 1


def test_a_place_is_asked_about_once_until_it_is_numbered_anew() -> None:
    places, asked = Places(PATTERNS, most=3), Counter[str]()

    def number(leaf: Leaf) -> int:
        asked[leaf.content] += 1
        return ord(leaf.content)

    number_of = ByPlace(number)
    for contents in ("ab", "ba", "bc", "c"):
        column = places.of([event("glow", "ana", content, "x") for content in contents])
        assert number_of(column).tolist() == [ord(content) for content in contents]

    assert asked == {"a": 1, "b": 1, "c": 2}


def test_what_is_forgotten_is_asked_for_anew() -> None:
    numbers = iter(range(9))
    number_of = ByPlace(lambda _: next(numbers))
    column = Places(PATTERNS).of([event("glow", "ana", content, "x") for content in "aba"])

    assert number_of(column).tolist() == [0, 1, 0]
    number_of.forget()
    assert number_of(column.where(np.array([2, 1]))).tolist() == [2, 3]
