"""Counts in columns, a row a leaf: one array a window, from which the oldest buckets are taken away again."""

import itertools
from collections import defaultdict

import numpy as np

from models.core.columns import COLUMNS, TICK, Increments, Ints, sum_by
from models.tally import Tally
from models.windows import FLIGHT, ROLLING, WINDOW_NAMES, RollingWindow, WindowName


class _Bucket:
    """What one bucket holds, in chunks that are added up when they have become many."""

    def __init__(self) -> None:
        self._chunks: list[tuple[Ints, Ints]] = []
        self._waiting = 0
        self._settled = 0

    def add(self, places: Ints, amounts: Ints) -> None:
        self._chunks.append((places, amounts))
        self._waiting += len(places)
        if self._waiting > 2 * self._settled + 4096:
            self._settle()

    def _settle(self) -> None:
        places, amounts = self.contents()
        self._chunks = [(places, amounts)]
        self._waiting = self._settled = len(places)

    def contents(self) -> tuple[Ints, Ints]:
        """Give each place once, with its sum."""
        places = np.concatenate([chunk[0] for chunk in self._chunks])
        return sum_by(places, np.concatenate([chunk[1] for chunk in self._chunks]))


class Counts:
    """The counts of all leaves in every window."""

    def __init__(self) -> None:
        self._totals: dict[WindowName, Ints] = {name: _zeros(64) for name in WINDOW_NAMES}
        self._buckets: dict[WindowName, defaultdict[int, _Bucket]] = {
            window.name: defaultdict(_Bucket) for window in ROLLING
        }
        self._first: dict[WindowName, int] = {window.name: 0 for window in ROLLING}

    def add(self, increments: Increments) -> None:
        """Add to the flight, and to each rolling window that holds the time."""
        if not len(increments.rows):
            return
        self._grow(int(increments.rows.max()) + 1)
        increments = increments.where(np.argsort(increments.ticks))
        places = increments.rows * len(COLUMNS) + increments.columns
        np.add.at(self._totals[FLIGHT].reshape(-1), places, increments.amounts)
        for window in ROLLING:
            self._add_rolling(window, increments.ticks, places, increments.amounts)

    def expire(self, now: int) -> None:
        """Take what has left its window by `now` (microseconds) out of it."""
        for window in ROLLING:
            first = max(self._first[window.name], window.first_bucket(now))
            self._first[window.name] = first
            buckets = self._buckets[window.name]
            for number in [number for number in buckets if number < first]:
                places, amounts = buckets.pop(number).contents()
                self._totals[window.name].reshape(-1)[places] -= amounts

    def tally(self, row: int, window: WindowName) -> Tally:
        """Give a leaf's counts in a window; zeros are left out."""
        totals = self._totals[window]
        if row >= len(totals):
            return {}
        return {name: count for name, count in zip(COLUMNS, totals[row].tolist(), strict=True) if count}

    def _add_rolling(self, window: RollingWindow, ticks: Ints, places: Ints, amounts: Ints) -> None:
        """Add to one window what comes in the order of its ticks: what is of one bucket is a slice."""
        numbers = ticks // (window.bucket // TICK)
        held = int(np.searchsorted(numbers, self._first[window.name]))
        np.add.at(self._totals[window.name].reshape(-1), places[held:], amounts[held:])
        starts = held + np.flatnonzero(np.diff(numbers[held:], prepend=-1))
        for start, end in itertools.pairwise([*starts.tolist(), len(numbers)]):
            bucket = self._buckets[window.name][int(numbers[start])]
            # A copy: a bucket may wait long, and a view would hold the whole batch.
            bucket.add(places[start:end].copy(), amounts[start:end].copy())

    def _grow(self, rows: int) -> None:
        if rows <= len(self._totals[FLIGHT]):
            return
        for name, totals in self._totals.items():
            grown = _zeros(max(rows, 2 * len(totals)))
            grown[: len(totals)] = totals
            self._totals[name] = grown


def _zeros(rows: int) -> Ints:
    return np.zeros((rows, len(COLUMNS)), dtype=np.int64)
