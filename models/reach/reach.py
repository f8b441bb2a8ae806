"""Distinct people in rolling windows: exact while they are few, sampled by hash when they are many.

A person is in a window that ends now as long as their *last* sighting is; so one cell a person and slot,
with that time, is all that must be held. Figures are read from counts by bucket of the last sighting; the
cells only say where a person was counted before.

What is promised, "persons" being those of all sightings ever given to `see`:

- The size of a sample is exact: after `refresh`, a window reads the number of its persons whose hash reaches
  a level, ÷ the level's share. That number does not depend on order, batches, repeats, late arrival, or when
  cells are swept.
- The level is the lowest whose sample is within the limit, or a threshold of a bucket in the window where
  one is higher. Only thresholds depend on history. So the same sightings in any order and split, redelivered
  in part or not, read the same where no threshold was raised; and elsewhere, where the levels are the same.
- A window reads exactly as long as it has no more persons than the limit, whatever it had before. One with
  more reads from a sample of about 0.8 × limit or more.

After `refresh` a rolling window needs at most about limit × (2 + ln(persons ÷ limit)) cells of a slot, the
flight limit; windows share most of them. Cells that no window needs are dropped when their room is needed.
"""

import numpy as np
import numpy.typing as npt

from models.core.tables import Keys
from models.reach.bands import Estimates
from models.reach.cells import TABLES, Cells, CellTable, Mask
from models.reach.sample import Ints, level_of
from models.reach.window_counts import WindowCounts
from models.statistics.intervals import Estimate
from models.windows import FLIGHT, ROLLING, WindowName

LIMIT = 12_000
"""Persons up to which a window is exact; samples of 0.8 of it err by 2 % or less 95 times of 100."""


class Reach:
    """Who was last seen where and when, and how many distinct people each slot's windows hold.

    A slot is one scope, for everybody or for the target; it keeps the flight and the rolling windows asked
    for. Persons are well mixed 64-bit hashes, ticks are event time // TICK.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        # The longest first: it holds most cells, and the others are then not asked about those.
        self._windows = {FLIGHT: WindowCounts(None, limit)}
        self._windows |= {window.name: WindowCounts(window, limit) for window in reversed(ROLLING)}
        self._cells = CellTable()
        self._slots = 1
        self._unswept = 0

    def slot(self, windows: tuple[WindowName, ...]) -> int:
        """Return a new slot (a number from 1 on) that keeps these windows and the flight."""
        slot = self._slots
        self._slots += 1
        self._cells.open(slot)
        for name, counts in self._windows.items():
            counts.reserve(slot)
            if name in (*windows, FLIGHT):
                counts.open(slot)
        return slot

    def drop(self, slot: int) -> None:
        """Forget a slot; its cells are dropped by the next calls of `refresh`, a part each."""
        self._unswept = TABLES
        for counts in self._windows.values():
            counts.close(slot)

    def see(self, slots: npt.ArrayLike, persons: npt.ArrayLike, ticks: npt.ArrayLike) -> None:
        """Remember sightings in any order, new or repeated; those of slots that are not kept are ignored."""
        seen = Cells(np.asarray(slots, np.int64), np.asarray(persons, np.uint64), np.asarray(ticks, np.int64))
        keys, seen = self._cells.latest(seen.where(self._windows[FLIGHT].keeps(seen.slots)))
        at, before = self._cells.find(keys)
        later = np.flatnonzero(before < seen.ticks)
        self._move(keys[later], at[later], before[later], seen.where(later))

    def expire(self, now: int) -> None:
        """Drop people from the windows that their last sighting has left by `now` (microseconds).

        Before the first call rolling windows are at no time, and sightings only count in the flight.
        """
        for counts in self._windows.values():
            self._count_again(counts, counts.expire(now))

    def refresh(self) -> None:
        """Bound what is held: sample where a window went above the limit, which only its counts decide."""
        for counts in self._windows.values():
            self._count_again(counts, counts.sample_crowded())
            counts.tighten()
        if self._unswept:
            self._unswept -= 1
            self._cells.sweep(self._unswept, self._held)

    def __len__(self) -> int:
        return len(self._cells)

    def estimate(self, slot: int, window: WindowName) -> Estimate:
        """Return the distinct people of one slot in a window."""
        value, lower, upper = self._windows[window].estimates(np.array([slot]))
        return Estimate(float(value[0]), float(lower[0]), float(upper[0]))

    def estimates(self, window: WindowName) -> Estimates:
        """Return the distinct people of every slot in a window: columns by slot, 0 where it is not kept."""
        return self._windows[window].estimates(np.arange(self._slots))

    def _move(self, keys: Keys, at: Ints, before: Ints, seen: Cells) -> None:
        """Count persons at their last sighting, and known ones no longer at the one before."""
        known = np.flatnonzero(at >= 0)
        levels = level_of(seen.persons)
        wanted = at >= 0
        for counts in self._windows.values():
            counts.add(seen.slots[known], before[known], levels[known], -1)
            wanted |= counts.add(seen.slots, seen.ticks, levels)
        self._cells.put(keys[wanted], at[wanted], seen.where(wanted), self._held)

    def _count_again(self, counts: WindowCounts, slots: Ints) -> None:
        if not len(slots):
            return
        counts.clear(slots)
        chosen = np.isin(np.arange(self._slots), slots)
        for cells in self._cells.chunks(chosen):
            counts.add(cells.slots, cells.ticks, level_of(cells.persons))

    def _held(self, cells: Cells) -> Mask:
        """Mark the cells that some window holds."""
        levels = level_of(cells.persons)
        held = np.zeros(len(levels), bool)
        for counts in self._windows.values():
            rest = np.flatnonzero(~held)
            held[rest] = counts.holds(cells.slots[rest], cells.ticks[rest], levels[rest])
        return held
