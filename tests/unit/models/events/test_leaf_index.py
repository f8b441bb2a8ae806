"""What events say of their leaf has a number, and what is known of a leaf is asked for once."""

import re
from collections import Counter

import numpy as np

from models.events.leaf_index import NOWHERE, LeafFacts, LeafIndex, LeafRule
from models.events.schema import LEAF_FIELDS
from models.scopes import Leaf
from tests.unit.models.building import KEY

RULES = [LeafRule(re.compile("[A-Za-z0-9-]{1,9}"), name == "channel") for name in LEAF_FIELDS]
FACTS = LeafFacts(10, 20, 7)


def texts(*given: str | None) -> tuple[str | None, ...]:
    """Return the texts that name a leaf; beyond those given they are `x`."""
    return (*given, *["x"] * (len(LEAF_FIELDS) - len(given)))


def numbers(leaves: LeafIndex, *contents: str) -> np.ndarray:
    return np.array([leaves.number(texts("glow", "ana", content)) for content in contents])


def test_the_same_texts_have_the_same_number_and_channels_are_in_lower_case() -> None:
    asked: list[Leaf] = []
    leaves = LeafIndex(RULES, lambda leaf: asked.append(leaf) or FACTS, KEY)  # type: ignore[func-returns-value]

    named = [texts("glow", "ana", "reel", "TikTok"), texts("glow", None, None, None)]
    found = [leaves.number(one) for one in named * 2]

    assert found == [0, 1, 0, 1]
    assert [leaf[:4] for leaf in asked] == [("glow", "ana", "reel", "tiktok"), ("glow", None, None, None)]


def test_a_text_that_does_not_match_is_nowhere_and_is_not_kept() -> None:
    leaves = LeafIndex(RULES, lambda _: FACTS, KEY)

    named = [texts("glow", "a b", "reel"), texts("glow", "ana", "reel", "\N{KELVIN SIGN}")]
    found = [leaves.number(one) for one in named]

    assert found == [NOWHERE, NOWHERE]
    assert len(leaves) == 0


def test_what_is_known_of_leaves_comes_by_the_column_however_many_there_are() -> None:
    leaves = LeafIndex(
        RULES, lambda leaf: LeafFacts(int(leaf.content), 2 * int(leaf.content), 3 * int(leaf.content)), KEY
    )
    all_of_them = numbers(leaves, *map(str, range(300)))
    some = all_of_them[[299, 0, 7]]

    starts, until = leaves.counting(some)

    assert (starts.tolist(), until.tolist()) == ([299, 0, 7], [598, 0, 14])
    assert leaves.targets(some).tolist() == [897, 0, 21]


def test_facts_and_rows_are_asked_for_once_until_leaves_are_forgotten() -> None:
    asked = Counter[str]()

    def facts_of(leaf: Leaf) -> LeafFacts:
        asked[f"facts of {leaf.content}"] += 1
        return FACTS

    def row_of(leaf: Leaf) -> int:
        asked[f"row of {leaf.content}"] += 1
        return ord(leaf.content)

    leaves = LeafIndex(RULES, facts_of, KEY)
    for contents in ("aba", "bca"):
        assert leaves.rows(numbers(leaves, *contents), row_of).tolist() == [*map(ord, contents)]
    leaves.clear()
    assert len(leaves) == 0
    assert leaves.rows(numbers(leaves, "c"), row_of).tolist() == [ord("c")]

    times = {"a": 1, "b": 1, "c": 2}
    assert asked == {f"{what} of {content}": times[content] for what in ("facts", "row") for content in times}


def test_a_leaf_has_no_row_until_it_is_asked_for() -> None:
    leaves, rows = LeafIndex(RULES, lambda _: FACTS, KEY), iter(range(9))
    numbers(leaves, "a", "b")

    assert leaves.rows(numbers(leaves, "b", "a"), lambda _: next(rows)).tolist() == [0, 1]


def test_an_influencer_and_a_content_of_theirs_have_hashes_by_campaign_wherever_they_are() -> None:
    leaves = LeafIndex(RULES, lambda _: FACTS, KEY)
    named = [
        ("glow", "ana", "reel", "tiktok"),
        ("glow", "ana", "reel", "x"),
        ("glow", "ana", "post", "x"),
        ("glow", "ben", "reel", "x"),
        ("luz", "ana", "reel", "x"),
    ]
    numbered = np.array([leaves.number(texts(*one)) for one in named])

    influencers, contents = leaves.influencers(numbered).tolist(), leaves.contents(numbered).tolist()

    assert [influencers.index(one) for one in influencers] == [0, 0, 0, 3, 4]
    assert [contents.index(one) for one in contents] == [0, 0, 2, 3, 4]
    assert not {*influencers} & {*contents}
    leaves.clear()
    again = np.array([leaves.number(texts(*one)) for one in reversed(named)])
    assert leaves.contents(again).tolist() == contents[::-1]


def test_where_a_live_chat_is_is_known() -> None:
    leaves = LeafIndex(RULES, lambda leaf: FACTS._replace(live=leaf.content == "a"), KEY)

    assert leaves.live(numbers(leaves, *"aba")).tolist() == [True, False, True]
