"""A table forgets by time and for want of room, and the same after it was stored."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.authenticity.pace import Paces, new_paces, pace
from models.authenticity.table import Table
from models.times import DAY, HOUR

KEYS = np.random.default_rng(1).integers(1, 2**64, 400, dtype=np.uint64)
START = 20_000 * DAY


def filled(most: int, persons: int, apart: int = 1) -> Table[Paces]:
    table = new_paces(most)
    pace(table, KEYS[:persons], START + np.arange(persons) * apart)
    return table


def held(table: Table[Paces]) -> set[int]:
    return set(table.index.keys[: len(table)].tolist())


def test_it_grows_up_to_its_cap_and_forgets_nobody_before() -> None:
    table = filled(200, 200)

    assert held(table) == set(KEYS[:200].tolist())
    assert (table.evicted, table.floor) == (0, 0)


def test_beyond_its_cap_it_forgets_the_quarter_that_came_longest_ago_and_counts_them() -> None:
    table = filled(80, 81)

    assert held(table) == set(KEYS[21:81].tolist())
    assert table.evicted == 21
    assert table.floor == START + 21


def test_those_of_one_time_are_forgotten_together() -> None:
    table = filled(80, 81, apart=0)

    assert (len(table), table.evicted) == (0, 80)


def test_what_is_older_than_the_floor_is_not_remembered() -> None:
    table = filled(80, 81)
    paced = pace(table, KEYS[300:301], np.array([START + 20]))

    assert paced.close.tolist() == [0]
    assert int(KEYS[300]) not in held(table)


def test_it_expires_by_steps_of_its_horizon() -> None:
    table = filled(80, 1)

    table.expire(START + DAY + 6 * HOUR - 1)
    assert len(table) == 1
    table.expire(START + DAY + 6 * HOUR)
    assert len(table) == 0
    assert table.evicted == 0


def test_what_is_forgotten_gives_its_memory_back() -> None:
    table, few = filled(50_000, 400), filled(50_000, 1)
    assert few.octets < 10_000

    table.expire(START + 2 * DAY)
    assert table.octets <= few.octets


def test_what_comes_late_makes_an_entry_no_older() -> None:
    table = filled(80, 1)
    pace(table, KEYS[:1], np.array([START - 20 * HOUR]))

    table.expire(START + DAY + 6 * HOUR - 1)
    assert len(table) == 1


def test_the_floor_never_falls() -> None:
    table = filled(80, 81)
    table.expire(START - 5 * DAY)

    assert table.floor == START + 21


def test_a_horizon_is_whole_days() -> None:
    with pytest.raises(ValueError, match="whole days"):
        Table(new_paces(1).columns, 1, DAY + HOUR)


def test_a_restored_table_holds_the_same_though_another_release_held_more() -> None:
    before = filled(200, 200)
    table = new_paces(80)
    table.restore(before.cut(0), before.floor)

    assert held(table) == held(before)
    pace(table, KEYS[300:301], np.array([START + 1000]))
    assert len(table) == 200 - 51 + 1


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 50)), max_size=80), st.integers(1, 12))
def test_it_never_holds_more_than_its_cap_nor_anything_below_its_floor(
    came: list[tuple[int, int]], most: int
) -> None:
    table, seen = new_paces(most), set[int]()
    for person, hours in came:
        pace(table, KEYS[person : person + 1], np.array([START + hours * HOUR]))
        seen.add(int(KEYS[person]))

        assert len(table) <= most
        assert len(table.index.lasts) <= most
        assert held(table) <= seen
        assert (table.index.lasts[: len(table)] >= table.floor).all()
        assert not table.columns.times[len(table) :].any()
