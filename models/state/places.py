"""A campaign's leaves as columns: by numbers, which key of each scope every leaf adds to.

What a page shows is sums over leaves by scope. With a number a scope and leaf, kept as leaves come, a sum
is one pass over arrays; to look up keys by name took longer than all formulas.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from models.core.columns import Int32s, Ints, numbers
from models.core.growing import grown
from models.scopes import ABSENT, ALL_SCOPES, OTHER, Leaf, ScopeKey, ScopeName, scopes_of
from models.state.contents import Contents

AT: dict[ScopeName, int] = {name: at for at, name in enumerate(ALL_SCOPES)}
"""The line of each scope in a table of numbers."""
GROUP = len(ALL_SCOPES)
"""The line after those: the numbers of the leaves' groups."""


class Listed(Protocol):
    """Keys by number."""

    def __len__(self) -> int:
        """Return how many there are."""

    def __getitem__(self, number: int, /) -> ScopeKey:
        """Return one."""


class Places:
    """The leaves of one campaign that have a row, in the order of their rows.

    `keys` list the keys of each scope by number. A number is given once and for ever, also where the leaf
    that it was given for is gone again: so a key may have no leaf. Leaves that differ in content alone are a
    group, and groups that differ in their influencer alone a site; `new_site` numbers these beyond the
    campaign. `mute` lists by scope the numbers of the keys whose own name says nothing, by that name.
    """

    def __init__(self, new_site: Callable[[], int]) -> None:
        self._new_site = new_site
        self._listed: dict[ScopeName, list[ScopeKey]] = {name: [] for name in ALL_SCOPES}
        self._contents = Contents(self._listed["influencer"])
        self.keys: dict[ScopeName, Listed] = {**self._listed, "content": self._contents}
        self.mute: dict[ScopeName, dict[str, list[int]]] = {
            name: {ABSENT: [], OTHER: []} for name in ALL_SCOPES
        }
        self._numbers: dict[ScopeKey, int] = {}
        self._group_numbers: dict[tuple[int, ...], int] = {}
        self._group_lines = [np.zeros(8, np.int64) for _ in ALL_SCOPES]
        self._site_of_group: Ints = np.zeros(8, np.int64)
        self._site_numbers: dict[tuple[int, int], int] = {}
        self._sites: list[int] = []
        # By leaf, in the order of their rows: its row, and the numbers of its content and its group.
        self._leaves: Int32s = np.zeros((8, 3), np.int32)
        self._count = 0

    @property
    def rows(self) -> Ints:
        """The row of each leaf."""
        return self._leaves[: self._count, 0].astype(np.int64)

    @property
    def table(self) -> list[Ints]:
        """The numbers of the leaves' keys, a column a scope, and of their groups."""
        contents, groups = (self._leaves[: self._count, at].astype(np.int64) for at in (1, 2))
        of_group = [line.take(groups) for line in self.groups]
        return [*of_group[: AT["content"]], contents, *of_group[AT["content"] + 1 :], groups]

    @property
    def groups(self) -> list[Ints]:
        """The numbers of the groups' keys, a column a scope, −1 for the content."""
        return [line[: len(self._group_numbers)] for line in self._group_lines]

    @property
    def site_of_group(self) -> Ints:
        """The index of each group's site."""
        return self._site_of_group[: len(self._group_numbers)]

    @property
    def sites(self) -> Ints:
        """The sites' numbers beyond the campaign."""
        return numbers(self._sites)

    def number(self, key: ScopeKey) -> int | None:
        """Return the number of a key; None where it has none."""
        if key.name != "content":
            return self._numbers.get(key)
        influencer = self._numbers.get(ScopeKey("influencer", key.ids[:-1]))
        return None if influencer is None else self._contents.number(influencer, key.ids[-1])

    def add(self, leaf: Leaf, row: int) -> int:
        """Add a leaf that has got a row; return its site, by the number beyond the campaign."""
        of_leaf = self.numbers_of(leaf)
        if self._count == len(self._leaves):
            self._leaves = grown(self._leaves, self._count)
        self._leaves[self._count] = row, of_leaf[AT["content"]], of_leaf[GROUP]
        self._count += 1
        return self._sites[int(self._site_of_group[of_leaf[GROUP]])]

    def numbers_of(self, leaf: Leaf) -> list[int]:
        """Return the numbers of a leaf's keys and of its group, new ones where they have none."""
        of_keys = [-1 if key.name == "content" else self._number_for(key) for key in scopes_of(leaf)]
        group = tuple(of_keys)
        if group not in self._group_numbers:
            self._add_group(group)
        of_keys[AT["content"]] = self._number_of_content(of_keys[AT["influencer"]], leaf.content)
        return [*of_keys, self._group_numbers[group]]

    def _add_group(self, group: tuple[int, ...]) -> None:
        at = self._group_numbers[group] = len(self._group_numbers)
        if at == len(self._group_lines[0]):
            self._group_lines = [grown(line, at) for line in self._group_lines]
            self._site_of_group = grown(self._site_of_group, at)
        for line, number in zip(self._group_lines, group, strict=True):
            line[at] = number
        self._site_of_group[at] = self._site_for(group[AT["channel"]], group[AT["format"]])

    def _site_for(self, channel: int, kind: int) -> int:
        site = self._site_numbers.get((channel, kind))
        if site is None:
            site = self._site_numbers[channel, kind] = len(self._sites)
            self._sites.append(self._new_site())
        return site

    def _number_for(self, key: ScopeKey) -> int:
        listed = self._listed[key.name]
        number = self._numbers.setdefault(key, len(listed))
        if number == len(listed):
            listed.append(key)
            self._note_mute(key.name, key.ids[-1], number)
        return number

    def _number_of_content(self, influencer: int, name: str) -> int:
        before = len(self._contents)
        number = self._contents.number_for(influencer, name)
        if number == before:
            self._note_mute("content", name, number)
        return number

    def _note_mute(self, scope: ScopeName, name: str, number: int) -> None:
        if name in self.mute[scope]:
            self.mute[scope][name].append(number)
