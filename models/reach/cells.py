"""Cells of last sightings: one a person and slot, found by one 64-bit key."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.columns import first_of_each
from models.core.tables import HashTable, Keys
from models.reach.rows import grown
from models.reach.sample import Ints

TABLES = 8
_BITS_OF_TABLE = 61
_LEAST_CELLS = 1024
_CHUNK = 1 << 17
_SLOT = 32
_TICK = 0xFFFFFFFF
Mask = npt.NDArray[np.bool_]


class Cells(NamedTuple):
    """Columns of last sightings: slot, person's hash, tick."""

    slots: Ints
    persons: Keys
    ticks: Ints

    def where(self, chosen: npt.NDArray[Any]) -> "Cells":
        """Return the chosen cells."""
        return Cells(*(column[chosen] for column in self))


class CellTable:
    """All cells, in tables by the high bits of their key.

    The tables start with different sizes, so that they double one after the other: rebuilding one takes about
    0.1 µs a cell, and rebuilding 50 million at once some seconds.
    """

    def __init__(self) -> None:
        # The payload of a cell is its slot, then its tick.
        self._tables = [
            HashTable(np.dtype(np.int64), int(_LEAST_CELLS * 2 ** (number / TABLES)))
            for number in range(TABLES)
        ]
        self._mixers = np.zeros(1, np.uint64)

    def __len__(self) -> int:
        return sum(map(len, self._tables))

    def open(self, slot: int) -> None:
        """Make room for the cells of a slot (a number from 1 on)."""
        if slot >= len(self._mixers):
            self._mixers = grown(self._mixers, slot)
        self._mixers[slot] = _mixed(slot)

    def latest(self, seen: Cells) -> tuple[Keys, Cells]:
        """Return the latest of each person's sightings in each slot, sorted by the keys of their cells."""
        keys = seen.persons ^ self._mixers[seen.slots]
        order = np.argsort(keys)
        keys = keys[order]
        firsts = first_of_each(keys)
        ticks = np.maximum.reduceat(seen.ticks[order], firsts) if len(firsts) else seen.ticks
        chosen = order[firsts]
        return keys[firsts], Cells(seen.slots[chosen], seen.persons[chosen], ticks)

    def find(self, keys: Keys) -> tuple[Ints, Ints]:
        """Return for sorted keys the positions that `put` takes and the ticks held; below 0 where absent."""
        at = np.empty(len(keys), np.int64)
        ticks = np.empty(len(keys), np.int64)
        for table, part in self._parts(keys):
            found = table.find(keys[part])
            at[part] = found
            ticks[part] = np.where(found >= 0, table.payload[found] & _TICK, -1)
        return at, ticks

    def put(self, keys: Keys, at: Ints, seen: Cells, held: Callable[[Cells], Mask]) -> None:
        """Set the cells at the positions that `find` gave, and insert those that were absent.

        Where a table has no room, its cells that are not `held` are dropped first.
        """
        payload = seen.slots << _SLOT | seen.ticks
        for table, part in self._parts(keys):
            found, new = at[part], payload[part]
            known = found >= 0
            table.payload[found[known]] = new[known]
            absent = keys[part][~known]
            if table.spare < len(absent):
                self._sweep(table, held)
            table.insert(absent, new[~known])

    def sweep(self, number: int, held: Callable[[Cells], Mask]) -> None:
        """Drop the cells of one of the tables that are not held."""
        self._sweep(self._tables[number], held)

    def chunks(self, slots: Mask) -> Iterator[Cells]:
        """Go through the cells of the slots chosen by number (never of 0, which none has)."""
        for table in self._tables:
            yield from (cells for _, cells in self._chunks(table, slots))

    def _parts(self, keys: Keys) -> Iterator[tuple[HashTable, slice]]:
        starts = np.arange(1, TABLES, dtype=np.uint64) << np.uint64(_BITS_OF_TABLE)
        ends = [0, *np.searchsorted(keys, starts), len(keys)]
        for table, start, end in zip(self._tables, ends[:-1], ends[1:], strict=True):
            if start < end:
                yield table, slice(start, end)

    def _sweep(self, table: HashTable, held: Callable[[Cells], Mask]) -> None:
        kept = np.zeros(table.size, bool)
        for at, cells in self._chunks(table, np.arange(len(self._mixers)) > 0):
            kept[at] = held(cells)
        if np.count_nonzero(kept) < len(table):
            table.keep(kept)

    def _chunks(self, table: HashTable, slots: Mask) -> Iterator[tuple[Ints, Cells]]:
        for start in range(0, table.size, _CHUNK):
            # An empty cell's payload is 0.
            at = np.flatnonzero(slots[table.payload[start : start + _CHUNK] >> _SLOT]) + start
            payload = table.payload[at]
            owners = payload >> _SLOT
            persons = table.keys(at) ^ self._mixers[owners]
            yield at, Cells(owners, persons, payload & _TICK)


def _mixed(slot: int) -> int:
    """Scatter a slot's number over 64 bits (splitmix64; Steele, Lea, Flood, OOPSLA 2014)."""
    mask = (1 << 64) - 1
    state = slot * 0x9E3779B97F4A7C15 & mask
    state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & mask
    state = (state ^ state >> 27) * 0x94D049BB133111EB & mask
    return state ^ state >> 31
