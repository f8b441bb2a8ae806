"""The keys of one scope that are read, and what all windows of theirs have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

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

    `rows` are those that are summed, and `of_row` has the atom of each. `numbers` are those of the atoms'
    keys, a column a scope, −1 where it is none's.
    """

    rows: Ints
    of_row: Ints
    numbers: Sequence[Ints]

    def __len__(self) -> int:
        return len(self.numbers[0])

    def of(self, scope: ScopeName) -> Ints:
        """Return the numbers of the atoms' keys of a scope."""
        return self.numbers[AT[scope]]


class Places(NamedTuple):
    """A campaign's places: sites, whose sums are kept, but for the influencers whose results are priced.

    Of these `atoms` sum the rows. At the lines `at` stand the `sites`, of which these are `apart`: what the
    atoms count is to be taken from the sites at the lines `within`, where they are not −1.
    """

    atoms: Atoms
    at: Ints
    sites: Ints
    apart: Ints
    within: Ints


def places_of(held: Held, is_priced: npt.NDArray[np.bool_]) -> Places:
    """Tell the influencers apart whose results are priced, of each site; the others are together.

    So what is read of a campaign and its channels and formats depends on its costs, not on the number of its
    influencers.
    """
    priced = is_priced[held.groups[AT["influencer"]]]
    present = _present(held)
    alone, together = np.flatnonzero(present & priced), np.flatnonzero(present & ~priced)
    # The first group of each site that is no influencer's own; what is assigned last stays.
    first = np.full(len(held.sites), _NONE)
    first[held.site_of_group[together[::-1]]] = together[::-1]
    # In the order in which they came: floats add up to the same, be a campaign's influencers priced or not.
    heads = np.sort(np.concatenate([alone, first[first >= 0]]))
    numbers = [column[heads] for column in held.groups]
    numbers[AT["influencer"]] = np.where(priced[heads], numbers[AT["influencer"]], _NONE)
    line = np.full(len(priced) + 1, _NONE)
    line[heads] = np.arange(len(heads))
    apart, at = np.flatnonzero(priced[heads]), np.flatnonzero(~priced[heads])
    of_leaf = np.where(priced[held.table[GROUP]], line[held.table[GROUP]], _NONE)
    sites = held.site_of_group[heads]
    return Places(_atoms(held, of_leaf, numbers), at, held.sites[sites[at]], apart, line[first[sites[apart]]])


def groups_of(held: Held, index: Ints) -> Atoms:
    """Return the groups of leaves that differ in content alone, of the influencers that have an index."""
    kept = np.flatnonzero(_present(held) & (index[held.groups[AT["influencer"]]] >= 0))
    into = np.full(len(held.groups[0]), _NONE)
    into[kept] = np.arange(len(kept))
    return _atoms(held, into[held.table[GROUP]], [column[kept] for column in held.groups])


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
    return _atoms(held, of_leaf, numbers)


def _present(held: Held) -> npt.NDArray[np.bool_]:
    """Mark the groups that have a leaf."""
    found = np.zeros(len(held.groups[0]), bool)
    found[held.table[GROUP]] = True
    return found


def _atoms(held: Held, of_leaf: Ints, numbers: Sequence[Ints]) -> Atoms:
    """Sum the leaves that have a row and an atom."""
    some = np.flatnonzero(of_leaf[: len(held.rows)] >= 0)
    return Atoms(held.rows[some], of_leaf[some], numbers)


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


def part_of(keys: Keys, scope: ScopeName, chosen: Ints, places: Atoms) -> Part:
    """Take the keys of a scope that have the numbers chosen."""
    index = np.full(keys.count(scope) + 1, _NONE)
    index[chosen] = np.arange(len(chosen))
    atoms = places
    if scope == "influencer":
        atoms = groups_of(keys.held, index)
    elif scope == "content":
        atoms = contents_of(keys.held, index)
    return Part(scope, [keys.key(scope, number) for number in chosen.tolist()], index, atoms)


@dataclass(frozen=True, slots=True)
class Lines:
    """Keys of scopes in windows, a line each, window after window; each has as many as `lengths` say.

    `atoms` are the lines of the atoms' sums, `sold` those of the leaves at which orders count; `borne` says
    which lines bear what payees are paid, those of the windows one after the other.
    """

    lengths: Sequence[int]
    atoms: Ints
    sold: Ints
    borne: Borne

    def __len__(self) -> int:
        return sum(self.lengths)


def lines_of(part: Part, sold: Ints, shares: Shares, windows: int) -> Lines:
    """Lay out the keys of a part in windows; `sold` are the numbers of the keys at which orders count."""
    length, borne = len(part.keys), part.borne(shares)
    return Lines(
        [length] * windows,
        stacked(part.lines, length, windows),
        stacked(part.index[sold], length, windows),
        Borne(
            stacked(borne.payees, len(shares), windows),
            stacked(borne.keys, length, windows),
            np.tile(borne.shares, windows),
        ),
    )


def joined(parts: Sequence[Lines], payees: Sequence[int]) -> Lines:
    """Put lines of several parts below each other; each window of one has lines of as many payees."""
    if len(parts) == 1:
        return parts[0]
    starts = np.cumsum([0, *(len(part) for part in parts)])[:-1].tolist()
    sizes = [len(part.lengths) * each for part, each in zip(parts, payees, strict=True)]
    paid = np.cumsum([0, *sizes])[:-1].tolist()
    borne = [
        Borne(part.borne.payees + first, part.borne.keys + start, part.borne.shares)
        for part, start, first in zip(parts, starts, paid, strict=True)
    ]
    return Lines(
        [length for part in parts for length in part.lengths],
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
