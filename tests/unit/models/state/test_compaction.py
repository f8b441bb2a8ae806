"""Compaction changes no window of this release, and says which windows it kept."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.columns import TICK, Ids, Increments
from models.state.compaction import compact, require_nested, require_windows, spans_of
from models.state.delta import Delta, merge_deltas
from models.state.delta_format import decode_delta, encode_delta
from models.state.duplicates import HORIZON
from models.times import DAY, MINUTE, SECOND
from models.windows import ROLLING, RollingWindow
from models.words import Words
from tests.unit.models.building import NOON
from tests.unit.models.state.deltas import SEEDS, SIZES, content, delta, deltas

NEWEST = NOON // SECOND


def window(name: str, length: int, bucket: int) -> RollingWindow:
    return RollingWindow(name=name, words=Words(name, name), scopes=(), length=length, bucket=bucket)


def held(one: Delta, window: RollingWindow, now: int) -> Counter[tuple[int, ...]]:
    """Sum what a window holds, by row, bucket and column."""
    found: Counter[tuple[int, ...]] = Counter()
    for row, tick, column, amount in zip(*(column.tolist() for column in one.counts), strict=True):
        bucket = tick * TICK // window.bucket
        if bucket >= window.first_bucket(now):
            found[row, bucket, column] += amount
    return found


@given(SEEDS, SIZES, st.integers(0, 3 * DAY), st.integers(0, 3 * DAY))
def test_no_window_changes_now_or_later_and_compacting_again_changes_nothing(
    seed: int, sizes: list[int], later: int, still_later: int
) -> None:
    whole = merge_deltas(deltas(seed, sizes))
    now = NOON + later
    compacted = compact(whole, now)

    for one in ROLLING:
        for moment in (now, now + still_later):
            assert held(compacted, one, moment) == held(whole, one, moment)
    assert compacted.counts.amounts.sum() == whole.counts.amounts.sum()
    assert content(compact(compacted, now)) == content(compacted)


def test_ticks_are_as_coarse_as_the_shortest_window_that_holds_them() -> None:
    noon, zeros = NOON // TICK, np.zeros(3, np.int64)
    ticks = noon - np.array([10**6, 187, 1])  # months, half an hour and seconds ago
    counts = Increments(zeros, ticks, zeros, zeros + 1)

    compacted = compact(replace(delta(1, 0, 1), counts=counts), NOON, ROLLING[:2])

    assert compacted.counts.ticks.tolist() == [0, noon - 192, noon - 1]


@given(SEEDS, SIZES)
def test_the_ids_of_the_last_hour_are_kept_and_no_other(seed: int, sizes: list[int]) -> None:
    whole = merge_deltas(deltas(seed, sizes))

    kept = compact(whole, NOON + 3 * DAY).ids

    arrivals = whole.ids.arrivals.tolist()
    recent = [max(arrivals) - arrival <= 3600 for arrival in arrivals]
    assert kept.keys.tolist() == whole.ids.keys[recent].tolist()


@pytest.mark.parametrize(("age", "kept"), [(HORIZON, True), (HORIZON + 1, False)])
def test_an_id_is_kept_as_long_as_a_copy_of_it_is_a_duplicate(age: int, kept: bool) -> None:
    ids = Ids(np.array([1, 2], np.uint64), np.array([NEWEST - age, NEWEST]))

    found = compact(replace(delta(1, 0, 1), ids=ids), NOON).ids

    assert found.keys.tolist() == ([1, 2] if kept else [2])


@given(st.lists(st.integers(0, 3600), max_size=30), st.integers(1, 30))
def test_no_more_ids_are_kept_than_are_remembered_and_these_are_the_last_to_arrive(
    ages: list[int], most: int
) -> None:
    ids = Ids(np.arange(len(ages), dtype=np.uint64), NEWEST - np.array(ages, dtype=np.int64))

    found = compact(replace(delta(1, 0, 1), ids=ids), NOON, most_ids=most).ids

    assert sorted(found.arrivals.tolist()) == sorted(ids.arrivals.tolist())[-most:]
    assert found.arrivals.tolist() == ids.arrivals[found.keys.astype(int)].tolist()


def test_a_delta_holds_every_window_until_it_is_compacted() -> None:
    fresh = delta(1, 0, 3)

    assert decode_delta(encode_delta(fresh)).kept is None
    assert decode_delta(encode_delta(compact(fresh, NOON))).kept == spans_of(ROLLING)


@pytest.mark.parametrize("missing", ROLLING, ids=lambda window: window.name)
def test_what_was_compacted_without_a_window_is_refused_by_its_name(missing: RollingWindow) -> None:
    others = [one for one in ROLLING if one is not missing]
    stored = encode_delta(compact(delta(1, 0, 3), NOON, others))

    with pytest.raises(ValueError, match=f"does not hold {missing.name} "):
        decode_delta(stored)


def test_a_window_of_the_same_name_but_other_buckets_is_another_one() -> None:
    *shorter, longest = ROLLING
    coarser = window(longest.name, longest.length, 2 * longest.bucket)
    compacted = compact(delta(1, 0, 3), NOON, [*shorter, coarser])

    with pytest.raises(ValueError, match=f"does not hold {longest.name} .* in buckets of"):
        require_windows(compacted)
    require_windows(compacted, [*shorter, coarser])


def test_a_release_with_fewer_windows_reads_it_and_promises_less_once_it_compacts() -> None:
    fewer = ROLLING[:-1]
    compacted = compact(delta(1, 0, 3), NOON)
    require_windows(compacted, fewer)

    again = compact(compacted, NOON, fewer)

    assert again.kept == spans_of(fewer)
    assert compact(again, NOON).kept == spans_of(fewer), "what is gone does not come back"


def test_what_is_merged_holds_what_every_part_holds() -> None:
    first, second, third = deltas(1, [2, 2, 2])
    all_but_last, all_but_first = ROLLING[:-1], ROLLING[1:]

    def merged(*parts: Delta) -> object:
        return merge_deltas(parts).kept

    assert merged(first, second, third) is None
    assert merged(compact(first, NOON), second) == spans_of(ROLLING)
    assert merged(first, compact(second, NOON, all_but_last), third) == spans_of(all_but_last)
    assert merged(compact(first, NOON, all_but_last), compact(second, NOON, all_but_first)) == spans_of(
        ROLLING[1:-1]
    )


def test_the_windows_of_this_release_share_their_ticks() -> None:
    require_nested(ROLLING)


@pytest.mark.parametrize(
    ("windows", "message"),
    [
        ([window("a", 5 * MINUTE, 15 * SECOND)], "window a: its bucket must be a multiple of 10 s"),
        ([window("a", 5 * MINUTE, 20 * SECOND), window("b", DAY, 30 * SECOND)], "window b: .* of 20 s"),
        ([window("a", DAY, MINUTE), window("b", DAY, MINUTE)], "window b: it must be longer than a"),
    ],
)
def test_windows_whose_buckets_do_not_nest_are_refused(windows: list[RollingWindow], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compact(delta(1, 0, 3), NOON, windows)
