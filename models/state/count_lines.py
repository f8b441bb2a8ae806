"""Counts by row, column and window, in as many lines as there are rows and columns that counted.

Most leaves count in few columns: all columns in all windows took 1.1 kB a leaf. The windows of a line stand
together, so that of many leaves an event waits for memory once, not once a window.
"""

from typing import NamedTuple

import numpy as np

from models.core.columns import COLUMNS, Increments, Int32s, Ints
from models.core.compiling import I64, compiled
from models.core.growing import grown
from models.events.batch import Smalls
from models.windows import WINDOW_NAMES

_WIDTH = I64(len(COLUMNS))
_NO_LINE = np.int32(0)


class Lines(NamedTuple):
    """The counts in every window, by line; and by row and column which line that is.

    Line 0 stands for "none": it is never written, and counts nothing.
    """

    of_cell: Int32s
    counts: Ints


def no_lines() -> Lines:
    """Return lines that count nothing."""
    return Lines(np.zeros((64, len(COLUMNS)), np.int32), np.zeros((64, len(WINDOW_NAMES)), np.int64))


def grow(lines: Lines, row: int, number: int) -> Lines:
    """Make room for a row, and for so many lines."""
    of_cell, counts = lines
    return Lines(
        grown(of_cell, row) if row >= len(of_cell) else of_cell,
        grown(counts, number) if number > len(counts) else counts,
    )


@compiled
def open_lines(of_cell: Int32s, number: int, counted: Increments) -> int:
    """Give a line to each row and column that counts for the first time; return how many there are."""
    for index in range(len(counted.rows)):
        row, column = counted.rows[index], counted.columns[index]
        if of_cell[row, column] == _NO_LINE:
            of_cell[row, column] = number
            number += 1
    return number


@compiled
def add_to_windows(
    lines: Lines, counted: Increments, widths: Ints, firsts: Ints, cells: Ints, holders: Smalls, buckets: Ints
) -> None:
    """Add counts to the flight and to each rolling window, `widths` ticks a bucket, that holds their bucket.

    Tell of each the cell, the shortest window that holds it, or as many as there are where none does, and its
    bucket there.
    """
    flight = len(widths)
    for index in range(len(cells)):
        row, column, amount = counted.rows[index], counted.columns[index], counted.amounts[index]
        line = lines.of_cell[row, column]
        lines.counts[line, flight] += amount
        cells[index], holders[index], buckets[index] = row * _WIDTH + column, flight, 0
        for number in range(flight - 1, -1, -1):
            bucket = counted.ticks[index] // widths[number]
            if bucket >= firsts[number]:
                lines.counts[line, number] += amount
                holders[index], buckets[index] = number, bucket


@compiled
def take_from_window(
    lines: Lines, window: int, of_sites: Ints, site_of_row: Int32s, cells: Ints, amounts: Ints
) -> None:
    """Take amounts out of one window."""
    for index in range(len(cells)):
        row, column = cells[index] // _WIDTH, cells[index] % _WIDTH
        lines.counts[lines.of_cell[row, column], window] -= amounts[index]
        of_sites[site_of_row[row], column] -= amounts[index]


@compiled
def add_leaves(lines: Lines, window: int, rows: Ints, numbers: Ints, sums: Ints) -> None:
    """Add the counts of rows in a window to the lines of `sums` that `numbers` name; −1 is left out.

    Rows that are not there count nothing.
    """
    for index in range(len(rows)):
        row, number = rows[index], numbers[index]
        if number >= 0 and row < len(lines.of_cell):
            for column in range(lines.of_cell.shape[1]):
                sums[number, column] += lines.counts[lines.of_cell[row, column], window]
