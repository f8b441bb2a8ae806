"""Counts in lines are what a table of all rows and columns would say, and no line is lost or of two rows."""

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.core.columns import COLUMNS, Increments
from models.state.count_lines import Lines, add_leaves, add_to_windows, no_lines, open_all, take_from_window
from models.windows import ROLLING, WINDOW_NAMES

ROWS = 90
WIDTHS, FIRSTS = np.ones(len(ROLLING), np.int64), np.zeros(len(ROLLING), np.int64)
NO_SITES, SITE_OF_ROW = np.zeros((1, len(COLUMNS)), np.int64), np.zeros(ROWS, np.int32)
STEPS = st.lists(st.tuples(st.integers(0, 2**32), st.integers(1, 60)), max_size=12)


def some(seed: int, size: int) -> Increments:
    """Make increments, each row and column once; of some rows nearly all columns, of most a few."""
    random = Random(seed)
    few = random.randint(1, len(COLUMNS))
    cells = {(random.randrange(ROWS), random.randrange(few)) for _ in range(size)}
    rows, columns = (np.array(column, np.int64) for column in zip(*sorted(cells), strict=True))
    amounts = np.array([random.randint(-9, 99) for _ in cells], np.int64)
    return Increments(rows, np.zeros(len(cells), np.int64), columns, amounts)


def add(lines: Lines, counted: Increments) -> np.ndarray:
    """Add counts to all windows; return their cells."""
    cells, buckets = (np.empty(len(counted.rows), np.int64) for _ in range(2))
    add_to_windows(lines, counted, WIDTHS, FIRSTS, cells, np.empty(len(cells), np.int8), buckets)
    return cells


def spread_out(lines: Lines, window: int) -> np.ndarray:
    """Return the counts by row and column."""
    sums = np.zeros((ROWS, len(COLUMNS)), np.int64)
    add_leaves(lines, window, np.arange(ROWS), np.arange(ROWS), sums)
    return sums


def held(lines: Lines) -> list[int]:
    """Return the lines of rows, and those that were left."""
    found: list[int] = []
    for mask, first in lines.heads.tolist():
        found += range(first, first + mask.bit_count())
    for number, run in enumerate(lines.left.tolist()[1:], 1):
        while run:
            found += range(run, run + number)
            run = int(lines.counts[run, 0])
    return sorted(found)


@given(STEPS)
def test_lines_count_what_a_table_of_all_rows_and_columns_does(steps: list[tuple[int, int]]) -> None:
    lines, plain = no_lines(), np.zeros((len(WINDOW_NAMES), ROWS, len(COLUMNS)), np.int64)
    for seed, size in steps:
        counted = some(seed, size)
        lines = open_all(lines, counted)
        cells = add(lines, counted)
        plain[:, counted.rows, counted.columns] += counted.amounts
        window, gone = seed % len(WINDOW_NAMES), slice(0, size // 3)
        take_from_window(lines, window, NO_SITES, SITE_OF_ROW, cells[gone], counted.amounts[gone])
        plain[window, counted.rows[gone], counted.columns[gone]] -= counted.amounts[gone]

        assert [spread_out(lines, number).tolist() for number in range(len(WINDOW_NAMES))] == plain.tolist()
        assert held(lines) == list(range(1, int(lines.left[0])))
        assert not lines.counts[0].any()


def test_a_row_takes_no_more_lines_than_it_has_columns_and_those_that_it_left_are_used_again() -> None:
    lines = no_lines()
    for row in range(ROWS):
        for column in range(3):
            one = (
                np.array([row], np.int64),
                np.zeros(1, np.int64),
                np.array([column], np.int64),
                np.ones(1, np.int64),
            )
            lines = open_all(lines, Increments(*one))

    assert int(lines.left[0]) - 1 == 3 * ROWS + 2 + 1
