"""The judge of one shard: what comes in its order is told apart into organic and suspicious.

A verdict follows from what was applied before, in that order, and from nothing else: neither from how it came
in batches, nor from when the judge was stored and restored. Of interactions that come late, the verdict is
made of what is known then; no verdict changes afterwards.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise

import numpy as np

from models.authenticity.catalogue import NO_REASON, NUMBER, RULES
from models.authenticity.columns import Hashes, Interactions, Mask, Measured, Smalls, Verdicts
from models.authenticity.limits import DEFAULT, Caps
from models.authenticity.memory import TABLES, Memory, can_be_judged
from models.authenticity.rule import Use
from models.authenticity.settings import Authenticity
from models.authenticity.stored import Remembered, joined, of_campaign
from models.core.columns import Ints


class Judge:
    """Judges interactions of a shard's campaigns; `settings` returns how a campaign, by number, is set."""

    def __init__(self, settings: Callable[[int], Authenticity], caps: Caps = DEFAULT) -> None:
        self._settings = settings
        self._caps = caps
        self._memories: dict[int, Memory] = {}

    def judge(self, lines: Interactions) -> Verdicts:
        """Judge interactions in their order, and remember them."""
        verdicts = Verdicts(can_be_judged(lines), *np.zeros((2, len(lines.times)), np.int8))
        judged = np.flatnonzero(verdicts.judged)
        for campaign, at in _by_campaign(lines.campaigns, judged):
            own, by = lines.at(at), self._settings(campaign)
            measured = self._memory(campaign).measure(own, by)
            verdicts.reasons[at] = first_reason(measured, by, "on")
            noted = first_reason(measured, by, "report")
            verdicts.noted[at] = np.where(verdicts.reasons[at] == NO_REASON, noted, NO_REASON)
        return verdicts

    def expose(self, campaigns: Ints, persons: Hashes, times: Ints, counts: Ints) -> None:
        """Note impressions, NO_HASH for those without a person, of campaigns that ask who saw something."""
        for campaign, at in _by_campaign(campaigns, np.arange(len(campaigns))):
            if self._settings(campaign).looks("no_exposure"):
                self._memory(campaign).expose(persons[at], times[at], counts[at])

    def see(self, campaigns: Ints, persons: Hashes) -> None:
        """Note persons whose impressions are counted: what is restored of them elsewhere."""
        for campaign, at in _by_campaign(campaigns, np.arange(len(campaigns))):
            if self._settings(campaign).looks("no_exposure"):
                self._memory(campaign).see(persons[at])

    def cut(self) -> Remembered:
        """Return what changed since the last cut, by the numbers of campaigns."""
        return joined(
            [(number, *memory.cut()) for number, memory in self._memories.items() if memory.changed]
        )

    def restore(self, remembered: Remembered) -> None:
        """Take back what was cut, in the order in which it was, by the numbers of campaigns."""
        for number in remembered.facts:
            self._memory(number).restore(*of_campaign(remembered, number))

    def forget(self, campaign: int) -> None:
        """Forget a campaign that is over."""
        self._memories.pop(campaign, None)

    def evicted(self, campaign: int) -> Mapping[str, int]:
        """Count the entries that were forgotten for want of room, by table."""
        memory = self._memories.get(campaign)
        tables = memory.tables if memory else ()
        return {name: table.evicted for name, table in zip(TABLES, tables, strict=False) if table.evicted}

    def octets(self) -> int:
        """Return the memory that it takes."""
        return sum(memory.octets for memory in self._memories.values())

    def _memory(self, campaign: int) -> Memory:
        if campaign not in self._memories:
            self._memories[campaign] = Memory(campaign, self._caps)
        return self._memories[campaign]


def first_reason(measured: Measured, by: Authenticity, use: Use) -> Smalls:
    """Return the number of the first of the rules so used that hits each line."""
    first: Smalls = np.full(len(measured.close), NO_REASON, np.int8)
    for rule in RULES:
        setting = by.of(rule.reason)
        if setting.use == use:
            hits: Mask = rule.hits(measured, setting)
            first[(first == NO_REASON) & hits] = NUMBER[rule.reason]
    return first


def _by_campaign(campaigns: Ints, at: Ints) -> Iterator[tuple[int, Ints]]:
    """Yield each campaign's lines among some, in their order."""
    order = at[np.argsort(campaigns[at], kind="stable")]
    ordered = campaigns[order]
    edges: Iterable[int] = [0, *(np.flatnonzero(np.diff(ordered)) + 1).tolist(), len(order)]
    for start, end in pairwise(edges):
        if end > start:
            yield int(ordered[start]), order[start:end]
