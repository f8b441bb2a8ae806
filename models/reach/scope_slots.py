"""Slots by target and scope: where the people of a scope are counted, or those who belong to a target."""

from collections.abc import Callable, Collection

import numpy as np

from models.core.columns import Int32s, Ints
from models.core.growing import grown
from models.scopes import ScopeKey, ScopeName

NumberOf = Callable[[ScopeKey], int | None]
"""Returns the number of a key among those of its campaign and scope; None where it has none yet."""


class ScopeSlots:
    """Slots by the number of a key: in a dictionary by the key itself each took 280 bytes."""

    def __init__(self, number_of: NumberOf) -> None:
        self._number_of = number_of
        self._slots: dict[tuple[int, str, ScopeName], Int32s] = {}

    def of(self, target: int, key: ScopeKey) -> int:
        """Return the slot of a key, 0 where it has none."""
        slots, number = self._slots.get((target, key.ids[0], key.name)), self._number_of(key)
        return 0 if slots is None or number is None or number >= len(slots) else int(slots[number])

    def set(self, target: int, key: ScopeKey, slot: int) -> None:
        """Note the slot of a key that has a number."""
        of_scope, number = (target, key.ids[0], key.name), self._number_of(key)
        assert number is not None
        slots = self._slots.get(of_scope, np.zeros(1, np.int32))
        if number >= len(slots):
            slots = grown(slots, number)
        slots[number] = slot
        self._slots[of_scope] = slots

    def take(self, campaigns: Collection[str]) -> Ints:
        """Forget the slots of campaigns; return them."""
        gone = [self._slots.pop(of_scope) for of_scope in list(self._slots) if of_scope[1] in campaigns]
        slots = np.concatenate([np.zeros(0, np.int64), *gone])
        return slots[slots > 0]
