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

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.reach.bands import Estimates
from models.reach.cells import CellTable
from models.reach.people import TABLES, WINDOWS, Windows
from models.reach.rows import SlotRows
from models.reach.sample import Ints
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
        windows = [(FLIGHT, None), *((window.name, window) for window in reversed(ROLLING))]
        if len(windows) != WINDOWS:
            raise ValueError(f"{len(windows)} windows: models.reach.people moves people in {WINDOWS}")
        self._slots = SlotRows(WINDOWS)
        self._windows = {
            name: WindowCounts(window, limit, self._slots, number)
            for number, (name, window) in enumerate(windows)
        }
        self._cells = CellTable()
        self._unswept = 0

    def slot(self, windows: tuple[WindowName, ...]) -> int:
        """Return a new slot (a number from 1 on) that keeps these windows and the flight."""
        slot = self._slots.take()
        for name, counts in self._windows.items():
            if name in (*windows, FLIGHT):
                counts.open(slot)
        return slot

    def drop(self, slots: Ints) -> None:
        """Forget slots; their cells are dropped by the next calls of `refresh`, a part each."""
        self._unswept = TABLES
        for counts in self._windows.values():
            counts.close(slots)

    def see(self, slots: npt.ArrayLike, persons: npt.ArrayLike, ticks: npt.ArrayLike) -> None:
        """Remember sightings in any order, new or repeated; those of slots that are not kept are ignored."""
        slots = np.asarray(slots, np.int64)
        for counts in self._windows.values():
            counts.make_room(len(slots))
        self._cells.see(
            slots,
            np.asarray(persons, np.uint64),
            np.asarray(ticks, np.int64),
            self.windows,
        )

    def raise_thresholds(self, slots: Ints, ticks: Ints, levels: Ints) -> None:
        """Count of slots, last seen at these ticks or before, those alone who reach these levels.

        Of a rolling window that is at no time yet nothing is known of its buckets: call `expire` before.
        """
        self._count_again(
            [counts.raise_thresholds(slots, ticks, levels) for counts in self._windows.values()]
        )

    def expire(self, now: int) -> None:
        """Drop people from the windows that their last sighting has left by `now` (microseconds).

        Before the first call rolling windows are at no time, and sightings only count in the flight.
        """
        self._count_again([counts.expire(now) for counts in self._windows.values()])

    def refresh(self) -> None:
        """Bound what is held: sample where a window went above the limit, which only its counts decide."""
        self._count_again([counts.sample_crowded() for counts in self._windows.values()])
        for counts in self._windows.values():
            counts.tighten()
        if self._unswept:
            self._unswept -= 1
            self._cells.sweep(self._unswept, self.windows)

    def __len__(self) -> int:
        return len(self._cells)

    def estimate(self, slot: int, window: WindowName) -> Estimate:
        """Return the distinct people of one slot in a window."""
        value, lower, upper = self._windows[window].estimates(np.array([slot]))
        return Estimate(float(value[0]), float(lower[0]), float(upper[0]))

    def estimates(self, slots: Ints, window: WindowName) -> Estimates:
        """Return the distinct people of slots in a window: columns, 0 where a slot does not keep it."""
        return self._windows[window].estimates(slots)

    @property
    def windows(self) -> Windows:
        """What models.reach.people counts in; valid until anything changes."""
        return tuple(counts.window for counts in self._windows.values())

    def _count_again(self, slots: Sequence[Ints]) -> None:
        """Count the people of some slots of each window again, in one pass over all cells."""
        chosen = np.zeros((WINDOWS, len(self._slots)), np.bool_)
        for counts, own, again in zip(self._windows.values(), chosen, slots, strict=True):
            counts.clear(again)
            own[again] = True
        if chosen.any():
            for counts in self._windows.values():
                counts.make_room(len(self._cells))
            self._cells.count_again(self.windows, chosen)
