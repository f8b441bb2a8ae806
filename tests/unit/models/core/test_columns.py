"""Columns that are joined or thinned say what their lines said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.columns import Sightings, firsts_of, latest

FEW = st.integers(0, 2)


@pytest.mark.parametrize("apart", [1, 100_000], ids=["few rows", "many rows"])
@given(st.lists(st.tuples(FEW, FEW, FEW, st.integers(-1, 1))))
def test_the_last_sighting_of_each_person_row_and_target_stays(
    apart: int, seen: list[tuple[int, int, int, int]]
) -> None:
    rows, persons, ticks, targets = np.array(seen, np.int64).reshape(-1, 4).T
    found = latest(Sightings(rows * apart, persons.astype(np.uint64), ticks, targets))

    last: dict[tuple[int, int, int], int] = {}
    for row, person, tick, target in seen:
        last[row * apart, person, target] = max(tick, last.get((row * apart, person, target), 0))
    wanted = [(row, person, tick, target) for (row, person, target), tick in sorted(last.items())]
    assert list(zip(*(column.tolist() for column in found), strict=True)) == wanted


def test_each_distinct_value_is_listed_where_it_comes_first() -> None:
    assert firsts_of(np.array([7, 3, 7, 5, 3])).tolist() == [0, 1, 3]
    assert firsts_of(np.array([], np.int64)).tolist() == []
