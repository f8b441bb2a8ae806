"""Reach counts each person once, by the last time that they were seen, however sightings come."""

from collections.abc import Callable, Iterator
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reach import Reach
from models.reach_bands import Bands
from models.reach_cells import Cells
from models.reach_counts import TICK
from models.times import DAY, HOUR, MINUTE, SECOND
from models.windows import FLIGHT, ROLLING, WINDOW_NAMES, WindowName
from tests.unit.models.building import NOON

KINDS: list[tuple[WindowName, ...]] = [("5m", "1h", "24h"), ("1h", "24h"), ("24h",)]
PEOPLE = np.random.default_rng(1).integers(0, 2**64, 3_000, dtype=np.uint64)
EVERYTHING = 10**6

Sighting = tuple[int, int, int]
"""Slot, person and time."""


def reach_of(limit: int = EVERYTHING) -> Reach:
    """Make one with the slots 1, 2 and 3, of the windows of a campaign, an influencer and a content."""
    reach = Reach(limit)
    for windows in KINDS:
        reach.slot(windows)
    return reach


def see(reach: Reach, slot: int, persons: np.ndarray, time: int = NOON) -> None:
    reach.see(np.full(len(persons), slot), persons, np.full(len(persons), time // TICK))


def see_all(reach: Reach, sightings: list[Sighting]) -> None:
    slots, persons, times = zip(*sightings, strict=True) if sightings else ((), (), ())
    reach.see(np.array(slots, int), PEOPLE[list(persons)], np.array(times, int) // TICK)


def values(reach: Reach, slot: int = 1) -> list[float]:
    return [reach.estimate(slot, window).value for window in WINDOW_NAMES]


def everything(reach: Reach) -> list[list[float]]:
    return [column.tolist() for window in WINDOW_NAMES for column in reach.estimates(window)]


def copy_of(reaches: list[Reach], limit: int, now: int, shuffled: Callable[[int], np.ndarray]) -> Reach:
    merged = reach_of(limit)
    cells = Cells(*map(np.concatenate, zip(*(reach.cells() for reach in reaches), strict=True)))
    order = shuffled(len(cells.slots))
    merged.see(*cells.where(order[: len(order) // 2]))
    for window in WINDOW_NAMES:
        for reach in reaches:
            merged.raise_to(window, reach.thresholds(window))
    merged.see(*cells.where(order[len(order) // 2 :]))
    merged.expire(now)
    merged.refresh()
    return merged


def in_window(window: WindowName, now: int, sightings: list[Sighting], slot: int) -> int:
    last: dict[int, int] = {}
    for where, person, time in sightings:
        if where == slot:
            last[person] = max(last.get(person, 0), time)
    rolling = {window.name: window for window in ROLLING}.get(window)
    if rolling is None:
        return len(last)
    return sum(rolling.bucket_of(time) >= rolling.first_bucket(now) for time in last.values())


def test_a_person_seen_twice_is_one() -> None:
    reach = reach_of()
    reach.expire(NOON)
    see(reach, 1, PEOPLE[[0, 0]])
    see(reach, 1, PEOPLE[[0, 1]])

    assert values(reach) == [2, 2, 2, 2]


def test_each_slot_has_its_own_people_and_keeps_its_own_windows() -> None:
    reach = reach_of()
    reach.expire(NOON)
    see(reach, 1, PEOPLE[:2])
    see(reach, 3, PEOPLE[:1])

    assert [values(reach, slot) for slot in (1, 2, 3)] == [[2, 2, 2, 2], [0, 0, 0, 0], [0, 0, 1, 1]]


def test_a_person_stays_in_a_window_as_long_as_the_last_sighting_does() -> None:
    reach = reach_of()
    reach.expire(NOON)
    see(reach, 1, PEOPLE[:1])
    see(reach, 1, PEOPLE[:1], NOON + 4 * MINUTE)

    reach.expire(NOON + 8 * MINUTE)
    assert values(reach) == [1, 1, 1, 1]
    reach.expire(NOON + 10 * MINUTE)
    assert values(reach) == [0, 1, 1, 1]


@pytest.mark.parametrize(("late", "held"), [(0, 1), (5 * SECOND - 1, 1), (5 * SECOND, 0)])
def test_the_edge_is_that_of_the_windows(late: int, held: int) -> None:
    reach = reach_of()
    see(reach, 1, PEOPLE[:1], NOON - 5 * MINUTE)
    reach.expire(NOON + late)

    assert values(reach)[0] == held


def test_an_older_sighting_that_comes_late_moves_nobody() -> None:
    reach = reach_of()
    reach.expire(NOON)
    see(reach, 1, PEOPLE[:1])
    see(reach, 1, PEOPLE[:1], NOON - HOUR)

    assert values(reach) == [1, 1, 1, 1]


def test_a_late_sighting_is_in_no_window_that_has_moved_on() -> None:
    reach = reach_of()
    reach.expire(NOON)
    see(reach, 1, PEOPLE[:1], NOON - HOUR // 2)
    see(reach, 1, PEOPLE[1:2], NOON - 2 * DAY)

    assert values(reach) == [0, 1, 1, 2]


def test_a_person_who_left_a_window_can_come_back() -> None:
    reach = reach_of()
    see(reach, 1, PEOPLE[:1], NOON - DAY)
    reach.expire(NOON)
    see(reach, 1, PEOPLE[:1])

    assert values(reach) == [1, 1, 1, 1]


def test_what_came_long_before_its_time_counts_when_the_window_is_near() -> None:
    reach = reach_of()
    reach.expire(NOON)
    see(reach, 1, PEOPLE[:1], NOON + HOUR)
    see(reach, 1, PEOPLE[1:2], NOON + 10 * MINUTE)

    assert values(reach) == [1, 2, 2, 2]
    reach.expire(NOON + HOUR - MINUTE)
    assert values(reach) == [1, 2, 2, 2]


def test_a_clock_that_steps_back_brings_nobody_back() -> None:
    reach = reach_of()
    reach.expire(NOON + DAY)
    reach.expire(NOON)
    see(reach, 1, PEOPLE[:1])

    assert values(reach) == [0, 0, 1, 1]


def test_sightings_of_unknown_and_dropped_slots_are_passed_over() -> None:
    reach = reach_of()
    reach.expire(NOON)
    see(reach, 1, PEOPLE[:5])
    reach.drop(1)
    for slot in (0, 1, 4, 2**32 - 1):
        see(reach, slot, PEOPLE[:5])

    assert everything(reach) == everything(reach_of())
    assert len(reach.cells().slots) == 0


@pytest.mark.parametrize("crowd", [50, 3_000])
def test_a_slot_opened_after_another_was_dropped_begins_empty(crowd: int) -> None:
    reach = reach_of(limit=100)
    reach.expire(NOON)
    see(reach, 1, PEOPLE[:crowd])
    reach.refresh()
    reach.drop(1)
    slot = reach.slot(KINDS[0])

    assert slot == 4
    for people in (40, 130):
        see(reach, slot, PEOPLE[:people])
        reach.refresh()
        alone = reach_of(limit=100)
        alone.expire(NOON)
        see(alone, 1, PEOPLE[:people])
        alone.refresh()
        assert values(reach, slot) == values(alone, 1)


def test_up_to_the_limit_a_window_is_exact_and_above_it_has_bounds() -> None:
    reach = reach_of(limit=1_000)
    reach.expire(NOON)
    see(reach, 1, PEOPLE[:1_000])
    see(reach, 2, PEOPLE[:1_001])
    reach.refresh()

    assert set(reach.estimate(1, FLIGHT)) == {1_000}
    estimate = reach.estimate(2, FLIGHT)
    assert estimate.lower < estimate.value < estimate.upper


def test_a_window_is_exact_again_when_the_crowd_has_left_it() -> None:
    reach = reach_of(limit=1_000)
    reach.expire(NOON)
    see(reach, 1, PEOPLE)
    reach.refresh()
    see(reach, 1, PEOPLE[:700], NOON + 10 * MINUTE)
    reach.expire(NOON + 10 * MINUTE)
    reach.refresh()

    assert set(reach.estimate(1, "5m")) == {700}
    assert reach.estimate(1, "1h").value != 700


def test_a_crowd_leaves_no_mark_on_those_who_came_after_it() -> None:
    reach = reach_of(limit=500)
    reach.expire(NOON)
    see(reach, 1, PEOPLE[:2_600], NOON - 2 * MINUTE)
    see(reach, 1, PEOPLE[2_600:], NOON)
    reach.refresh()
    assert reach.estimate(1, "5m").value != 3_000

    reach.expire(NOON + 4 * MINUTE)
    assert set(reach.estimate(1, "5m")) == {400}


def test_people_seen_again_and_again_take_no_more_room() -> None:
    reach = reach_of()
    for minute in range(50):
        see(reach, 1, PEOPLE, NOON + minute * MINUTE)

    assert len(reach.cells().slots) == len(PEOPLE)


def crowded_day(limit: int) -> Iterator[tuple[Reach, int]]:
    """Let 1 000 others come every 14 minutes; give how many came."""
    crowd = np.random.default_rng(2).integers(0, 2**64, 100_000, dtype=np.uint64)
    reach = reach_of(limit)
    for start in range(0, len(crowd), 1_000):
        now = NOON + start // 1_000 * 14 * MINUTE
        see(reach, 1, crowd[start : start + 1_000], now)
        reach.expire(now)
        reach.refresh()
        yield reach, start + 1_000


def test_what_a_crowded_slot_holds_is_bounded() -> None:
    for reach, people in crowded_day(limit=200):
        assert len(reach.cells().slots) <= 200 * (3 + np.log(people / 200))


def test_thresholds_only_rise_and_are_higher_for_older_buckets() -> None:
    before: dict[int, int] = {}
    for reach, _ in crowded_day(limit=200):
        thresholds = reach.thresholds("24h")
        levels = dict(zip(thresholds.buckets.tolist(), thresholds.levels.tolist(), strict=True))
        by_age = [levels[bucket] for bucket in sorted(levels)]
        assert by_age == sorted(by_age, reverse=True)
        oldest = min(levels, default=0)
        assert all(levels.get(bucket, 0) >= level for bucket, level in before.items() if bucket >= oldest)
        before = levels
    assert before


AGES = [0, 0, 0, 9 * SECOND, MINUTE, 5 * MINUTE, HOUR, DAY, 3 * DAY, -MINUTE, -3 * MINUTE]
WAITS = [0, 0, 5 * SECOND, 3 * MINUTE, HOUR, 20 * HOUR]
BATCH = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 40), st.sampled_from(AGES), st.integers(0, 30 * SECOND)),
    max_size=25,
)
HISTORY = st.lists(st.tuples(BATCH, st.sampled_from(WAITS), st.booleans()), max_size=8)
History = list[tuple[list[tuple[int, int, int, int]], int, bool]]


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
    nine = (np.full(9, row), np.zeros(9, int), np.zeros(9, np.uint8))
    bands.add(*nine, np.int32(1))
    bands.raise_to(*(column[:1] for column in nine[:2]), np.array([3]))
    bands.close(row)

    assert bands.open() == row
    assert bands.estimates(np.array([row])).values.tolist() == [0]
    assert not bands.thresholds(np.array([row])).any()
