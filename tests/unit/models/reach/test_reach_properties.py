"""Whatever is seen, in whatever order: reach says what a set of last sightings would."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reach.bands import Bands
from models.reach.reach import Reach
from models.times import DAY, HOUR, MINUTE, SECOND
from models.windows import FLIGHT, WINDOW_NAMES
from tests.unit.models.building import NOON
from tests.unit.models.reach.reaching import (
    EVERYTHING,
    KINDS,
    Sighting,
    copy_of,
    everything,
    in_window,
    reach_of,
    see,
    see_all,
    values,
)

AGES = [0, 0, 0, 9 * SECOND, MINUTE, 5 * MINUTE, HOUR, DAY, 3 * DAY, -MINUTE, -3 * MINUTE]
WAITS = [0, 0, 5 * SECOND, 3 * MINUTE, HOUR, 20 * HOUR]
Batch = list[tuple[int, int, int, int]]
History = list[tuple[Batch, int, bool]]


def batch(seed: int, size: int) -> Batch:
    """Give sightings from a seed: hypothesis shrinks how many there are, and is far quicker so."""
    random = Random(seed)
    return [
        (random.randint(1, 3), random.randint(0, 40), random.choice(AGES), random.randint(0, 30 * SECOND))
        for _ in range(size)
    ]


BATCH = st.builds(batch, st.integers(0, 2**32), st.integers(0, 25))
HISTORY = st.lists(st.tuples(BATCH, st.sampled_from(WAITS), st.booleans()), max_size=8)


def live(reach: Reach, history: History) -> tuple[list[Sighting], int]:
    """Let a history happen, batch by batch; give its sightings and the time after it."""
    seen, now = list[Sighting](), NOON
    for batch, wait, tidy in history:
        now += wait
        reach.expire(now)
        sightings = [(slot, person, now - age + jitter) for slot, person, age, jitter in batch]
        see_all(reach, sightings)
        seen += sightings
        reach.refresh()
        if tidy:
            reach.sweep()
    reach.expire(now)
    reach.refresh()
    return seen, now


@given(HISTORY)
def test_reach_is_what_a_set_of_last_sightings_gives(history: History) -> None:
    reach = reach_of()
    seen, now = live(reach, history)

    for slot, windows in enumerate(KINDS, start=1):
        for window in (*windows, FLIGHT):
            assert set(reach.estimate(slot, window)) == {in_window(window, now, seen, slot)}


@given(HISTORY, st.sampled_from([1, 5, 12]))
def test_a_window_within_the_limit_is_exact_whatever_was_before(history: History, limit: int) -> None:
    reach = reach_of(limit)
    seen, now = live(reach, history)

    for slot, windows in enumerate(KINDS, start=1):
        for window in (*windows, FLIGHT):
            held = in_window(window, now, seen, slot)
            if held <= limit:
                assert set(reach.estimate(slot, window)) == {held}


@given(HISTORY, st.sampled_from([3, EVERYTHING]), st.randoms(use_true_random=False), st.booleans())
def test_order_splits_and_redelivery_change_nothing(
    history: History, limit: int, chance: Random, split: bool
) -> None:
    first = reach_of(limit)
    seen, now = live(first, history)
    second = reach_of(limit)
    for window in WINDOW_NAMES:
        second.raise_to(window, first.thresholds(window))
    again = seen + chance.sample(seen, len(seen) // 2)
    chance.shuffle(again)
    for start in range(0, len(again), 7 if split else 1_000):
        see_all(second, again[start : start + (7 if split else 1_000)])
    second.expire(now)
    second.refresh()

    assert everything(first) == everything(second)


@given(HISTORY, HISTORY, st.integers(0, 2**32))
def test_the_cells_of_two_make_what_one_had_seen(one: History, other: History, seed: int) -> None:
    reaches = [reach_of(), reach_of()]
    (seen, now), (also_seen, later) = (
        live(reach, history) for reach, history in zip(reaches, (one, other), strict=True)
    )
    merged = copy_of(reaches, EVERYTHING, max(now, later), np.random.default_rng(seed).permutation)
    single = reach_of()
    see_all(single, seen + also_seen)
    single.expire(max(now, later))

    assert everything(merged) == everything(single)


@given(HISTORY, st.integers(0, 2**32))
def test_a_snapshot_reads_as_what_it_was_taken_of_samples_too(history: History, seed: int) -> None:
    reach = reach_of(3)
    _, now = live(reach, history)
    shuffled = np.random.default_rng(seed).permutation

    assert everything(copy_of([reach], 3, now, shuffled)) == everything(reach)


def test_the_merged_samples_of_two_count_a_shared_crowd_once() -> None:
    crowd = np.random.default_rng(4).integers(0, 2**64, 60_000, dtype=np.uint64)
    reaches = [reach_of(2_000), reach_of(2_000)]
    for reach, part in zip(reaches, (crowd[:50_000], crowd[10_000:]), strict=True):
        reach.expire(NOON)
        see(reach, 1, part)
        reach.refresh()
    merged = copy_of(reaches, 2_000, NOON, np.random.default_rng(1).permutation)

    assert values(merged) == pytest.approx([60_000] * 4, rel=0.1)


@given(HISTORY, st.sampled_from([3, EVERYTHING]))
def test_all_slots_read_at_once_read_as_one_by_one(history: History, limit: int) -> None:
    reach = reach_of(limit)
    live(reach, history)

    for window in WINDOW_NAMES:
        columns = reach.estimates(window)
        assert [tuple(reach.estimate(slot, window)) for slot in range(4)] == list(zip(*columns, strict=True))


def test_a_row_of_bands_that_was_closed_is_given_again_empty() -> None:
    bands = Bands(buckets=1, limit=50)
    row = bands.open()
    rows, buckets = np.full(9, row), np.zeros(9, int)
    bands.add(rows, buckets, np.zeros(9, np.uint8), np.int32(1))
    bands.raise_to(rows[:1], buckets[:1], np.array([3]))
    bands.close(row)

    assert bands.open() == row
    assert bands.estimates(np.array([row])).values.tolist() == [0]
    assert not bands.thresholds(np.array([row])).any()
