"""What events say of their leaf, as numbers: the only look-up of these texts on an event's way.

Whatever is asked of an event's leaf (does its campaign run, where is it counted) is a column by that number,
filled when the leaf is first seen.
"""

from collections.abc import Callable, Sequence
from re import Pattern
from sys import intern
from typing import Any, NamedTuple

import numpy as np

from models.core.columns import Ints, firsts_of
from models.core.hashing import Domain, Keys, keys_of
from models.core.octets import Octets
from models.core.text_table import Lengths
from models.core.texts import Texts, TextTuple
from models.scopes import ABSENT, Leaf

NOWHERE = -1
"""The number where a text does not match its pattern."""

_UNKNOWN = -1
# Stands for a text that an adjustment lacks; it is no UTF-8.
_LACKING = b"\xff"
_ABSENT = ABSENT.encode()
# The columns: those of LeafFacts, then the row, the numbers of the campaign's keys and of the campaign, and
# the place where sales count.
_STARTS, _UNTIL, _TARGET, _CURRENCY, _ROW, _KEYS, _CAMPAIGN, _PLACE = range(8)
_OWN = len((_ROW, _KEYS, _CAMPAIGN, _PLACE))


class LeafFacts(NamedTuple):
    """What the registry says of a leaf.

    Its events count for sure from the time `starts` to before `until` (microseconds); `target` is the number
    of its campaign's target, `currency` that of its campaign's currency, or −1.
    """

    starts: int
    until: int
    target: int
    currency: int = -1


class LeafRule(NamedTuple):
    """What one of the texts that name a leaf must match as a whole, and whether it is read in lower case."""

    pattern: Pattern[str]
    lowers: bool


class LeafIndex:
    """Leaves that events have named, each with a number and what is known of it.

    `facts_of` is asked once for each leaf; `clear` when it would answer otherwise. `key` is the state's, of
    which those of its campaigns are derived.
    """

    def __init__(self, rules: Sequence[LeafRule], facts_of: Callable[[Leaf], LeafFacts], key: bytes) -> None:
        self._rules = rules
        self._facts_of = facts_of
        self._key = key
        self._numbers = Texts(len(rules), self._add)
        self._leaves: list[Leaf] = []
        self._campaigns: dict[str, int] = {}
        self._keys = _keys(16)
        self._facts = _table(64)

    def __len__(self) -> int:
        return len(self._leaves)

    def clear(self) -> None:
        """Forget all leaves: their numbers, and what was known of them."""
        self._numbers.clear()
        self._leaves.clear()

    def use_key(self, key: bytes) -> None:
        """Hash names under another key of the state; forget all leaves."""
        self._key = key
        self._campaigns.clear()
        self.clear()

    def find(
        self, buffer: Octets, starts: Ints, lengths: Lengths, columns: Ints, lines: Ints, leaves: Ints
    ) -> None:
        """Write the number of the leaf of each of these lines into `leaves`, or NOWHERE.

        Its texts stand in these columns, in the order of LEAF_FIELDS; one that is not there is ABSENT.
        """
        self._numbers.find(buffer, starts, lengths, columns, lines, leaves)

    def number(self, texts: Sequence[str | None]) -> int:
        """Return the number of the leaf that texts name, or NOWHERE; an adjustment's may lack some."""
        campaign, *others = (_LACKING if text is None else text.encode() for text in texts)
        return self._numbers.number((campaign, *(None if text == _ABSENT else text for text in others)))

    def keys(self, leaves: Ints, domains: Ints | Domain) -> Keys:
        """Return the keys that names of these domains in the campaigns of leaves are hashed with."""
        numbers = self._filled(_KEYS, leaves, self._number_of_keys)
        keys: Keys = self._keys[numbers, domains]
        return keys

    def named(self, leaves: Ints) -> list[Leaf]:
        """Return the leaves that have these numbers."""
        return list(map(self._leaves.__getitem__, leaves.tolist()))

    def forget_rows(self) -> None:
        """Ask again for the rows of all leaves."""
        self._facts[_ROW] = _UNKNOWN

    def forget_places(self) -> None:
        """Ask again for the places of all leaves."""
        self._facts[_PLACE] = _UNKNOWN

    def counting(self, leaves: Ints) -> tuple[Ints, Ints]:
        """Return from when (inclusive) until when (exclusive) the events of leaves count for sure."""
        return self._column(_STARTS, leaves), self._column(_UNTIL, leaves)

    def targets(self, leaves: Ints) -> Ints:
        """Return the targets of leaves."""
        return self._column(_TARGET, leaves)

    def rows(self, leaves: Ints, row_of: Callable[[Leaf], int]) -> Ints:
        """Return the rows at which leaves are counted; `row_of` is asked once for each leaf."""
        return self._filled(_ROW, leaves, row_of)

    def currencies(self, leaves: Ints) -> Ints:
        """Return the currencies of the campaigns of leaves."""
        return self._column(_CURRENCY, leaves)

    def campaigns(self, leaves: Ints, number_of: Callable[[str], int]) -> Ints:
        """Return the numbers of the campaigns of leaves; `number_of` is asked once for each leaf."""
        return self._filled(_CAMPAIGN, leaves, lambda leaf: number_of(leaf.campaign))

    def places(self, leaves: Ints, place_of: Callable[[Leaf], int]) -> Ints:
        """Return where sales at leaves count, or −1; `place_of` is asked until it knows a leaf's."""
        return self._filled(_PLACE, leaves, place_of)

    def _filled(self, column: int, leaves: Ints, value_of: Callable[[Leaf], int]) -> Ints:
        found = self._column(column, leaves)
        unknown = leaves[found == _UNKNOWN]
        if not len(unknown):
            return found
        for number in unknown[firsts_of(unknown)].tolist():
            self._facts[column, number] = value_of(self._leaves[number])
        return self._column(column, leaves)

    def _number_of_keys(self, leaf: Leaf) -> int:
        number = self._campaigns.get(leaf.campaign)
        if number is None:
            number = self._campaigns[leaf.campaign] = len(self._campaigns)
            if number >= len(self._keys):
                self._keys = np.concatenate([self._keys, _keys(number + 1)])
            self._keys[number] = keys_of(leaf.campaign, self._key)
        return number

    def _column(self, number: int, leaves: Ints) -> Ints:
        column: Ints = self._facts[number]
        return column.take(leaves)

    def _add(self, written: TextTuple) -> int:
        texts = [ABSENT if text is None else None if text == _LACKING else text.decode() for text in written]
        ruled = list(zip(self._rules, texts, strict=True))
        if any(text is not None and not rule.pattern.fullmatch(text) for rule, text in ruled):
            return NOWHERE
        number = len(self._leaves)
        # By its pattern a text is ASCII, of which Python's lower() is pydantic's.
        named: list[Any] = [
            None if text is None else intern(text.lower() if rule.lowers else text) for rule, text in ruled
        ]
        leaf = Leaf(*named)
        self._leaves.append(leaf)
        if number >= self._facts.shape[1]:
            self._facts = np.concatenate([self._facts, _table(number)], axis=1)
        self._facts[:, number] = (*self._facts_of(leaf), *[_UNKNOWN] * _OWN)
        return number


def _table(leaves: int) -> Ints:
    return np.zeros((_PLACE + 1, leaves), np.int64)


def _keys(campaigns: int) -> Keys:
    return np.zeros((campaigns, len(Domain), 2), np.uint64)
