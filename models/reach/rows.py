"""Numbers for rows of arrays: the lowest that is free, from 1 on; 0 stands for "none"."""

import numpy as np
import numpy.typing as npt

from models.core.growing import grown

Rows = npt.NDArray[np.int32] | npt.NDArray[np.int64]
"""Numbers of rows."""


class Numbers:
    """Hand out numbers and take them back."""

    def __init__(self) -> None:
        self._next = 1
        self._free: list[int] = []

    def take(self) -> int:
        """Return a free number."""
        if self._free:
            return self._free.pop()
        self._next += 1
        return self._next - 1

    def give_back(self, number: int) -> None:
        """Take a number back, so that it is free again."""
        self._free.append(number)


class SlotRows:
    """By slot, a number from 1 on, the row of each window: side by side, for most keep several."""

    def __init__(self, windows: int) -> None:
        self.rows = np.zeros((1, windows), np.int32)
        self._next = 1

    def __len__(self) -> int:
        """Return how many numbers there are, 0 included."""
        return self._next

    def take(self) -> int:
        """Return the number of a new slot, which has no row."""
        slot = self._next
        self._next += 1
        if slot >= len(self.rows):
            self.rows = grown(self.rows, slot)
        return slot
