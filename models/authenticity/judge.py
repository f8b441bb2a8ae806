"""The judge of one shard: what comes in its order is told apart into organic and suspicious.

A verdict follows from what was applied before, in that order, and from nothing else: neither from how it came
in batches, nor from when the judge was stored and restored. Of interactions that come late, the verdict is
made of what is known then; no verdict changes afterwards.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from models.authenticity.bound import shrink
from models.authenticity.catalogue import NO_REASON, NUMBER, RULES
from models.authenticity.columns import Hashes, Interactions, Mask, Measured, Smalls, Verdicts
from models.authenticity.limits import DEFAULT, Caps
from models.authenticity.memory import Memory, can_be_judged, nothing_measured
from models.authenticity.rule import Use
from models.authenticity.settings import Authenticity
from models.authenticity.stored import Remembered, by_campaign, joined, merge
from models.core.columns import Ints, runs


class Judge:
    """Judges interactions of a shard's campaigns; `settings` returns how a campaign, by number, is set.

    What it remembers of each campaign is bounded by `caps`, and that of all of them by `most` bytes, once it
    is cut: which entries are forgotten for that is stored with the cut. Of thousands of campaigns few change
    between two cuts: only these are looked at.
    """

    def __init__(
        self, settings: Callable[[int], Authenticity], caps: Caps = DEFAULT, most: int = sys.maxsize
    ) -> None:
        self._settings = settings
        self._caps = caps
        self.most = most
        self._memories: dict[int, Memory] = {}
        self._changed: set[int] = set()
        self._weights: dict[int, int] = {}
        self._octets: dict[int, int] = {}
        self._evicted = Counter[str]()
        self._stored: list[Remembered] = []

    def judge(self, lines: Interactions) -> Verdicts:
        """Judge interactions in their order, and remember them."""
        self.take_back()
        verdicts = Verdicts(can_be_judged(lines), *np.zeros((2, len(lines.times)), np.int8))
        at = _by_campaign(lines.campaigns, np.flatnonzero(verdicts.judged))
        ordered = lines.at(at)
        measured, alike = nothing_measured(ordered), dict[int, tuple[Authenticity, list[slice]]]()
        for part in runs(ordered.campaigns):
            campaign = int(ordered.campaigns[part.start])
            by = self._settings(campaign)
            self._change(campaign).measure(ordered.at(part), by, measured.at(part))
            alike.setdefault(id(by), (by, []))[1].append(part)
        for by, parts in alike.values():
            _judge_by(by, measured, parts, at, verdicts)
        return verdicts

    def expose(self, campaigns: Ints, persons: Hashes, times: Ints, counts: Ints) -> None:
        """Note impressions, NO_HASH for those without a person, of campaigns that ask who saw something."""
        self.take_back()
        for campaign, at in self._looking_up(campaigns):
            self._change(campaign).expose(persons[at], times[at], counts[at])

    def see(self, campaigns: Ints, persons: Hashes) -> None:
        """Note persons whose impressions are counted: what is restored of them elsewhere."""
        for campaign, at in self._looking_up(campaigns):
            self._memory(campaign).see(persons[at])
            self._weigh_one(campaign)

    def blind(self, campaign: int) -> None:
        """Look up nobody of a campaign, whose impressions were not all told, until it is forgotten."""
        self._memory(campaign).blind()
        self._weigh_one(campaign)

    def cut(self) -> Remembered:
        """Return what changed since the last cut, by the numbers of campaigns; hold to the most before."""
        self._weigh()
        self._changed |= shrink(self._memories, self._weights, self.most)
        self._weigh()
        changed, self._changed = sorted(self._changed), set()
        return joined([(number, *self._memories[number].cut()) for number in changed])

    def restore(self, remembered: Remembered) -> None:
        """Take back what was cut, in the order in which it was, by the numbers of campaigns.

        Once it is asked for: each part takes as long as all of them merged, for each campaign.
        """
        self._stored.append(remembered)

    def take_back(self) -> None:
        """Take back all that was restored, which otherwise waits until it is asked for."""
        if not self._stored:
            return
        stored, self._stored = self._stored, []
        for number, facts, entries in by_campaign(merge(stored)):
            self._memory(number).restore(facts, entries)
            self._weigh_one(number)

    def forget(self, campaign: int) -> None:
        """Forget a campaign that is over."""
        self.take_back()
        self._weigh()
        self._changed.discard(campaign)
        for by_number in (self._memories, self._weights, self._octets):
            by_number.pop(campaign, None)

    def holds(self, campaign: int) -> bool:
        """Return whether anything of a campaign is remembered."""
        self.take_back()
        return campaign in self._memories

    def take_evicted(self) -> Counter[str]:
        """Count the entries forgotten for want of room since this was last asked, by table."""
        self._weigh()
        evicted, self._evicted = self._evicted, Counter[str]()
        return evicted

    def octets(self) -> int:
        """Return the memory that it takes."""
        self._weigh()
        return sum(self._octets.values())

    def _weigh(self) -> None:
        self.take_back()
        for number in self._changed:
            self._weigh_one(number)

    def _weigh_one(self, number: int) -> None:
        memory = self._memories[number]
        self._weights[number], self._octets[number] = memory.weight, memory.octets
        self._evicted += memory.take_evicted()

    def _looking_up(self, campaigns: Ints) -> Iterator[tuple[int, Ints]]:
        """Yield the lines of each campaign that asks who saw something."""
        at = _by_campaign(campaigns, np.arange(len(campaigns)))
        for part in runs(campaigns[at]):
            campaign = int(campaigns[at[part.start]])
            if self._settings(campaign).looks("no_exposure"):
                yield campaign, at[part]

    def _change(self, campaign: int) -> Memory:
        self._changed.add(campaign)
        return self._memory(campaign)

    def _memory(self, campaign: int) -> Memory:
        if campaign not in self._memories:
            self._memories[campaign] = Memory(campaign, self._caps)
        return self._memories[campaign]


def _judge_by(by: Authenticity, measured: Measured, parts: Sequence[slice], at: Ints, into: Verdicts) -> None:
    """Judge the parts of what was measured whose campaigns are set alike; `at` is where each line came."""
    chosen = np.concatenate([np.arange(part.start, part.stop) for part in parts])
    lines, found = at[chosen], measured.at(chosen)
    reasons, noted = first_reason(found, by, "on"), first_reason(found, by, "report")
    into.reasons[lines] = reasons
    into.noted[lines] = np.where(reasons == NO_REASON, noted, NO_REASON)


def first_reason(measured: Measured, by: Authenticity, use: Use) -> Smalls:
    """Return the number of the first of the rules so used that hits each line."""
    first: Smalls = np.full(len(measured.close), NO_REASON, np.int8)
    for rule in RULES:
        setting = by.of(rule.reason)
        if setting.use == use:
            hits: Mask = rule.hits(measured, setting)
            first[(first == NO_REASON) & hits] = NUMBER[rule.reason]
    return first


def _by_campaign(campaigns: Ints, at: Ints) -> Ints:
    """Return some lines by campaign, those of each in their order."""
    ordered: Ints = at[np.argsort(campaigns[at], kind="stable")]
    return ordered
