"""Reach counts each person once, by the last time that they were seen, however sightings come."""

from collections.abc import Iterator

import numpy as np
import pytest

from models.reach.reach import Reach
from models.times import DAY, HOUR, MINUTE, SECOND
from models.windows import FLIGHT
from tests.unit.models.building import NOON
from tests.unit.models.reach.reaching import (
    KINDS,
    PEOPLE,
    everything,
    held_cells,
    reach_of,
    see,
    thresholds,
    values,
)


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
    reach.drop(np.array([1]))
    for slot in (0, 1, 4, 2**32 - 1):
        see(reach, slot, PEOPLE[:5])

    assert everything(reach) == everything(reach_of())
    assert held_cells(reach) == 0


@pytest.mark.parametrize("crowd", [50, 3_000])
def test_a_slot_opened_after_another_was_dropped_begins_empty(crowd: int) -> None:
    reach = reach_of(limit=100)
    reach.expire(NOON)
    see(reach, 1, PEOPLE[:crowd])
    reach.refresh()
    reach.drop(np.array([1]))
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

    assert held_cells(reach) == len(PEOPLE)


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
        assert held_cells(reach) <= 200 * (3 + np.log(people / 200))


def test_thresholds_only_rise_and_are_higher_for_older_buckets() -> None:
    before: dict[int, int] = {}
    for reach, _ in crowded_day(limit=200):
        levels = thresholds(reach, 1, "24h")
        by_age = [levels[bucket] for bucket in sorted(levels)]
        assert by_age == sorted(by_age, reverse=True)
        oldest = min(levels, default=0)
        assert all(levels.get(bucket, 0) >= level for bucket, level in before.items() if bucket >= oldest)
        before = levels
    assert before
