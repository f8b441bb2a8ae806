"""Numbers for the places that events name: a place's texts are looked at once, whoever asks about it.

A place is what an event says of its leaf: campaign, influencer, content and channel, of which an adjustment
may lack all but the first. One look-up an event finds its number; the campaign's flight, the leaf's row and
the target are found by that, for a batch at once.
"""

from collections.abc import Callable, Mapping, Sequence
from re import Pattern
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.scopes import Leaf

Ints = npt.NDArray[np.int64]
Texts = tuple[str, str, str, str]

FIELDS = ("campaign_id", "influencer_id", "content_id", "channel")
NOWHERE = -1
"""The number of a place one of whose texts does not match its pattern."""
_MOST = 100_000
_UNKNOWN = np.iinfo(np.int64).min


class Column(NamedTuple):
    """The places of some events: numbers of `leaves`, which only grow."""

    leaves: list[Leaf]
    numbers: Ints

    def where(self, chosen: npt.NDArray[Any]) -> "Column":
        """Give the chosen ones."""
        return Column(self.leaves, self.numbers[chosen])


class Places:
    """Places seen, each with a number; when they are too many, they are numbered anew."""

    def __init__(self, patterns: Mapping[str, Pattern[str]], most: int = _MOST) -> None:
        self._patterns = [patterns[name] for name in FIELDS]
        self._most = most
        self._numbers = Numbers(self._patterns)

    def of(self, events: Sequence[Any]) -> Column:
        """Give the places of events; their channels are in lower case there."""
        known = self.numbers()
        return Column(known.leaves, np.array(known.of(events), np.int64))

    def numbers(self) -> "Numbers":
        """Give the numbers to use for the next events."""
        if len(self._numbers) >= self._most:
            self._numbers = Numbers(self._patterns)
        return self._numbers


class Numbers(dict[Texts, int]):
    """Numbers of places, as indices of `leaves`."""

    def __init__(self, patterns: Sequence[Pattern[str]]) -> None:
        self.leaves: list[Leaf] = []
        self._patterns = patterns

    def of(self, events: Sequence[Any]) -> list[int]:
        """Give the number of each event's place, or NOWHERE."""
        return [
            self[event.campaign_id, event.influencer_id, event.content_id, event.channel] for event in events
        ]

    def __missing__(self, texts: Texts) -> int:
        for pattern, text in zip(self._patterns, texts, strict=True):
            if text is not None and not pattern.fullmatch(text):
                return NOWHERE
        number = self[texts] = len(self.leaves)
        # By its pattern a channel is ASCII, of which Python's lower() is pydantic's.
        self.leaves.append(Leaf(*texts[:3], texts[3] and texts[3].lower()))
        return number


class ByPlace:
    """A number for each place, asked for when it first comes."""

    def __init__(self, number_of: Callable[[Leaf], int]) -> None:
        self._number_of = number_of
        self._leaves: list[Leaf] = []
        self._known = _unknown(0)

    def __call__(self, places: Column) -> Ints:
        """Give the number for each of some places."""
        leaves, numbers = places
        if leaves is not self._leaves:
            self._leaves, self._known = leaves, _unknown(0)
        if len(leaves) > len(self._known):
            self._known = np.concatenate([self._known, _unknown(len(leaves) - len(self._known))])
        found = self._known[numbers]
        for index in np.flatnonzero(found == _UNKNOWN).tolist():
            number = numbers[index]
            if self._known[number] == _UNKNOWN:
                self._known[number] = self._number_of(leaves[number])
            found[index] = self._known[number]
        return found

    def forget(self) -> None:
        """Ask for every place anew."""
        self._known = _unknown(0)


def _unknown(places: int) -> Ints:
    return np.full(places, _UNKNOWN)
