"""What admitted events change: duplicates and invalid traffic left out, the rest counted."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import TypeVar

import numpy as np

from models.admission.admit import Admission
from models.admission.invalid_traffic import BOT
from models.admission.rules import LATE_AFTER
from models.core.columns import (
    TICK,
    Acts,
    Ids,
    Increments,
    Ints,
    Sightings,
    no_acts,
    no_counts,
    no_sightings,
    numbers,
    stack,
)
from models.core.hashing import Domain, Hashes, hash_names
from models.events.batch import Events, Mask, Reports, Smalls
from models.events.decoder import Decoder
from models.events.leaf_index import LeafIndex
from models.state.acts import acts_of, rated_acts
from models.state.effects import (
    EFFECTS,
    Counted,
    Judged,
    Rated,
    count_late,
    count_ratings,
    count_verdicts,
    mark_bots,
    mark_known,
)
from models.state.following import Grown, follow
from models.state.gathering import Gathering, Sums
from models.state.judging import Judging
from models.state.memory import Memory
from models.state.mentions import Mentions, lines, without_rating
from models.state.running_totals import Taken, Totals
from models.state.selling import Known, sell
from models.tally import Tally, merge
from models.times import SECOND

_DOMAINS = numbers([Domain.EVENT, Domain.CANCELLATION, Domain.REFUND])
"""What an id is one of, by the number of its status: an adjustment may bear the id of its sale."""

_REASON = attrgetter("refusal.reason")
Told = TypeVar("Told", Counted, Judged)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a batch changed but for counts: ids counted, people by row, acts, orders, totals, outcomes.

    And what of it is still to be rated.
    """

    ids: Ids
    outcomes: Tally
    sightings: Sightings = field(default_factory=no_sightings)
    acts: Acts = field(default_factory=no_acts)
    orders: Known = field(default_factory=list)
    totals: Totals = field(default_factory=dict)
    taken: Taken = field(default_factory=dict)
    mentions: Mentions | None = None


