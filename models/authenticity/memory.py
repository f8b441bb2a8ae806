"""All that rules remember of one campaign, and what they measure of its interactions."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from models.authenticity.columns import NO_AGENT, NO_HASH, Hashes, Interactions, Mask, Measured
from models.authenticity.company import new_crowds, new_visits, partners
from models.authenticity.copies import new_copies, writers
from models.authenticity.early import Told, new_tables, regulars
from models.authenticity.exposure import expose, find_unexposed, no_bits
from models.authenticity.limits import Caps
from models.authenticity.pace import IRREGULAR, new_paces, pace
from models.authenticity.settings import Authenticity
from models.authenticity.table import STEP, Entries, Table
from models.core.columns import Ints, runs
from models.kinds import ENGAGEMENTS, INTERACTIONS, names

TABLES = ("paces", "copies", "visits", "crowds", "begun", "known", "followers")
"""The tables in the order in which they are stored."""
_KINDS = names(ENGAGEMENTS)
_INTERACTS: Mask = np.array([kind in INTERACTIONS for kind in ENGAGEMENTS])
_REPLY, _COMMENT = _KINDS.index("reply"), _KINDS.index("comment")


class Facts(NamedTuple):
    """What is remembered of a campaign beside its tables, and what these follow from.

    `latest` is the time of its latest interaction, `floors` are by table. `impressions` and `identified`
    count those told of, `heard` is the time of the latest whose person is known: 0 of none.
    """

    latest: int = 0
    floors: tuple[int, ...] = (0,) * len(TABLES)
    impressions: int = 0
    identified: int = 0
    heard: int = 0


class Memory:
    """What is remembered of one campaign."""

    def __init__(self, number: int, caps: Caps) -> None:
        self._number = number
        self._paces, self._copies = new_paces(caps.persons), new_copies(caps.texts)
        self._visits, self._crowds = new_visits(caps.persons), new_crowds(caps.crowds)
        self._early = new_tables(caps)
        self._latest = self._impressions = self._identified = self._heard = 0
        self._bits: Hashes | None = None
        self._is_blind = False

    @property
    def tables(self) -> tuple[Table[Any], ...]:
        """The tables in the order of TABLES."""
        return (self._paces, self._copies, self._visits, self._crowds, *self._early)

    @property
    def octets(self) -> int:
        """The memory that it takes."""
        return sum(table.octets for table in self.tables) + (0 if self._bits is None else self._bits.nbytes)

    @property
    def weight(self) -> int:
        """The memory that the entries of its tables need."""
        return sum(table.weight for table in self.tables)

    def shrink(self) -> None:
        """Forget the oldest entries of the table that needs the most memory."""
        max(self.tables, key=lambda table: table.weight).shrink()

    def take_evicted(self) -> Counter[str]:
        """Count the entries forgotten for want of room since this was last asked, by table."""
        evicted: Counter[str] = Counter()
        for name, table in zip(TABLES, self.tables, strict=True):
            if table.evicted:
                evicted[name], table.evicted = table.evicted, 0
        return evicted

    def expose(self, persons: Hashes, times: Ints, counts: Ints) -> None:
        """Note impressions: who saw them, when, and how many each stands for."""
        known = np.flatnonzero(persons != NO_HASH)
        # A total that falls may take away what was counted before anything was told.
        self._impressions += int(counts.clip(min=0).sum())
        self._identified += len(known)
        self._heard = max(self._heard, int(times[known].max(initial=0)))
        self.see(persons[known])

    def see(self, persons: Hashes) -> None:
        """Note persons who saw something, without counting impressions."""
        if self._is_blind:
            return
        if self._bits is None:
            self._bits = no_bits()
        expose(self._bits, persons)

    def blind(self) -> None:
        """Look nobody up any more: of some impressions nothing was told."""
        self._bits, self._is_blind = None, True

    def measure(self, lines: Interactions, by: Authenticity, into: Measured) -> None:
        """Measure interactions, each standing for itself, in their order, and remember them."""
        for part in self._parts(lines.times):
            some = lines.at(part)
            self._expire(int(some.times[0]))
            self._measure_part(some, by, into.at(part))
            self._latest = max(self._latest, int(some.times.max()))

    def _parts(self, times: Ints) -> Sequence[slice]:
        """Part times into stretches in which nothing expires."""
        if int(times.max()) // STEP <= self._latest // STEP:
            return [slice(None)]
        return runs(np.maximum(np.maximum.accumulate(times), self._latest) // STEP)

    def _expire(self, time: int) -> None:
        """Forget what is too old once an interaction of a time comes."""
        if time // STEP > self._latest // STEP:
            for table in self.tables:
                table.expire(time)

    def _measure_part(self, lines: Interactions, by: Authenticity, into: Measured) -> None:
        """Measure lines in which nothing expires."""
        if lines.live.any():
            # What is done in a live chat is neither measured nor remembered.
            alive = np.flatnonzero(~lines.live)
            found = into.at(alive)
            self._measure_all(lines.at(alive), by, found)
            columns: Iterable[Any] = zip(into, found, strict=True)
            for column, measured in columns:
                column[alive] = measured
        else:
            self._measure_all(lines, by, into)

    def _measure_all(self, lines: Interactions, by: Authenticity, into: Measured) -> None:
        known = np.flatnonzero(lines.persons != NO_HASH)
        if by.looks("burst", "clockwork"):
            at = known[lines.kinds[known] != _REPLY]
            paced = pace(self._paces, lines.persons[at], lines.times[at])
            into.close[at], into.hourly[at], into.variations[at] = paced
        if by.looks("copied_text"):
            at = np.flatnonzero((lines.texts != NO_HASH) & (lines.words >= by.copied_text.words))
            if len(at):
                into.writers[at] = writers(self._copies, lines.texts[at], lines.persons[at], lines.times[at])
        if by.looks("lockstep"):
            came = lines.persons[known], lines.contents[known], lines.times[known]
            into.partners[known] = partners(self._visits, self._crowds, *came, by.lockstep.contents)
        if by.looks("no_exposure"):
            self._find_unexposed(known, lines, into, by.no_exposure.identified)
        if by.looks("pod"):
            comments = lines.kinds == _COMMENT
            told = Told(lines.persons, lines.contents, lines.influencers, lines.times, comments)
            into.regulars[:] = regulars(self._early, told, by.pod.contents, by.pod.share)

    def _find_unexposed(self, known: Ints, lines: Interactions, into: Measured, identified: float) -> None:
        if self._bits is None or self._identified < identified * self._impressions:
            return
        # Topics are read apart: the impression before a later interaction may yet come.
        at = known[lines.times[known] <= self._heard]
        found = np.zeros(len(at), np.int64)
        find_unexposed(self._bits, lines.persons[at], found)
        into.unexposed[at] = found

    def cut(self) -> tuple[Facts, tuple[Entries, ...]]:
        """Return what changed since the last cut: the facts, and of each table its entries."""
        tables = self.tables
        facts = Facts(
            self._latest,
            tuple(table.floor for table in tables),
            self._impressions,
            self._identified,
            self._heard,
        )
        return facts, tuple(table.cut(self._number) for table in tables)

    def restore(self, facts: Facts, entries: tuple[Entries, ...]) -> None:
        """Take back what was cut, in the order in which it was."""
        self._latest, floors, self._impressions, self._identified, self._heard = facts
        for table, lines, floor in zip(self.tables, entries, floors, strict=True):
            table.restore(lines, floor)


def can_be_judged(lines: Interactions) -> Mask:
    """Mark what stands for itself and carries a person, a text or an agent; in a live chat an agent alone."""
    carries = (lines.persons != NO_HASH) | (lines.words >= 0)
    seen = (carries & ~lines.live) | (lines.agents != NO_AGENT)
    judged: Mask = seen & (lines.counts == 1) & _INTERACTS[lines.kinds]
    return judged


def nothing_measured(lines: Interactions) -> Measured:
    """Return what is measured of lines at which nothing was looked yet."""
    many = len(lines.times)
    close, hourly, found, partnered, unexposed, regular = (np.zeros(many, np.int64) for _ in range(6))
    variations = np.full(many, IRREGULAR)
    words = np.where(lines.live, -1, lines.words)
    return Measured(lines.agents, words, close, hourly, variations, found, partnered, unexposed, regular)
