"""What events say of their leaf, as numbers: the only look-up of these texts on an event's way.

Whatever is asked of an event's leaf (does its campaign run, where is it counted) is a column by that number,
filled when the leaf is first seen. What many leaves of a campaign have in common is there once: of 500 000
leaves columns of their own would be larger than the processor's caches.
"""

from collections.abc import Callable, Sequence
from re import Pattern
from sys import intern
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.columns import Ints, firsts_of, numbers
from models.core.growing import grown
from models.core.hashing import Domain, Hashes, Keys, hash_texts, keys_of
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
# The columns of facts: those of LeafFacts, then the numbers of the campaign's keys and of the campaign.
_STARTS, _UNTIL, _TARGET, _CURRENCY, _LIVE, _KEYS, _CAMPAIGN = range(7)
_OWN = len((_KEYS, _CAMPAIGN))


class LeafFacts(NamedTuple):
    """What the registry says of a leaf.

    Its events count for sure from the time `starts` to before `until` (microseconds); `target` is the number
    of its campaign's target, `currency` that of its campaign's currency, or −1. `live`: a live chat is there.
    """

    starts: int
    until: int
    target: int
    currency: int = -1
    live: bool = False


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
        self._ask = facts_of
        self._key = key
        self._numbers = Texts(len(rules), self._add)
        self._leaves: list[Leaf] = []
        self._campaigns: dict[str, int] = {}
        self._keys = _keys(16)
        # By leaf: the number of its facts, its row, and the place where its sales count.
        self._facts_of, self._rows, self._places = (np.zeros(64, np.int32) for _ in range(3))
        # By leaf: its influencer and its content, hashed.
        self._influencers, self._contents = (np.zeros(64, np.int64) for _ in range(2))
        self._facts: Ints = np.zeros((_CAMPAIGN + 1, 64), np.int64)
        self._campaigns_of_facts: list[str] = []
        self._facts_numbers: dict[tuple[str, LeafFacts], int] = {}

    def __len__(self) -> int:
        return len(self._leaves)

    def clear(self) -> None:
        """Forget all leaves: their numbers, and what was known of them."""
        self._numbers.clear()
        self._leaves.clear()
        self._campaigns_of_facts.clear()
        self._facts_numbers.clear()

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
        numbers = self._facts_filled(_KEYS, leaves, self._number_of_keys)
        keys: Keys = self._keys[numbers, domains]
        return keys

    def named(self, leaves: Ints) -> list[Leaf]:
        """Return the leaves that have these numbers."""
        return list(map(self._leaves.__getitem__, leaves.tolist()))

    def forget_rows(self) -> None:
        """Ask again for the rows of all leaves."""
        self._rows[:] = _UNKNOWN

    def forget_places(self) -> None:
        """Ask again for the places of all leaves."""
        self._places[:] = _UNKNOWN

    def counting(self, leaves: Ints) -> tuple[Ints, Ints]:
        """Return from when (inclusive) until when (exclusive) the events of leaves count for sure."""
        facts = self._facts_of.take(leaves)
        return self._facts[_STARTS].take(facts), self._facts[_UNTIL].take(facts)

    def targets(self, leaves: Ints) -> Ints:
        """Return the targets of leaves."""
        return self._fact(_TARGET, leaves)

    def rows(self, leaves: Ints, row_of: Callable[[Leaf], int]) -> Ints:
        """Return the rows at which leaves are counted; `row_of` is asked once for each leaf."""
        return _filled(self._rows, leaves, lambda leaf: row_of(self._leaves[leaf]))

    def currencies(self, leaves: Ints) -> Ints:
        """Return the currencies of the campaigns of leaves."""
        return self._fact(_CURRENCY, leaves)

    def live(self, leaves: Ints) -> npt.NDArray[np.bool_]:
        """Mark the leaves where a live chat is."""
        live: npt.NDArray[np.bool_] = self._fact(_LIVE, leaves) == 1
        return live

    def influencers(self, leaves: Ints) -> Hashes:
        """Return the influencers of leaves, hashed."""
        return _filled(self._influencers, leaves, self._hash_of_influencer).view(np.uint64)

    def contents(self, leaves: Ints) -> Hashes:
        """Return the contents of leaves, hashed, each as its influencer's."""
        return _filled(self._contents, leaves, self._hash_of_content).view(np.uint64)

    def campaigns(self, leaves: Ints, number_of: Callable[[str], int]) -> Ints:
        """Return the numbers of the campaigns of leaves; `number_of` is asked once for many leaves."""
        return self._facts_filled(_CAMPAIGN, leaves, number_of)

    def places(self, leaves: Ints, place_of: Callable[[Leaf], int]) -> Ints:
        """Return where sales at leaves count, or −1; `place_of` is asked until it knows a leaf's."""
        return _filled(self._places, leaves, lambda leaf: place_of(self._leaves[leaf]))

    def _hash_of_influencer(self, leaf: int) -> int:
        return self._hash(leaf, Domain.INFLUENCER, self._leaves[leaf].influencer)

    def _hash_of_content(self, leaf: int) -> int:
        named = self._leaves[leaf]
        return self._hash(leaf, Domain.CONTENT, f"{named.influencer}/{named.content}")

    def _hash(self, leaf: int, domain: Domain, text: str) -> int:
        return int(hash_texts([text], self.keys(numbers([leaf]), domain)).view(np.int64)[0])

    def _fact(self, column: int, leaves: Ints) -> Ints:
        facts: Ints = self._facts[column]
        return facts.take(self._facts_of.take(leaves))

    def _facts_filled(self, column: int, leaves: Ints, value_of: Callable[[str], int]) -> Ints:
        """Return a column of facts, where it is not known yet by what `value_of` says of the campaign."""
        facts = self._facts_of.take(leaves)
        return _filled(self._facts[column], facts, lambda number: value_of(self._campaigns_of_facts[number]))

    def _number_of_keys(self, campaign: str) -> int:
        number = self._campaigns.get(campaign)
        if number is None:
            number = self._campaigns[campaign] = len(self._campaigns)
            if number >= len(self._keys):
                self._keys = grown(self._keys, number)
            self._keys[number] = keys_of(campaign, self._key)
        return number

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
        if number >= len(self._rows):
            self._facts_of, self._rows, self._places = (
                grown(column, number) for column in (self._facts_of, self._rows, self._places)
            )
            self._influencers, self._contents = (
                grown(column, number) for column in (self._influencers, self._contents)
            )
        self._facts_of[number] = self._number_of_facts(leaf)
        self._rows[number] = self._places[number] = _UNKNOWN
        self._influencers[number] = self._contents[number] = _UNKNOWN
        return number

    def _number_of_facts(self, leaf: Leaf) -> int:
        facts = leaf.campaign, self._ask(leaf)
        number = self._facts_numbers.setdefault(facts, len(self._facts_numbers))
        if number == len(self._campaigns_of_facts):
            self._campaigns_of_facts.append(leaf.campaign)
            if number >= self._facts.shape[1]:
                self._facts = np.concatenate([self._facts, np.zeros_like(self._facts)], axis=1)
            self._facts[:, number] = (*facts[1], *[_UNKNOWN] * _OWN)
        return number


def _filled(column: npt.NDArray[Any], at: npt.NDArray[Any], value_of: Callable[[int], int]) -> Ints:
    """Return what stands in a column, where nothing does yet what `value_of` says of the place."""
    found = column.take(at)
    unknown = at[found == _UNKNOWN]
    if len(unknown):
        for place in unknown[firsts_of(unknown)].tolist():
            column[place] = value_of(place)
        found = column.take(at)
    return found.astype(np.int64, copy=False)


def _keys(campaigns: int) -> Keys:
    return np.zeros((campaigns, len(Domain), 2), np.uint64)
