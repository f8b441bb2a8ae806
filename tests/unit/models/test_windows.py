"""Rolling windows are made of buckets; their edge is off by at most half a bucket.

5m at now = 12:00:00, buckets of 10 s:

      11:54:50   11:55:00   11:55:10            11:59:50   12:00:00
 ────────┼──────────┼──────────┼─── … ─────────────┼──────────┼──
  out    │    out   │    in    │        in         │    in    │ in
         └──────────┴──────────┴── … ──────────────┴──────────┘
                 first bucket ▲                           now ▲

at 12:00:04 the edge is 11:55:04, less than half a bucket past 11:55:00: that bucket is in still;
at 12:00:05 it is half a bucket: the bucket is out.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.times import DAY, HOUR, MINUTE, SECOND
from models.windows import LENGTHS, ROLLING, WINDOW_NAMES, RollingWindow
from tests.unit.models.building import NOON

FIVE = ROLLING[0]


def holds(window: RollingWindow, now: int, time: int) -> bool:
    return time // window.bucket >= window.first_bucket(now)


@pytest.mark.parametrize(
    ("now", "oldest_held"),
    [
        (0, -5 * MINUTE),
        (4 * SECOND, -5 * MINUTE),
        (5 * SECOND - 1, -5 * MINUTE),
        (5 * SECOND, -5 * MINUTE + 10 * SECOND),
        (10 * SECOND, -5 * MINUTE + 10 * SECOND),
    ],
)
def test_the_oldest_bucket_leaves_half_a_bucket_after_the_edge_reached_it(now: int, oldest_held: int) -> None:
    assert holds(FIVE, NOON + now, NOON + oldest_held)
    assert not holds(FIVE, NOON + now, NOON + oldest_held - 1)


@given(st.sampled_from(ROLLING), st.integers(NOON, NOON + 10 * DAY), st.integers(0, 3 * DAY))
def test_the_edge_is_off_by_at_most_half_a_bucket(window: RollingWindow, now: int, age: int) -> None:
    if age <= window.length - window.bucket // 2:
        assert holds(window, now, now - age)
    if age >= window.length + window.bucket // 2:
        assert not holds(window, now, now - age)


@given(st.sampled_from(ROLLING), st.integers(NOON, NOON + DAY), st.integers(0, DAY))
def test_what_has_left_never_comes_back(window: RollingWindow, now: int, later: int) -> None:
    assert window.first_bucket(now + later) >= window.first_bucket(now)


def test_the_edges_are_those_of_the_contract() -> None:
    assert [window.bucket for window in ROLLING] == [10 * SECOND, MINUTE, 15 * MINUTE, 2 * HOUR]
    assert LENGTHS == {"5m": 5 * MINUTE, "1h": HOUR, "24h": DAY, "7d": 7 * DAY}
    assert WINDOW_NAMES == ("5m", "1h", "24h", "7d", "flight")
