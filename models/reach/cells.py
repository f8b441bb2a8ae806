"""Cells of last sightings: one a person and slot, found by one 64-bit key."""

import numpy as np

from models.core.tables import HashTable, Keys, touch
from models.reach import people
from models.reach.blocks import Mask
from models.reach.people import TABLES, Windows
from models.reach.sample import Ints

_LEAST_CELLS = 1024
# Of more slots what counts them is larger than the processor's caches: it is read beforehand, for so many
# sightings at once that it is still there when they are counted. Of 500 000 slots a sighting took 0.44 µs
# without, 0.28 with it.
_FEW_SLOTS, _TOGETHER = 1 << 15, 2048


class CellTable:
    """All cells, in tables by the high bits of their key: a person's hash, mixed with the slot's number.

    The tables start with different sizes, so that they double one after the other: rebuilding one takes about
    0.1 µs a cell, and rebuilding 50 million at once some seconds.
    """

    def __init__(self) -> None:
        # The payload of a cell is its slot, then its tick.
        self._tables = [
            HashTable(np.dtype(np.int64), int(_LEAST_CELLS * 2 ** (number / TABLES)))
            for number in range(TABLES)
        ]

    def __len__(self) -> int:
        return sum(map(len, self._tables))

    def see(self, slots: Ints, persons: Keys, ticks: Ints, windows: Windows) -> None:
        """Remember the last sighting of each person in each slot, and count it in the windows.

        Of slots that the first window does not keep nothing is remembered. Where a table has no room, its
        cells that no window holds are dropped first.
        """
        number = len(slots)
        keys = np.empty(number, np.uint64)
        slots_of, ticks_of = np.empty(number, np.int64), np.empty(number, np.int64)
        ends = np.empty(TABLES, np.int64)
        people.spread(slots, persons, ticks, windows[0].rows, keys, slots_of, ticks_of, ends)
        start = 0
        for table, end in enumerate(ends.tolist()):
            if start < end:
                part = slice(start, end)
                self._see(table, windows, keys[part], slots_of[part], ticks_of[part])
            start = end

    def sweep(self, number: int, windows: Windows) -> None:
        """Drop the cells of one of the tables that no window holds."""
        table = self._tables[number]
        held = np.empty(table.size, np.bool_)
        if people.hold(table.cells, table.payload, windows, held) < len(table):
            table.keep(held)

    def count_again(self, windows: Windows, chosen: Mask) -> None:
        """Count in each window everybody of the slots chosen for it by number (never 0)."""
        for table in self._tables:
            people.count_again(table.cells, table.payload, windows, chosen)

    def _see(self, number: int, windows: Windows, keys: Keys, slots: Ints, ticks: Ints) -> None:
        table = self._tables[number]
        if table.spare < len(keys):
            self.sweep(number, windows)
            table.make_room(len(keys))
        if len(windows[0].rows) <= _FEW_SLOTS:
            self._see_part(table, windows, keys, slots, ticks)
            return
        for start in range(0, len(keys), _TOGETHER):
            part = slice(start, start + _TOGETHER)
            people.touch_counts(windows, slots[part], ticks[part])
            self._see_part(table, windows, keys[part], slots[part], ticks[part])

    def _see_part(self, table: HashTable, windows: Windows, keys: Keys, slots: Ints, ticks: Ints) -> None:
        touch(table.cells, keys)
        touch(table.payload, keys)
        table.count_new(people.see(table.cells, table.payload, windows, keys, slots, ticks))