class Counting:
    """The last step of an event's way: into the memory of its shard.

    Counts are gathered; `settled` takes them over, from time to time and whenever `settle` is called.
    """

    def __init__(
        self,
        memory: Memory,
        leaves: LeafIndex,
        decoder: Decoder,
        settled: Callable[[Increments], None],
        *,
        assume_consent: bool,
    ) -> None:
        self._memory = memory
        self._leaves = leaves
        self._decoder = decoder
        self._settled = settled
        self._gathering, self._ratings = Gathering(), Gathering()
        self._judging = Judging(memory, leaves, decoder)
        self._assume_consent = assume_consent

    def settle(self) -> None:
        """Judge what waits for it, and hand on what is gathered: before counts are read, or cut."""
        self._count_verdicts()
        self._hand_on()

    def _hand_on(self) -> None:
        if self._gathering:
            self._settled(self._gathering.take())

    def count(self, admission: Admission) -> Changes:
        """Count the admitted events of a batch, and what became of all its records."""
        admitted = np.flatnonzero(admission.counts)
        ids = self._ids(admission.events, admitted)
        fresh = self._memory.duplicates.take(ids)
        events = admission.events.at(admitted[fresh])
        invalid = np.empty(len(events.times), np.bool_)
        bots = mark_bots(events.agents, self._decoder.is_bot, invalid)
        valid = events.where(~invalid) if bots else events
        grown = follow(valid, self._leaves, self._memory.totals) if valid.totals else None
        valid = grown.events if grown else valid
        late = int(count_late(valid.times, valid.arrivals, valid.statuses, LATE_AFTER))
        duplicates = len(admitted) - len(events.times)
        outcomes = self._outcomes(admission, events, invalid, duplicates) | {"late": late}
        ids = ids.where(fresh)
        if grown:
            outcomes = merge([outcomes, _idle(grown)])
        if not len(valid.times):
            return Changes(ids, outcomes)
        if valid.reports:
            return self._count_orders(valid, valid.reports, ids, outcomes)
        changes = self._count_events(valid, ids, outcomes)
        return replace(changes, totals=grown.totals, taken=grown.taken) if grown else changes

    def _count_events(self, events: Events, ids: Ids, outcomes: Tally) -> Changes:
        memory, sightings, acts = self._memory, no_sightings(), no_acts()
        rows = self._leaves.rows(events.leaves, memory.leaves.row_for)
        memory.counts.see(rows, events.times)
        is_known = self._known(events)
        counted = Counted(rows, events.times, events.counts, is_known, events.kinds, events.ratings)
        self._gather(EFFECTS[events.type], counted)
        mentions = self._mentions(events, rows, is_known)
        known = np.flatnonzero(is_known)
        persons = self._persons(events, known)
        self._judge(events, rows, known, persons)
        if len(known):
            rows = rows[known]
            acts = self._acts(events, known, memory.leaves.campaign_of_row[rows].astype(np.int64), persons)
            if events.type == "impression":
                targets = memory.targets.matching(
                    events.audiences[known],
                    self._leaves.targets(events.leaves[known]),
                    self._decoder.audiences,
                )
                sightings = Sightings(rows, persons, events.times[known] // TICK, targets)
                memory.reach.see(sightings)
        return Changes(ids, outcomes, sightings, acts, mentions=mentions)

    def _mentions(self, events: Events, rows: Ints, known: Mask) -> Mentions | None:
        if events.written is None:
            return None
        at = without_rating(events, events.written)
        if not len(at):
            return None
        rows, known, written = rows[at], known[at], events.written.at(at)
        persons = np.zeros(len(at), np.uint64)
        persons[known] = self._persons(events, at[known])
        return Mentions(
            rows,
            events.times[at],
            events.counts[at],
            self._memory.leaves.campaign_of_row[rows].astype(np.int64),
            known,
            persons,
            lines(events.buffer, written.starts, written.lengths),
            lines(events.buffer, written.language_starts, written.language_lengths),
            int(events.arrivals.max()),
        )

    def rate(self, mentions: Mentions, ratings: Smalls) -> tuple[Increments, Acts]:
        """Count what mentions were rated as, by numbers of polarities; below 0 are those without a rating.

        What counts so is returned, in lines of which several may be of one row, tick and column.
        """
        at = np.flatnonzero(ratings >= 0)
        rated = Rated(mentions.rows[at], mentions.times[at], mentions.counts[at], ratings[at])
        done, parts = 0, [no_counts()]
        while done < len(at):
            done = count_ratings(self._ratings.sums, done, rated)
            parts.append(self._ratings.take())
        at = at[mentions.known[at]]
        campaigns, repeats = mentions.campaigns[at], self._memory.repeats
        acts = rated_acts(repeats.thresholds(campaigns), campaigns, mentions.persons[at])
        counts: Increments = stack(parts)
        return counts, repeats.see(acts)

    def _judge(self, events: Events, rows: Ints, known: Ints, persons: Hashes) -> None:
        if events.type != "impression":
            if self._judging.add(events, rows, known, persons):
                self._count_verdicts()
        elif self._memory.looks_up:
            self._count_verdicts()
            self._judging.expose(events, rows, known, persons)

    def _count_verdicts(self) -> None:
        self._gather(count_verdicts, self._judging.take())

    def _gather(self, count: Callable[[Sums, int, Told], int], told: Told) -> None:
        done = 0
        while done < len(told.rows):
            done = count(self._gathering.sums, done, told)
            if done < len(told.rows):
                self._hand_on()

    def _count_orders(self, events: Events, reports: Reports, ids: Ids, outcomes: Tally) -> Changes:
        sold, orders = sell(events, reports, self._leaves, self._memory)
        acts = self._buyers(events, np.flatnonzero(self._known(events) & sold))
        return Changes(ids, outcomes, acts=acts, orders=orders)

    def _buyers(self, events: Events, sales: Ints) -> Acts:
        """Count the sales of known people: of several reports of an order only the first to come."""
        if not len(sales):
            return no_acts()
        campaigns = self._leaves.campaigns(events.leaves[sales], self._memory.leaves.campaign_number)
        return self._acts(events, sales, campaigns, self._persons(events, sales))

    def _acts(self, events: Events, at: Ints, campaigns: Ints, persons: Hashes) -> Acts:
        """Count the acts of known people: the events at some indices, their campaigns and persons."""
        repeats = self._memory.repeats
        thresholds = repeats.thresholds(campaigns)
        kinds, ratings = events.kinds[at], events.ratings[at]
        return repeats.see(acts_of(events.type, thresholds, campaigns, persons, kinds, ratings))

    def _known(self, events: Events) -> Mask:
        known = np.empty(len(events.times), np.bool_)
        mark_known(events.person_lengths, events.consents, events.counts, self._assume_consent, known)
        return known

    def _persons(self, events: Events, at: Ints) -> Hashes:
        """Hash the persons of the events at some indices."""
        hashes = np.empty(len(at), np.uint64)
        if not len(at):
            return hashes
        keys = self._leaves.keys(events.leaves[at], Domain.PERSON)
        hash_names(events.buffer, events.person_starts[at], events.person_lengths[at], keys, hashes)
        return hashes

    def _ids(self, events: Events, at: Ints) -> Ids:
        """Hash the ids of the events at some indices."""
        hashes = np.empty(len(at), np.uint64)
        keys = self._leaves.keys(events.leaves[at], _DOMAINS[events.statuses[at]])
        hash_names(events.buffer, events.id_starts[at], events.id_lengths[at], keys, hashes)
        return Ids(hashes, events.arrivals[at] // SECOND)

    def _outcomes(self, admission: Admission, fresh: Events, invalid: Mask, duplicates: int) -> Tally:
        """Count what became of a batch's records; `invalid` marks the fresh events of bots."""
        bots = np.flatnonzero(invalid)
        campaigns = [leaf.campaign for leaf in self._leaves.named(fresh.leaves[bots])]
        reasons = Counter(map(_REASON, admission.refused))
        refused = {f"refused:{reason}": number for reason, number in reasons.items()}
        tally: Tally = {
            "outcome:counted": len(fresh.times) - len(bots),
            "outcome:duplicate": duplicates,
            "outcome:invalid_traffic": len(bots),
            "outcome:refused": len(admission.refused),
            "forwarded": sum(map(len, admission.misrouted.values())),
            **refused,
            **_ignored(admission, fresh),
        }
        counts = fresh.counts[bots].tolist()
        return merge(
            [
                tally,
                *(
                    {f"invalid:{campaign}|{fresh.type}|{BOT}": count}
                    for campaign, count in zip(campaigns, counts, strict=True)
                ),
            ]
        )


def _idle(grown: Grown) -> Tally:
    """Say of totals that changed nothing what they are, in place of `counted`."""
    idle = grown.stale + grown.beyond
    return {"outcome:counted": -idle, "outcome:stale": idle, "ignored:total": grown.beyond}


def _ignored(admission: Admission, fresh: Events) -> Tally:
    """Count the fields of fresh events that were given and taken as absent."""
    if not admission.ignored:
        return {}
    return Counter(
        f"ignored:{name}" for index in fresh.indices.tolist() for name in admission.ignored.get(index, ())
    )
