"""Rows are summed by number, in one pass."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.core.columns import Ints
from models.core.sums import add_places, add_rows, sums_of

WIDTH = 3
TOTALS = np.arange(5 * WIDTH, dtype=np.int64).reshape(5, WIDTH)
LINES = st.lists(st.tuples(st.integers(0, 9), st.integers(-1, 3)), max_size=12)


def columns(lines: list[tuple[int, int]]) -> tuple[Ints, Ints]:
    rows, numbers = zip(*lines, strict=True) if lines else ((), ())
    return np.array(rows, np.int64), np.array(numbers, np.int64)


@given(LINES)
def test_rows_are_added_where_their_number_says(lines: list[tuple[int, int]]) -> None:
    rows, numbers = columns(lines)
    sums = np.ones((4, WIDTH), np.int64)

    add_rows(TOTALS, rows, numbers, sums)

    expected = np.ones((4, WIDTH), np.int64)
    for row, number in lines:
        if number >= 0 and row < len(TOTALS):
            expected[number] += TOTALS[row]
    assert sums.tolist() == expected.tolist()


@given(LINES)
def test_places_of_a_column_are_added_where_their_number_says(lines: list[tuple[int, int]]) -> None:
    places, numbers = columns([(place, max(number, 0)) for place, number in lines])
    sums = np.zeros(4, np.int64)

    add_places(TOTALS[:, 0].copy(), places, numbers, sums)

    expected = [0, 0, 0, 0]
    for place, number in zip(places.tolist(), numbers.tolist(), strict=True):
        if place < len(TOTALS):
            expected[number] += int(TOTALS[place, 0])
    assert sums.tolist() == expected


def test_lines_are_summed_by_number_and_those_of_none_left_out() -> None:
    assert sums_of(TOTALS, np.array([1, -1, 1, 0, -1]), 3)[:, 0].tolist() == [9, 6, 0]
