"""A campaign's counts in two hours each: those that the longest window holds."""

import numpy as np
import pytest

from models.core.columns import COLUMN, TICK, Increments
from models.scopes import Leaf
from models.state.leaves import Leaves
from models.state.rhythm import BUCKET, SERIES, Rhythm
from models.times import DAY, HOUR
from tests.unit.models.building import LEAF, NOON

LUZ = Leaf("luz", "ben", "post", "tiktok")


def leaves_of(*named: Leaf) -> Leaves:
    leaves = Leaves(100)
    leaves.restore(named)
    return leaves


def counted(*lines: tuple[int, int, str, int]) -> Increments:
    """Make increments of row, time, column and amount."""
    rows, times, columns, amounts = zip(*lines, strict=True)
    numbers = [COLUMN[name] for name in columns]
    return Increments(np.array(rows), np.array(times) // TICK, np.array(numbers), np.array(amounts))


def series(rhythm: Rhythm, campaign: str, name: str, now: int = NOON) -> list[int]:
    found: list[int] = rhythm.of(campaign, now)[:, SERIES.index(name)].tolist()
    return found


@pytest.fixture
def rhythm() -> Rhythm:
    return Rhythm(leaves_of(LEAF, LUZ, LEAF._replace(content="reel-2")))


def test_a_campaigns_leaves_add_up_by_bucket(rhythm: Rhythm) -> None:
    rhythm.add(counted((0, NOON, "impressions", 5), (2, NOON - 3 * HOUR, "impressions", 7)))
    rhythm.add(counted((2, NOON, "impressions", 2), (1, NOON, "impressions", 100)))
    assert series(rhythm, "glow", "impressions")[-1] == 7
    assert sum(series(rhythm, "glow", "impressions")) == 14
    assert sum(series(rhythm, "luz", "impressions")) == 100


def test_a_bucket_in_which_a_total_fell_shows_nothing_and_what_comes_later_is_not_above_it(
    rhythm: Rhythm,
) -> None:
    rhythm.add(counted((0, NOON, "impressions", -5)))
    assert series(rhythm, "glow", "impressions")[-1] == 0
    rhythm.add(counted((0, NOON, "impressions", 7)))
    assert series(rhythm, "glow", "impressions")[-1] == 2


def test_interactions_of_every_kind_are_one_series(rhythm: Rhythm) -> None:
    lines = [(0, NOON, f"interactions:{kind}", 1) for kind in ("like", "share", "click")]
    rhythm.add(counted(*lines, (0, NOON, "video_views", 9), (0, NOON, "rated:negative", 4)))
    assert series(rhythm, "glow", "interactions")[-1] == 3
    assert series(rhythm, "glow", "rated:negative")[-1] == 4
    assert rhythm.of("glow", NOON).sum() == 7


def test_orders_come_and_go(rhythm: Rhythm) -> None:
    rhythm.add_order("glow", NOON, {"conversions:purchase": 1, "revenue:purchase:EUR": 10**9}, +1)
    rhythm.add_order("glow", NOON - DAY, {"conversions:purchase": 1}, +1)
    rhythm.add_order("glow", NOON, {"conversions:purchase": 1}, -1)
    rhythm.add_order("luz", NOON, {"conversions:signup": 3}, +1)
    assert sum(series(rhythm, "glow", "conversions:purchase")) == 1
    rhythm.forget_orders(["glow", "unknown"])
    assert rhythm.of("glow", NOON).sum() == 0
    assert rhythm.of("luz", NOON).sum() == 3


def test_a_bucket_leaves_with_the_window(rhythm: Rhythm) -> None:
    rhythm.expire(NOON)
    rhythm.add(counted((0, NOON - 8 * DAY, "clicks", 3), (0, NOON - 7 * DAY + 2 * BUCKET, "clicks", 4)))
    assert series(rhythm, "glow", "clicks")[:4] == [0, 0, 4, 0]
    rhythm.expire(NOON + 4 * BUCKET)
    assert rhythm.of("glow", NOON + 4 * BUCKET).sum() == 0
    assert len(rhythm.of("glow", NOON)) == 7 * DAY // BUCKET + 1


def test_many_campaigns_share_a_bucket() -> None:
    leaves = leaves_of()
    rhythm = Rhythm(leaves)
    for row in range(40):
        leaves.row_for(Leaf(f"c{row}", "ana", "reel", "instagram"))
        rhythm.add(counted((row, NOON, "clicks", row + 1)))
    assert [rhythm.of(f"c{row}", NOON).sum() for row in range(40)] == list(range(1, 41))
