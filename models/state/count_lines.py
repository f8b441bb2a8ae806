"""Counts by row, column and window, in as many lines as there are rows and columns that counted.

Most leaves count in two or three columns: all columns in all windows took 1.1 kB a leaf, and to name the line
of each column 100 bytes. So the lines of a row stand together, in the order of their columns, which a mask
has the bits of; when another column counts, they move to where there are as many lines and one more. The
windows of a line stand together, so that of many leaves an event waits for memory once, not once a window.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.bits import count_bits
from models.core.columns import COLUMNS, Increments, Int32s, Ints
from models.core.compiling import I64, U64, compiled, inlined
from models.core.growing import grown
from models.events.batch import Smalls
from models.windows import WINDOW_NAMES

_WIDTH = I64(len(COLUMNS))
_MASK, _FIRST = U64(0), U64(1)
_UNUSED, _NEXT = I64(0), I64(0)
_NONE, _ONE = I64(0), U64(1)


class Lines(NamedTuple):
    """By row the mask of its columns, 64 at most, and its first line; by line the counts in every window.

    `left` has for each number of lines the first of so many that were left, or 0; the first count there is
    where the next of as many are. In place of 0 lines it has the first line that nobody has used yet.
    """

    heads: npt.NDArray[np.uint64]
    counts: Ints
    left: Ints


def no_lines() -> Lines:
    """Return lines that count nothing."""
    left = np.zeros(len(COLUMNS) + 1, np.int64)
    left[_UNUSED] = 1
    return Lines(np.zeros((64, 2), np.uint64), np.zeros((64, len(WINDOW_NAMES)), np.int64), left)


def open_all(lines: Lines, counted: Increments) -> Lines:
    """Make room for rows, and for a line of each row and column that counts for the first time."""
    row = int(counted.rows.max(initial=0))
    if row >= len(lines.heads):
        lines = lines._replace(heads=grown(lines.heads, row))
    done = 0
    while (done := open_lines(lines, counted, done)) < len(counted.rows):
        lines = lines._replace(counts=grown(lines.counts, len(lines.counts)))
    return lines


@compiled
def open_lines(lines: Lines, counted: Increments, start: int) -> int:
    """Open lines for increments from an index on; return the index up to which there was room."""
    for index in range(start, len(counted.rows)):
        row, column = counted.rows[index], counted.columns[index]
        if not U64(lines.heads[row, _MASK]) >> U64(column) & _ONE:
            if len(lines.counts) - lines.left[_UNUSED] < _WIDTH:
                return index
            _open(lines, row, column)
    return len(counted.rows)


@inlined
def _open(lines: Lines, row: np.int64, column: np.int64) -> None:
    """Move the lines of a row to where there is one more, for another column."""
    mask, before = U64(lines.heads[row, _MASK]), I64(lines.heads[row, _FIRST])
    number, at = I64(count_bits(mask)), I64(_rank(mask, column))
    first = _taken(lines, number + 1)
    for window in range(lines.counts.shape[1]):
        for line in range(number, at, -1):
            lines.counts[first + line, window] = lines.counts[before + line - 1, window]
        lines.counts[first + at, window] = 0
        for line in range(at):
            lines.counts[first + line, window] = lines.counts[before + line, window]
    if number:
        lines.counts[before, _NEXT] = lines.left[number]
        lines.left[number] = before
    lines.heads[row, _MASK], lines.heads[row, _FIRST] = mask | _ONE << U64(column), first


@inlined
def _taken(lines: Lines, number: np.int64) -> np.int64:
    """Return the first of so many lines that were left, or else of new ones; there must be room."""
    first: np.int64 = lines.left[number]
    if first != _NONE:
        lines.left[number] = lines.counts[first, _NEXT]
        return first
    first = lines.left[_UNUSED]
    lines.left[_UNUSED] += number
    return first


@inlined
def _rank(mask: np.uint64, column: np.int64) -> np.uint64:
    """Return how many columns of a mask come before one."""
    return count_bits(mask & (_ONE << U64(column)) - _ONE)


@inlined
def _line_of(lines: Lines, row: np.int64, column: np.int64) -> np.int64:
    """Return the line of a row and a column that has one."""
    return I64(lines.heads[row, _FIRST]) + I64(_rank(U64(lines.heads[row, _MASK]), column))


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
        line = _line_of(lines, row, column)
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
        lines.counts[_line_of(lines, row, column), window] -= amounts[index]
        of_sites[site_of_row[row], column] -= amounts[index]


@compiled
def add_leaves(lines: Lines, window: int, rows: Ints, numbers: Ints, sums: Ints) -> None:
    """Add the counts of rows in a window to the lines of `sums` that `numbers` name; −1 is left out.

    Rows that are not there count nothing.
    """
    for index in range(len(rows)):
        row, number = rows[index], numbers[index]
        if number >= 0 and row < len(lines.heads):
            mask, line = U64(lines.heads[row, _MASK]), I64(lines.heads[row, _FIRST])
            for column in range(sums.shape[1]):
                if mask >> U64(column) & _ONE:
                    sums[number, column] += lines.counts[line, window]
                    line += 1
