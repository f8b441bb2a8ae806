"""Whatever is seen, in whatever order: reach says what a set of last sightings would."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.columns import TICK
from models.reach.bands import Bands
from models.reach.people import touch_counts
from models.reach.reach import Reach
from models.reach.sample import LEVELS, SHARES
from models.times import DAY, HOUR, MINUTE, SECOND
from models.windows import FLIGHT, WINDOW_NAMES
from tests.unit.models.building import NOON
from tests.unit.models.reach.reaching import (
    EVERYTHING,
    KINDS,
    Sighting,
    everything,
    in_window,
    reach_of,
    sample_sizes,
    see,
    see_all,
    sweep,
    values,
)

AGES = [0, 0, 0, 9 * SECOND, MINUTE, 5 * MINUTE, HOUR, DAY, 3 * DAY, -MINUTE, -3 * MINUTE]
WAITS = [0, 0, 5 * SECOND, 3 * MINUTE, HOUR, 20 * HOUR]
Batch = list[tuple[int, int, int, int]]
History = list[tuple[Batch, int, bool]]


def batch(seed: int, size: int) -> Batch:
    """Return sightings from a seed: hypothesis shrinks how many there are, and is far quicker so."""
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
            sweep(reach)
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


def shuffled_with_repeats(seen: list[Sighting], limit: int, now: int, chance: Random, split: bool) -> Reach:
    """See the same in another order, half of it twice, in many batches or in one."""
    reach = reach_of(limit)
    again = seen + chance.sample(seen, len(seen) // 2)
    chance.shuffle(again)
    for start in range(0, len(again), 7 if split else 1_000):
        see_all(reach, again[start : start + (7 if split else 1_000)])
    reach.expire(now)
    reach.refresh()
    return reach


@given(HISTORY, st.randoms(use_true_random=False), st.booleans())
def test_order_splits_and_redelivery_change_nothing(history: History, chance: Random, split: bool) -> None:
    reach = reach_of()
    seen, now = live(reach, history)

    assert everything(shuffled_with_repeats(seen, EVERYTHING, now, chance, split)) == everything(reach)


@given(HISTORY, st.randoms(use_true_random=False), st.booleans())
def test_a_sample_counts_exactly_those_who_reach_its_level(
    history: History, chance: Random, split: bool
) -> None:
    limit = 3
    reach = reach_of(limit)
    seen, now = live(reach, history)

    for one in (reach, shuffled_with_repeats(seen, limit, now, chance, split)):
        for slot, windows in enumerate(KINDS, start=1):
            for window in (*windows, FLIGHT):
                sizes = sample_sizes(window, now, seen, slot)
                lowest = next((level for level, size in enumerate(sizes) if size <= limit), LEVELS - 1)
                possible = [size / share for size, share in zip(sizes, SHARES.tolist(), strict=True)]
                assert one.estimate(slot, window).value in possible[lowest:]


def test_a_crowd_seen_in_two_parts_that_overlap_counts_once() -> None:
    crowd = np.random.default_rng(4).integers(0, 2**64, 60_000, dtype=np.uint64)
    reach = reach_of(2_000)
    reach.expire(NOON)
    for part in (crowd[:50_000], crowd[10_000:]):
        see(reach, 1, part)
        reach.refresh()

    assert values(reach) == pytest.approx([60_000] * 4, rel=0.1)


@given(HISTORY, st.sampled_from([3, EVERYTHING]))
def test_all_slots_read_at_once_read_as_one_by_one(history: History, limit: int) -> None:
    reach = reach_of(limit)
    live(reach, history)

    for window in WINDOW_NAMES:
        columns = reach.estimates(np.arange(4), window)
        assert [tuple(reach.estimate(slot, window)) for slot in range(4)] == list(zip(*columns, strict=True))


def test_a_row_of_bands_that_was_closed_is_given_again_empty() -> None:
    bands = Bands(buckets=1, limit=50)
    row = bands.open()
    bands.counts[row, 0, 0] = 90
    bands.tighten(row, np.array([0]))
    assert bands.thresholds[row, 0] > 0
    bands.close(row)

    assert bands.open() == row
    assert bands.estimates(np.array([row])).values.tolist() == [0]
    assert bands.thresholds[row, 0] == 0


def test_reading_beforehand_what_is_counted_in_changes_nothing() -> None:
    reach = reach_of()
    reach.expire(NOON)
    sightings: list[Sighting] = [
        (slot, person, NOON - age) for slot in (1, 2, 3) for person, age in enumerate(AGES)
    ]
    see_all(reach, sightings)
    before = everything(reach)

    slots = np.array([slot for slot, _, _ in sightings])
    touch_counts(reach.windows, slots, np.array([time // TICK for *_, time in sightings]))

    assert everything(reach) == before
    assert before != everything(reach_of())
