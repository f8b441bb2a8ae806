"""The keys that a campaign is read by: those of its leaves, and those that costs or scores name alone."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from models.core.columns import Ints
from models.scopes import ALL_SCOPES, ScopeKey, ScopeName
from models.state.held import Held
from models.state.places import AT


class Keys:
    """The keys of each scope by number: the state's first, which may have no leaf now, then others.

    Keys that the state got since are none of them. `shown` are the numbers of those that have a leaf or are
    among the others.
    """

    def __init__(self, held: Held, others: Iterable[ScopeKey]) -> None:
        self.held = held
        self._held = {name: len(held.keys[name]) for name in ALL_SCOPES}
        self._listed: dict[ScopeName, list[ScopeKey]] = {name: [] for name in ALL_SCOPES}
        self._others: dict[ScopeKey, int] = {}
        present = {name: self.seen(name) for name in ALL_SCOPES}
        for key in dict.fromkeys(others):
            known = self.number(key)
            if known is None:
                self._others[key] = self.count(key.name)
                self._listed[key.name].append(key)
            else:
                present[key.name][known] = True
        more = {name: np.arange(self._held[name], self.count(name)) for name in ALL_SCOPES}
        self.shown: Mapping[ScopeName, Ints] = {
            name: np.concatenate([np.flatnonzero(present[name]), more[name]]) for name in ALL_SCOPES
        }

    def count(self, scope: ScopeName) -> int:
        """Return how many keys of a scope there are."""
        return self._held[scope] + len(self._listed[scope])

    def key(self, scope: ScopeName, number: int) -> ScopeKey:
        """Return the key of a scope that has a number."""
        held = self._held[scope]
        return self.held.keys[scope][number] if number < held else self._listed[scope][number - held]

    def number(self, key: ScopeKey) -> int | None:
        """Return the number of a key; None where nothing of that name is known."""
        held = self.held.number(key)
        return self._others.get(key) if held is None or held >= self._held[key.name] else held

    def numbers(self, keys: Iterable[ScopeKey]) -> list[int]:
        """Return the numbers of the keys that have one."""
        found = map(self.number, keys)
        return [number for number in found if number is not None]

    def mute(self, scope: ScopeName, names: Sequence[str]) -> list[int]:
        """Return the numbers of the keys of a scope whose own name is one of these, ABSENT or OTHER."""
        seen = [number for name in names for number in self.held.mute[scope][name]]
        return seen + [self._others[key] for key in self._listed[scope] if key.ids[-1] in names]

    def seen(self, scope: ScopeName) -> npt.NDArray[np.bool_]:
        """Mark by number the keys of a scope that have a leaf."""
        found = np.zeros(self.count(scope), bool)
        found[self.held.table[AT[scope]]] = True
        return found

    def first_of(self, key: ScopeKey) -> int | None:
        """Return when the first event of a key's leaves happened, in microseconds; None of no leaf."""
        firsts = self.held.firsts[self.held.table[AT[key.name]] == self.held.number(key)]
        return int(firsts.min()) if len(firsts) else None
