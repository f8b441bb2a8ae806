"""The keys of one scope that are read, and what all windows of theirs have in common."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.core.columns import Ints
from models.readings.keys import Keys
from models.readings.shares import Borne, Shares
from models.scopes import ALL_SCOPES, ScopeKey, ScopeName
from models.state.held import Held
from models.state.places import AT, GROUP
from models.state.shard_state import ShardState

_NONE = -1


@dataclass(frozen=True, slots=True)
class Atoms:
    """Sums of leaves that prices and rates tell no further apart: what scopes add up.

    `of_row` has the atom of each row, −1 of those that are not read; `numbers` those of their keys, a column
    a scope, −1 where it is none's.
    """

    of_row: Ints
    numbers: Sequence[Ints]

    def __len__(self) -> int:
        return len(self.numbers[0])


def groups_of(held: Held) -> Atoms:
    """Return the groups of leaves that differ in content alone, for all scopes but that."""
    groups = np.array(held.groups, np.int64).reshape(-1, len(ALL_SCOPES))
    present = np.zeros(len(groups), bool)
    present[held.table[GROUP]] = True
    groups[~present] = _NONE
    return Atoms(held.table[GROUP][: len(held.rows)], list(np.ascontiguousarray(groups.T)))


def contents_of(held: Held, index: Ints) -> Atoms:
    """Return the channels of the contents that have an index."""
    contents, channels = held.table[AT["content"]], held.table[AT["channel"]]
    some = np.flatnonzero(index[contents] >= 0)
    width = len(held.keys["channel"]) + 1
    _, first, atom = np.unique(
        contents[some] * width + channels[some], return_index=True, return_inverse=True
    )
    of_leaf = np.full(len(contents), _NONE)
    of_leaf[some] = atom
    numbers = [held.table[AT[name]][some[first]] for name in ALL_SCOPES]
    numbers[AT["format"]] = np.full(len(first), _NONE)
    return Atoms(of_leaf[: len(held.rows)], numbers)


@dataclass(frozen=True, slots=True)
class Part:
    """Keys of a scope: what is read has a line for each.

    `lines` are those of the atoms, `sold_lines` those of the leaves at which orders count, −1 where it is not
    read; `borne` says which lines bear what so many `payees` are paid; `slots` and `target_slots` count their
    people.
    """

    scope: ScopeName
    keys: Sequence[ScopeKey]
    atoms: Atoms
    lines: Ints
    sold_lines: Ints
    borne: Borne
    payees: int
    slots: Ints
    target_slots: Ints

    def repeated(self, times: int) -> "Part":
        """Return the same with the lines of so many windows below each other; slots stay those of one."""
        atoms = Atoms(self.atoms.of_row, list(np.tile(np.stack(self.atoms.numbers), times)))
        payees, keys, shares = self.borne
        length = len(self.keys)
        borne = Borne(
            _stacked(payees, self.payees, times), _stacked(keys, length, times), np.tile(shares, times)
        )
        return replace(
            self,
            keys=[*self.keys] * times,
            atoms=atoms,
            lines=_stacked(self.lines, length, times),
            sold_lines=_stacked(self.sold_lines, length, times),
            borne=borne,
            payees=self.payees * times,
        )


def part_of(
    state: ShardState, keys: Keys, scope: ScopeName, chosen: Ints, groups: Atoms, shares: Shares
) -> Part:
    """Take the keys of a scope that have the numbers chosen."""
    listed, held = keys.listed[scope], keys.held
    # One more, so that the number −1 has no line.
    index = np.full(len(listed) + 1, _NONE)
    index[chosen] = np.arange(len(chosen))
    atoms = contents_of(held, index) if scope == "content" else groups
    payees, of_key, parts = shares.of(scope)
    found = [listed[number] for number in chosen.tolist()]
    bears = index[of_key] >= 0
    return Part(
        scope,
        found,
        atoms,
        index[atoms.numbers[AT[scope]]],
        index[held.table[AT[scope]][held.sold]],
        Borne(payees[bears], index[of_key[bears]], parts[bears]),
        len(shares),
        state.slots(found),
        state.target_slots(found),
    )


def _stacked(numbers: Ints, length: int, times: int) -> Ints:
    """Repeat numbers below `length`, each time that much higher; those of −1 stay."""
    higher = numbers + length * np.arange(times)[:, None]
    found: Ints = np.where(numbers >= 0, higher, _NONE).ravel()
    return found
