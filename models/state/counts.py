"""Counts in columns, a row a leaf: an array for each window, from which old buckets are subtracted again.

Beside them when the first event of each row happened.
"""

import itertools
from collections import defaultdict

import numpy as np

from models.core.columns import COLUMNS, TICK, Increments, Ints, sum_by
from models.tally import Tally
from models.windows import FLIGHT, ROLLING, WINDOW_NAMES, RollingWindow, WindowName

_NEVER = np.iinfo(np.int64).max


class _Bucket:
    """Amounts by cell (row and column in one number) of one bucket, in chunks that are summed at times."""

    def __init__(self) -> None:
        self._chunks: list[tuple[Ints, Ints]] = []
        self._waiting = 0
        self._summed = 0

    def add(self, cells: Ints, amounts: Ints) -> None:
        self._chunks.append((cells, amounts))
        self._waiting += len(cells)
        if self._waiting > 2 * self._summed + 4096:
            self._sum()

    def _sum(self) -> None:
        cells, amounts = self.contents()
        self._chunks = [(cells, amounts)]
        self._waiting = self._summed = len(cells)

    def contents(self) -> tuple[Ints, Ints]:
        """Return each cell once, with its sum."""
        cells = np.concatenate([chunk[0] for chunk in self._chunks])
        return sum_by(cells, np.concatenate([chunk[1] for chunk in self._chunks]))


class Counts:
    """The counts of all leaves in every window."""

    def __init__(self) -> None:
        self._totals: dict[WindowName, Ints] = {name: _zeros(64) for name in WINDOW_NAMES}
        self._buckets: dict[WindowName, defaultdict[int, _Bucket]] = {
            window.name: defaultdict(_Bucket) for window in ROLLING
        }
        self._first: dict[WindowName, int] = {window.name: 0 for window in ROLLING}
        self._firsts: Ints = np.full(64, _NEVER)

    def add(self, increments: Increments) -> None:
        """Add to the flight, and to each rolling window that holds the time."""
        if not len(increments.rows):
            return
        self._grow(int(increments.rows.max()) + 1)
        increments = increments.where(np.argsort(increments.ticks))
        cells = increments.rows * len(COLUMNS) + increments.columns
        np.add.at(self._totals[FLIGHT].reshape(-1), cells, increments.amounts)
        for window in ROLLING:
            self._add_rolling(window, increments.ticks, cells, increments.amounts)

    def see(self, rows: Ints, times: Ints) -> None:
        """Note when events of rows happened (microseconds)."""
        short = int(rows.max(initial=-1)) + 1 - len(self._firsts)
        if short > 0:
            self._firsts = np.append(self._firsts, np.full(max(short, len(self._firsts)), _NEVER))
        np.minimum.at(self._firsts, rows, times)

    def firsts(self, rows: Ints) -> Ints:
        """Return the times of the first events of rows, each of which has one."""
        return self._firsts[rows]

    def expire(self, now: int) -> None:
        """Take out of each window what has left it by `now` (microseconds)."""
        for window in ROLLING:
            first = max(self._first[window.name], window.first_bucket(now))
            self._first[window.name] = first
            buckets = self._buckets[window.name]
            for number in [number for number in buckets if number < first]:
                cells, amounts = buckets.pop(number).contents()
                self._totals[window.name].reshape(-1)[cells] -= amounts

    def tally(self, row: int, window: WindowName) -> Tally:
        """Return a leaf's counts in a window, without zeros."""
        totals = self._totals[window]
        if row >= len(totals):
            return {}
        return {name: count for name, count in zip(COLUMNS, totals[row].tolist(), strict=True) if count}

    def _add_rolling(self, window: RollingWindow, ticks: Ints, cells: Ints, amounts: Ints) -> None:
        """Add to one window what comes in the order of its ticks, so that each bucket is a slice."""
        numbers = ticks // (window.bucket // TICK)
        held = int(np.searchsorted(numbers, self._first[window.name]))
        np.add.at(self._totals[window.name].reshape(-1), cells[held:], amounts[held:])
        starts = held + np.flatnonzero(np.diff(numbers[held:], prepend=-1))
        for start, end in itertools.pairwise([*starts.tolist(), len(numbers)]):
            bucket = self._buckets[window.name][int(numbers[start])]
            # A copy: a bucket may wait long, and a view would hold the whole batch.
            bucket.add(cells[start:end].copy(), amounts[start:end].copy())

    def _grow(self, rows: int) -> None:
        if rows <= len(self._totals[FLIGHT]):
            return
        for name, totals in self._totals.items():
            grown = _zeros(max(rows, 2 * len(totals)))
            grown[: len(totals)] = totals
            self._totals[name] = grown


def _zeros(rows: int) -> Ints:
    return np.zeros((rows, len(COLUMNS)), dtype=np.int64)
