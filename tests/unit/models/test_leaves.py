"""Leaves have a row each, up to the cap of their campaign."""

from models.leaf import Leaf
from models.leaves import OTHER, Leaves


def places(*contents: str, campaign: str = "glow") -> list[tuple[str, str, str, str]]:
    return [(campaign, "ana", content, "instagram") for content in contents]


def test_each_leaf_has_its_own_row_and_keeps_it() -> None:
    leaves = Leaves(10)

    assert leaves.rows(places("a", "b", "a")) == [0, 1, 0]
    assert leaves.rows(places("b", "c")) == [1, 2]
    assert leaves.names[2] == Leaf("glow", "ana", "c", "instagram")


def test_beyond_the_cap_new_leaves_are_one_and_the_known_stay() -> None:
    leaves = Leaves(2)

    rows = leaves.rows(places("a", "b", "c", "d", "a"))

    assert rows == [0, 1, 2, 2, 0]
    assert leaves.names[2] == Leaf("glow", OTHER, OTHER, OTHER)
    assert leaves.rows(places("c", "b")) == [2, 1]


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
    assert leaves.rows(places("b", "new")) == [1, 3]
    assert leaves.names[3].content == OTHER
