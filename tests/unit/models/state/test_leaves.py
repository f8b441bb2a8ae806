"""Leaves have a row each, up to the cap of their campaign."""

import numpy as np

from models.events.places import Column
from models.scopes import OTHER, Leaf
from models.state.leaves import Leaves

SEEN: list[Leaf] = []


def places(*contents: str, campaign: str = "glow", seen: list[Leaf] = SEEN) -> Column:
    """Give numbers to places; those of one `seen` share theirs."""
    named = [Leaf(campaign, "ana", content, "instagram") for content in contents]
    seen.extend(leaf for leaf in dict.fromkeys(named) if leaf not in seen)
    return Column(seen, np.array([seen.index(leaf) for leaf in named]))


def test_each_leaf_has_its_own_row_and_keeps_it() -> None:
    leaves = Leaves(10)

    assert leaves.rows(places("a", "b", "a")).tolist() == [0, 1, 0]
    assert leaves.rows(places("b", "c")).tolist() == [1, 2]
    assert leaves.names[2] == Leaf("glow", "ana", "c", "instagram")


def test_beyond_the_cap_new_leaves_are_one_and_the_known_stay() -> None:
    leaves = Leaves(2)

    rows = leaves.rows(places("a", "b", "c", "d", "a")).tolist()

    assert rows == [0, 1, 2, 2, 0]
    assert leaves.names[2] == Leaf("glow", OTHER, OTHER, OTHER)
    assert leaves.rows(places("c", "b")).tolist() == [2, 1]


def test_the_cap_is_each_campaigns_own() -> None:
    leaves = Leaves(1)
    leaves.rows(places("a", "b"))

    leaves.rows(places("a", campaign="luz"))

    assert leaves.of_campaign("luz") == [Leaf("luz", "ana", "a", "instagram")]
    assert leaves.campaigns() == {"glow": 2, "luz": 1}
    assert leaves.of_campaign("none") == []


def test_what_was_stored_has_its_place_whatever_the_cap() -> None:
    leaves = Leaves(1)
    stored = [Leaf("glow", "ana", content, "instagram") for content in "abc"]

    assert [leaves.restore(leaf) for leaf in stored] == [0, 1, 2]
    assert [leaves.restore(leaf) for leaf in stored] == [0, 1, 2]
    assert leaves.rows(places("b", "new")).tolist() == [1, 3]
    assert leaves.names[3].content == OTHER


def test_places_that_are_numbered_anew_keep_their_rows() -> None:
    leaves = Leaves(10)
    leaves.rows(places("a", "b"))

    assert leaves.rows(places("b", "c", "a", seen=[])).tolist() == [1, 2, 0]


def test_what_counted_elsewhere_counts_in_its_place_once_that_is_restored() -> None:
    leaves = Leaves(1)
    assert leaves.rows(places("a", "b")).tolist() == [0, 1]

    row = leaves.restore(Leaf("glow", "ana", "b", "instagram"))

    assert leaves.rows(places("b", "a")).tolist() == [row, 0]
