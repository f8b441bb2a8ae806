"""What admitted events change: duplicates and invalid traffic left out, the rest counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress

import numpy as np

from models.admission.admit import Admission
from models.admission.invalid_traffic import invalid_reasons
from models.admission.rules import LATE_AFTER, is_adjustment
from models.core.columns import (
    TICK,
    Acts,
    Ids,
    Increments,
    Sightings,
    no_acts,
    no_counts,
    no_sightings,
    numbers,
)
from models.core.hashing import Domain, Hashes, hash_texts
from models.events.batch import Events
from models.events.leaf_index import LeafIndex
from models.state.effects import acts_of, id_domains, increments_of, usable_persons, with_identified
from models.state.memory import Memory
from models.state.orders import Order, OrderKey, key_of, order_of_adjustment, order_of_sale
from models.tally import Tally, merge
from models.times import SECOND


@dataclass(frozen=True, slots=True)
class Changes:
    """What a batch changed: ids that counted, counts and people by row, acts, reports of orders, outcomes."""

    ids: Ids
    outcomes: Tally
    counts: Increments = field(default_factory=no_counts)
    sightings: Sightings = field(default_factory=no_sightings)
    acts: Acts = field(default_factory=no_acts)
    orders: list[tuple[OrderKey, Order]] = field(default_factory=list)


class Counting:
    """The last step of an event's way: into the memory of its shard."""

    def __init__(self, memory: Memory, leaves: LeafIndex, *, assume_consent: bool) -> None:
        self._memory = memory
        self._leaves = leaves
        self._assume_consent = assume_consent

    def count(self, admission: Admission) -> Changes:
        """Count the admitted events of a batch, and what became of all its records."""
        admitted = admission.admitted
        ids = self._ids(admitted)
        fresh = self._memory.duplicates.take(ids)
        events = admitted.where(fresh)
        reasons = invalid_reasons(events.type, events.payloads)
        invalid = np.array(list(map(bool, reasons)), np.bool_)
        valid = events.where(~invalid)
        outcomes = _outcomes(admission, events, reasons) | {"late": _late(valid)}
        ids = ids.where(fresh)
        if not valid.payloads:
            return Changes(ids, outcomes)
        if valid.type == "conversion":
            return self._count_orders(valid, ids, outcomes)
        return self._count_events(valid, ids, outcomes)

    def _count_events(self, events: Events, ids: Ids, outcomes: Tally) -> Changes:
        memory, sightings, acts = self._memory, no_sightings(), no_acts()
        rows = self._leaves.rows(events.leaves, memory.leaves.row_for)
        memory.counts.see(rows, events.times)
        counts = increments_of(events.type, events.payloads, rows, events.times)
        identified = usable_persons(events.payloads, self._assume_consent)
        if identified.any():
            known, rows = events.where(identified), rows[identified]
            persons = self._persons(known)
            campaigns = memory.leaves.campaign_of_row[rows]
            acts = memory.repeats.see(acts_of(events.type, known.payloads, campaigns, persons))
            if events.type == "impression":
                targets = memory.targets.matching(known.payloads, self._leaves.targets(known.leaves))
                sightings = Sightings(rows, persons, known.times // TICK, targets)
                counts = with_identified(counts, sightings)
                memory.reach.see(sightings)
        memory.counts.add(counts)
        return Changes(ids, outcomes, counts, sightings, acts)

    def _count_orders(self, events: Events, ids: Ids, outcomes: Tally) -> Changes:
        memory, orders, sold = self._memory, [], []
        leaves = self._leaves.named(events.leaves)
        for event, time, leaf in zip(events.payloads, events.times.tolist(), leaves, strict=True):
            order = (
                order_of_adjustment(event)
                if is_adjustment(event)
                # One after the other: each may take or give back room under the cap on leaves.
                else order_of_sale(event, time, memory.leaves.place(leaf))
            )
            key = key_of(event)
            sold.append(memory.orders.report(key, order))
            orders.append((key, order))
        if memory.leaves.take_made_room():
            self._leaves.forget_rows()
        acts = self._buyers(events.where(np.array(sold, np.bool_)))
        return Changes(ids, outcomes, acts=acts, orders=orders)

    def _buyers(self, sales: Events) -> Acts:
        """Count the sales of known people: of several reports of an order only the first to come."""
        known = sales.where(usable_persons(sales.payloads, self._assume_consent))
        if not known.payloads:
            return no_acts()
        campaigns = numbers(
            [self._memory.leaves.campaign_number(event.campaign_id) for event in known.payloads]
        )
        return self._memory.repeats.see(acts_of(known.type, known.payloads, campaigns, self._persons(known)))

    def _persons(self, known: Events) -> Hashes:
        keys = self._leaves.keys(known.leaves, Domain.PERSON)
        return hash_texts([event.person_id for event in known.payloads], keys)

    def _ids(self, events: Events) -> Ids:
        keys = self._leaves.keys(events.leaves, id_domains(events.type, events.payloads))
        hashes = hash_texts([event.event_id for event in events.payloads], keys)
        return Ids(hashes, events.arrivals // SECOND)


def _outcomes(admission: Admission, fresh: Events, reasons: Sequence[str | None]) -> Tally:
    """Count what became of a batch's records; `reasons` say which fresh events are invalid traffic."""
    invalid = [
        (f"invalid:{event.campaign_id}|{event.type}|{reason}", event.count)
        for event, reason in compress(zip(fresh.payloads, reasons, strict=True), reasons)
    ]
    refused = Counter(f"refused:{one.refusal.reason}" for one in admission.refused)
    tally: Tally = {
        "outcome:counted": len(fresh.payloads) - len(invalid),
        "outcome:duplicate": len(admission.admitted.payloads) - len(fresh.payloads),
        "outcome:invalid_traffic": len(invalid),
        "outcome:refused": refused.total(),
        "forwarded": sum(map(len, admission.misrouted.values())),
        **refused,
        **_ignored(admission, fresh),
    }
    return merge([tally, *({name: count} for name, count in invalid)])


def _ignored(admission: Admission, fresh: Events) -> Tally:
    """Count the fields of fresh events that were given and taken as absent."""
    if not admission.ignored:
        return {}
    return Counter(
        f"ignored:{name}" for index in fresh.indices.tolist() for name in admission.ignored.get(index, ())
    )


def _late(events: Events) -> int:
    """Count events, adjustments aside, that arrived more than a day after they happened."""
    return sum(
        not is_adjustment(events.payloads[index])
        for index in np.flatnonzero(events.arrivals - events.times > LATE_AFTER).tolist()
    )
