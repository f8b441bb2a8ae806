"""Tallies add up, in any order, and hold no zeros."""

from hypothesis import given
from hypothesis import strategies as st

from models.tally import Tally, add, by_family, by_suffix, merge

TALLIES = st.dictionaries(st.sampled_from(["impressions", "clicks", "interactions:like"]), st.integers(1, 9))


@given(st.lists(TALLIES))
def test_the_order_of_adding_does_not_matter(tallies: list[Tally]) -> None:
    assert merge(tallies) == merge(reversed(tallies))


@given(TALLIES, TALLIES)
def test_what_was_added_can_be_taken_away(one: Tally, other: Tally) -> None:
    total = dict(one)
    add(total, other)
    add(total, other, -1)

    assert total == one


def test_merging_changes_none_of_its_parts() -> None:
    part = {"clicks": 1}

    assert merge([part, part]) == {"clicks": 2}
    assert part == {"clicks": 1}


def test_a_family_is_told_by_its_whole_name() -> None:
    tally = {"conversions:signup": 2, "conversions": 5, "conversionsx:signup": 7, "revenue:EUR": 1}

    assert by_suffix(tally, "conversions") == {"signup": 2}
    assert by_family(tally) == {
        "conversions": {"signup": 2},
        "conversionsx": {"signup": 7},
        "revenue": {"EUR": 1},
    }


@given(TALLIES)
def test_families_are_the_same_all_at_once_as_one_by_one(tally: Tally) -> None:
    assert by_family(tally).get("interactions", {}) == by_suffix(tally, "interactions")
