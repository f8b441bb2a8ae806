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

    `listed` has the keys, `shown` the numbers of those that have a leaf or are among the others.
    """

    def __init__(self, held: Held, others: Iterable[ScopeKey]) -> None:
        self.held = held
        self.listed: dict[ScopeName, Sequence[ScopeKey]] = {**held.keys}
        self._others: dict[ScopeKey, int] = {}
        present = {name: _marked(held.table[AT[name]], len(held.keys[name])) for name in ALL_SCOPES}
        for key in dict.fromkeys(others):
            known = held.number(key)
            if known is None:
                self._others[key] = len(self.listed[key.name])
                self.listed[key.name] = [*self.listed[key.name], key]
            else:
                present[key.name][known] = True
        more = {name: np.arange(len(held.keys[name]), len(self.listed[name])) for name in ALL_SCOPES}
        self.shown: Mapping[ScopeName, Ints] = {
            name: np.concatenate([np.flatnonzero(present[name]), more[name]]) for name in ALL_SCOPES
        }

    def number(self, key: ScopeKey) -> int | None:
        """Return the number of a key; None where nothing of that name is known."""
        return self._others.get(key, self.held.number(key))

    def numbers(self, keys: Iterable[ScopeKey]) -> list[int]:
        """Return the numbers of the keys that have one."""
        found = map(self.number, keys)
        return [number for number in found if number is not None]

    def mute(self, scope: ScopeName, names: Sequence[str]) -> list[int]:
        """Return the numbers of the keys of a scope whose own name is one of these, ABSENT or OTHER."""
        seen = [number for name in names for number in self.held.mute[scope][name]]
        return seen + [at for key, at in self._others.items() if key.name == scope and key.ids[-1] in names]

    def seen(self, scope: ScopeName) -> npt.NDArray[np.bool_]:
        """Mark by number the keys of a scope that have a leaf."""
        return _marked(self.held.table[AT[scope]], len(self.listed[scope]))

    def first_of(self, key: ScopeKey) -> int | None:
        """Return when the first event of a key's leaves happened, in microseconds; None of no leaf."""
        firsts = self.held.firsts[self.held.table[AT[key.name]] == self.held.number(key)]
        return int(firsts.min()) if len(firsts) else None


def _marked(numbers: Ints, length: int) -> npt.NDArray[np.bool_]:
    found = np.zeros(length, bool)
    found[numbers] = True
    return found
