"""How many persons of each slot were last seen in each bucket of a window.

A slot with few persons has a count a bucket. One that went above the limit has bands besides.
"""

import numpy as np

from models.core.columns import TICK, Int32s
from models.reach.bands import Bands, Estimates
from models.reach.blocks import Blocks, Mask
from models.reach.people import Window
from models.reach.rows import Numbers, SlotRows
from models.reach.sample import Ints
from models.times import SECOND
from models.windows import RollingWindow

_BUCKETS = 128  # a power of 2: a bucket's column is its low bits
_NEVER = np.iinfo(np.int64).max
_NOBODY = np.zeros(0, np.int64)


class WindowCounts:
    """The counts of one window, for the slots that keep it; without a window: of the whole flight.

    Covers 128 buckets from the window's first on. Sightings further ahead (in 5m: by more than 16 minutes
    ahead of now) count when the window comes near them; before the first `expire` all of them are ahead.
    """

    def __init__(self, window: RollingWindow | None, limit: int, slots: SlotRows, number: int) -> None:
        if window is not None:
            _require_fits(window)
        self._window = window
        self._limit = limit
        # The flight has one bucket, of all ticks that 32 bits hold.
        self._ticks = window.bucket // TICK if window else (1 << 32) - 1
        self._covered = _BUCKETS if window else 1
        self._first = 0
        self._nearest_ahead = np.array([_NEVER])
        self._numbers = Numbers()
        self._slots, self._number = slots, number
        self._counts = Blocks(self._covered)
        self._bands = Bands(self._covered, limit)

    @property
    def window(self) -> Window:
        """What models.reach.people counts in; valid until a slot is opened, or bands, or room is made."""
        bands = self._bands
        return Window(
            self._slots.rows,
            self._number,
            self._counts.tables,
            bands.counts,
            bands.thresholds,
            self._first,
            self._ticks,
            self._nearest_ahead,
        )

    @property
    def _rows(self) -> Int32s:
        """The row of each slot, 0 of those that are not kept here."""
        return self._slots.rows[:, self._number]

    def open(self, slot: int) -> None:
        """Keep counts for a slot."""
        row = self._rows[slot] = self._numbers.take()
        self._counts.open(row)

    def make_room(self, people: int) -> None:
        """Make room to count so many people somewhere else, or for the first time."""
        self._counts.make_room(people)

    def close(self, slots: Ints) -> None:
        """Forget those of these slots that are kept."""
        kept = slots[self.keeps(slots)]
        rows = self._rows[kept]
        bands = self._counts.bands[rows]
        for number in bands[bands > 0].tolist():
            self._bands.close(number)
        self._counts.bands[rows] = 0
        self._counts.clear(rows)
        for row in rows.tolist():
            self._numbers.give_back(row)
        self._rows[kept] = 0

    def keeps(self, slots: Ints) -> Mask:
        """Mark the slots whose counts are kept here; any number may be asked for."""
        return (slots < len(self._rows)) & (self._rows.take(slots, mode="clip") > 0)

    def expire(self, now: int) -> Ints:
        """Drop the buckets that left the window; return the slots that must be counted again."""
        if self._window is None:
            return _NOBODY
        first = max(self._first, self._window.first_bucket(now))
        left = np.arange(self._first, min(first, self._first + self._covered)) % self._covered
        if len(left):
            self._counts.forget(left)
            self._bands.forget(left)
        self._first = first
        if self._nearest_ahead[0] >= first + self._covered:
            return _NOBODY
        self._nearest_ahead[0] = _NEVER
        return np.flatnonzero(self._rows)

    def clear(self, slots: Ints) -> None:
        """Set the counts of slots to zero, so that they can be counted again; thresholds stay."""
        rows = self._rows[slots]
        self._counts.clear(rows)
        self._bands.clear(self._counts.bands[rows])

    def sample_crowded(self) -> Ints:
        """Give bands to the slots that went above the limit; return the slots that must be counted again.

        Slots above half of the limit get theirs at the same time: counting again goes through all cells, and
        would otherwise happen for one slot after the other.
        """
        totals, bands = self._counts.totals, self._counts.bands
        if not ((totals > self._limit) & (bands == 0)).any():
            return _NOBODY
        full = (totals > self._limit // 2) & (bands == 0)
        sampled: Ints = np.flatnonzero(full[self._rows])
        self._give_bands(sampled)
        return sampled

    def raise_thresholds(self, slots: Ints, ticks: Ints, levels: Ints) -> Ints:
        """Count of slots, last seen at these ticks or before, those alone who reach these levels.

        Ticks that left the window change nothing. Returns the slots that must be counted again.
        """
        places = ticks // self._ticks - self._first
        held = np.flatnonzero(self.keeps(slots) & (places >= 0))
        raised, lines = np.unique(slots[held], return_inverse=True)
        if not len(raised):
            return _NOBODY
        least = np.zeros((len(raised), self._covered), np.uint8)
        np.maximum.at(least, (lines, np.minimum(places[held], self._covered - 1)), levels[held])
        self._give_bands(raised)
        buckets = (self._first + np.arange(self._covered)) % self._covered
        since = np.maximum.accumulate(least[:, ::-1], axis=1)[:, ::-1]
        self._bands.raise_to(self._counts.bands[self._rows[raised]], buckets, since)
        return raised

    def _give_bands(self, slots: Ints) -> None:
        """Give bands to those of these slots that have none."""
        bands, rows = self._counts.bands, self._rows[slots]
        for row in rows[bands[rows] == 0].tolist():
            bands[row] = self._bands.open()

    def tighten(self) -> None:
        """Raise thresholds where more is counted than the bound of memory allows.

        That is limit × (1 + ln(persons ÷ limit)), what thresholds by age leave, and the limit once more;
        for the flight, which has one bucket, the limit.
        """
        totals, bands = self._counts.totals, self._counts.bands
        rows = np.flatnonzero((bands > 0) & (totals > self._limit))
        if self._window is not None:
            persons = self._bands.estimates(bands[rows]).values
            most = self._limit * (2 + np.log(np.maximum(1, persons / self._limit)))
            rows = rows[totals[rows] > most]
        newest_first = (self._first + np.arange(self._covered))[::-1] % self._covered
        for row in rows.tolist():
            self._counts.lower(row, self._bands.tighten(int(bands[row]), newest_first))

    def estimates(self, slots: Ints) -> Estimates:
        """Estimate how many persons slots have; 0 for a slot without the window."""
        columns = np.zeros((3, len(slots)))
        kept = np.flatnonzero(self.keeps(slots))
        rows = self._rows[slots[kept]]
        columns[:, kept], bands = self._counts.totals[rows], self._counts.bands[rows]
        sampled = bands > 0
        if sampled.any():
            columns[:, kept[sampled]] = self._bands.estimates(bands[sampled])
        return Estimates(*columns)


def _require_fits(window: RollingWindow) -> None:
    if window.bucket % TICK or window.length // window.bucket >= _BUCKETS:
        raise ValueError(
            f"window {window.name}: reach needs buckets of a multiple of {TICK // SECOND} s, "
            f"and fewer than {_BUCKETS}"
        )
