"""Columns that are joined or thinned say what their lines said."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.core.columns import Sightings, firsts_of, latest, narrowed

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


EDGES = [sign * 2**bits + more for bits in (7, 15, 31) for sign in (1, -1) for more in (-1, 0, 1)]


@given(st.lists(st.sampled_from([*EDGES, 0, 1, 2**63 - 1, -(2**63)]) | st.integers(-(2**63), 2**63 - 1)))
@example([2**63 - 1, -(2**63)])
@example([])
def test_a_narrowed_column_says_the_same_in_as_few_bytes_as_suffice(listed: list[int]) -> None:
    column = np.array(listed, np.int64)
    found = narrowed(column)

    assert found.tolist() == listed
    assert not np.shares_memory(found, column)
    assert found.dtype.itemsize == min(
        size
        for size in (1, 2, 4, 8)
        if all(-(2 ** (8 * size - 1)) <= one < 2 ** (8 * size - 1) for one in listed)
    )
