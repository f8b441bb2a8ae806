"""Rules find what is planted and leave honest people alone: the short form of docs/authenticity.md.

Limits leave room for chance beside what the page says.
"""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from models.authenticity.catalogue import NUMBER, RULES
from models.authenticity.rule import Rule
from producers import groups
from simulations import authenticity, fraud, honest
from simulations.accused import Judged, accused, campaigns, found
from simulations.authenticity import USUAL, WITH_EXPOSURE

SEED = 3
PLANTED = [
    pytest.param(one, number, id=one.reason)
    for number, one in enumerate(groups.PLANTED, fraud.FIRST)
    if one.reason != "no_exposure"
]
COUNTED = [rule for rule in RULES if rule.false_alarm is not None]
ORIGIN = {name: number for number, name in enumerate(honest.ORIGINS)}


@pytest.fixture(scope="module")
def small() -> Sequence[Judged]:
    return list(campaigns(SEED, 1_000, 20, USUAL))


@pytest.fixture(scope="module")
def large() -> Sequence[Judged]:
    return list(campaigns(SEED, 20_000, 3, USUAL))


@pytest.fixture(scope="module")
def exposed() -> Sequence[Judged]:
    return list(campaigns(SEED, 1_000, 20, WITH_EXPOSURE))


@pytest.mark.parametrize(("planted", "origin"), PLANTED)
def test_what_can_be_found_of_what_is_planted_is_mostly_found(
    small: Sequence[Judged], large: Sequence[Judged], planted: groups.Planted, origin: int
) -> None:
    for seen in (small, large):
        assert found(seen, planted.reason, origin).value > 0.6 * planted.findable


@pytest.mark.parametrize("rule", COUNTED, ids=lambda one: one.reason)
def test_a_rule_accuses_no_more_honest_interactions_than_is_said_beside_it(
    small: Sequence[Judged], large: Sequence[Judged], rule: Rule
) -> None:
    for seen in (small, large):
        assert accused(seen, rule.reason).value <= 1.1 * (rule.false_alarm or 0)


def test_who_was_shown_nothing_is_found_where_the_rule_is_on_and_so_is_who_blocks_the_pixel(
    exposed: Sequence[Judged],
) -> None:
    likes = fraud.FIRST + [one.reason for one in groups.PLANTED].index("no_exposure")

    # One in 24 buys likes for a live chat, which nobody judges.
    assert found(exposed, "no_exposure", likes).value > 0.8
    assert 0.07 < accused(exposed, "no_exposure").value < 0.11


def test_fans_who_comment_on_everything_are_reported_and_never_accused(large: Sequence[Judged]) -> None:
    fans = ORIGIN["fans who comment on everything"]

    assert accused(large, "pod", fans).value > 0.005
    assert accused(large, "copied_text", fans).value < 0.001
    assert not any((one.reasons[one.origins == fans] == NUMBER["pod"]).any() for one in large)


def test_a_live_chat_is_accused_only_where_nobody_named_it(large: Sequence[Judged]) -> None:
    assert accused(large, "burst", ORIGIN["live chat"]).value == 0
    assert accused(large, "burst", ORIGIN["live chat, not named as one"]).value > 0


def test_bounds_hold_the_share_and_open_where_nothing_was_seen() -> None:
    nobody, some = np.zeros(100, np.int64), np.arange(100)
    one = Judged(nobody, some, (some < 10).astype(np.int64), nobody)
    other = Judged(nobody, some, (some < 20).astype(np.int64), nobody)

    share = accused([one, other], None)
    assert share.value == 0.15
    assert 0 <= share.lower < 0.15 < share.upper <= 1
    none = accused([one, other], "burst")
    assert (none.value, none.lower) == (0, 0)
    assert none.upper == pytest.approx(3.7 / 200)
    assert math.isnan(accused([one], None, origin=5).value)


def test_campaigns_of_a_seed_are_the_same_again() -> None:
    (one,), (again,) = campaigns(7, 1_000, 1, USUAL), campaigns(7, 1_000, 1, USUAL)

    assert np.array_equal(one.reasons, again.reasons)


def test_the_page_has_a_place_for_every_table() -> None:
    page = authenticity.PAGE.read_text("utf-8")

    assert all(f"<!-- {name} -->\n|" in page for name in authenticity.TABLES)
