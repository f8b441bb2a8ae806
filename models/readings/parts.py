"""The keys of one scope that are read, and what all windows of theirs have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from models.core.columns import Ints
from models.readings.keys import Keys
from models.readings.shares import Borne, Shares
from models.scopes import ALL_SCOPES, ScopeKey, ScopeName
from models.state.held import Held
from models.state.places import AT, GROUP

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

    def of(self, scope: ScopeName) -> Ints:
        """Return the numbers of the atoms' keys of a scope."""
        return self.numbers[AT[scope]]

    def merged(self, into: Ints, of_which: Ints) -> "Atoms":
        """Merge atoms into others, −1 into none, that have the numbers of some of these."""
        # As an index −1 is the last one: that is where the −1 for it is put.
        of_row = np.append(into, _NONE)[self.of_row]
        return Atoms(of_row, [column[of_which] for column in self.numbers])


def groups_of(held: Held) -> Atoms:
    """Return the groups of leaves that differ in content alone."""
    present = np.zeros(len(held.groups[0]), bool)
    present[held.table[GROUP]] = True
    return Atoms(
        held.table[GROUP][: len(held.rows)], [np.where(present, column, _NONE) for column in held.groups]
    )


def places_of(groups: Atoms, is_priced: npt.NDArray[np.bool_]) -> Atoms:
    """Join the groups that differ in their influencer alone where no results of that one are priced.

    So what is read of a campaign and its channels and formats depends on its costs, not on the number of its
    influencers.
    """
    influencers = groups.of("influencer")
    influencers = np.where(is_priced[influencers], influencers, _NONE)
    numbers = [*groups.numbers]
    numbers[AT["influencer"]] = influencers
    place = groups.of("channel")
    for column in (groups.of("format"), influencers):
        place = place * (int(column.max(initial=0)) + 2) + column + 1
    some = np.flatnonzero(groups.of("campaign") >= 0)
    _, first, inverse = np.unique(place[some], return_index=True, return_inverse=True)
    # In the order in which they came, in which groups are added up, too.
    order = np.argsort(first)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    into = np.full(len(groups), _NONE)
    into[some] = rank[inverse]
    return Atoms(groups.of_row, numbers).merged(into, some[first[order]])


def groups_among(groups: Atoms, index: Ints) -> Atoms:
    """Return the groups of the influencers that have an index."""
    lines = index[groups.of("influencer")]
    kept = np.flatnonzero(lines >= 0)
    into = np.full(len(groups), _NONE)
    into[kept] = np.arange(len(kept))
    return groups.merged(into, kept)


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


@dataclass(frozen=True)
class Part:
    """Keys of a scope: what is read has a line for each.

    `index` has the line of each number, −1 of those that are not read, and as the last one that of −1.
    """

    scope: ScopeName
    keys: Sequence[ScopeKey]
    index: Ints
    atoms: Atoms

    @cached_property
    def lines(self) -> Ints:
        """The lines of the atoms."""
        return self.index[self.atoms.of(self.scope)]

    def borne(self, shares: Shares) -> Borne:
        """Return which lines bear what payees are paid, and which share of it."""
        payees, numbers, parts = shares.of(self.scope)
        bears = self.index[numbers] >= 0
        return Borne(payees[bears], self.index[numbers[bears]], parts[bears])


def part_of(keys: Keys, scope: ScopeName, chosen: Ints, groups: Atoms, places: Atoms) -> Part:
    """Take the keys of a scope that have the numbers chosen."""
    listed = keys.listed[scope]
    index = np.full(len(listed) + 1, _NONE)
    index[chosen] = np.arange(len(chosen))
    atoms = places
    if scope == "influencer":
        atoms = groups_among(groups, index)
    elif scope == "content":
        atoms = contents_of(keys.held, index)
    return Part(scope, [listed[number] for number in chosen.tolist()], index, atoms)


@dataclass(frozen=True, slots=True)
class Lines:
    """Keys of a scope in so many windows, a line each, window after window.

    `atoms` are the lines of the atoms' sums, `sold` those of the leaves at which orders count; `borne` says
    which lines bear what payees are paid, those of the windows one after the other.
    """

    windows: int
    keys: Sequence[ScopeKey]
    atoms: Ints
    sold: Ints
    borne: Borne

    def __len__(self) -> int:
        return len(self.keys)


def lines_of(part: Part, sold: Ints, shares: Shares, windows: int) -> Lines:
    """Lay out the keys of a part in windows; `sold` are the numbers of the keys at which orders count."""
    length, borne = len(part.keys), part.borne(shares)
    return Lines(
        windows,
        [*part.keys] * windows,
        stacked(part.lines, length, windows),
        stacked(part.index[sold], length, windows),
        Borne(
            stacked(borne.payees, len(shares), windows),
            stacked(borne.keys, length, windows),
            np.tile(borne.shares, windows),
        ),
    )


def joined(parts: Sequence[Lines], payees: int) -> Lines:
    """Put lines of several parts below each other; each window has its own line of so many payees."""
    if len(parts) == 1:
        return parts[0]
    starts = np.cumsum([0, *(len(part) for part in parts)])[:-1].tolist()
    windows = np.cumsum([0, *(part.windows for part in parts)])
    paid = (windows[:-1] * payees).tolist()
    borne = [
        Borne(part.borne.payees + first, part.borne.keys + start, part.borne.shares)
        for part, start, first in zip(parts, starts, paid, strict=True)
    ]
    return Lines(
        int(windows[-1]),
        [key for part in parts for key in part.keys],
        _moved([part.atoms for part in parts], starts),
        _moved([part.sold for part in parts], starts),
        Borne(*(np.concatenate(columns) for columns in zip(*borne, strict=True))),
    )


def _moved(columns: Sequence[Ints], starts: Sequence[int]) -> Ints:
    """Join columns of lines that begin at the starts; those of −1 stay."""
    moved = [np.where(one >= 0, one + start, one) for one, start in zip(columns, starts, strict=True)]
    found: Ints = np.concatenate(moved)
    return found


def stacked(numbers: Ints, length: int, times: int) -> Ints:
    """Repeat numbers below `length`, each time that much higher; those of −1 stay."""
    higher = numbers + length * np.arange(times)[:, None]
    found: Ints = np.where(numbers >= 0, higher, _NONE).ravel()
    return found
