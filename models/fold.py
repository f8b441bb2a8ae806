"""The fold of source records into state: what the worker counts, and what of it is to be stored.

One fold serves all source partitions that a worker holds. Records come in batches of one partition; what
they change is gathered by partition and cut into deltas (models.delta), each of which says from which
source offsets to which it reaches. Replaying the deltas gives the state again, and tells from where to
read on: so a record is in the state once, whenever the worker stopped.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np

from models.admission import is_adjustment
from models.audience import Audience
from models.campaigns import Registry
from models.counts import Counts, Ints
from models.delta import Delta, Ids, Ledger, merge_ledgers, numbers, require_follows
from models.duplicates import DuplicateMemory
from models.effects import increments_of, sightings_of, usable_persons, with_identified
from models.estimate import Estimate
from models.identity import hash_in_campaigns
from models.invalid_traffic import invalid_reasons
from models.judging import Batch, Judge, Judged
from models.leaf import Leaf, Scope
from models.leaves import Leaves
from models.order_book import OrderBook
from models.orders import order_of_adjustment, order_of_sale
from models.parsing import Refusal
from models.pending import Pending
from models.places import Column
from models.tally import Tally, by_suffix, merge
from models.times import SECOND
from models.topics import INPUT_TOPICS
from models.windows import WindowName

Outcome = Literal["counted", "duplicate", "refused", "invalid_traffic"]
OUTCOMES: tuple[Outcome, ...] = ("counted", "duplicate", "refused", "invalid_traffic")


class Refused(NamedTuple):
    """The place in its batch of a record that does not count, and why."""

    place: int
    refusal: Refusal


class Fold:
    """State of all partitions held: apply batches, cut what is to be stored, replay it, read it."""

    def __init__(
        self, registry: Registry, *, assume_consent: bool, duplicate_ids: int, max_leaves: int
    ) -> None:
        self.registry = registry
        self.duplicates = DuplicateMemory(duplicate_ids)
        self.positions: dict[int, dict[str, int]] = {}
        self._assume_consent = assume_consent
        self._judge = Judge(registry)
        self._leaves = Leaves(max_leaves)
        self._counts = Counts()
        self._audience = Audience(registry)
        self._orders = OrderBook(registry.currency_rates)
        self._ledger: Ledger = {}
        self._pending: dict[int, Pending] = {}

    def use(self, registry: Registry) -> None:
        """Take a changed registry: rates restate orders, a changed target begins anew."""
        self.registry = registry
        self._judge = Judge(registry)
        self._orders.use(registry.currency_rates)
        self._audience.use(registry)

    def apply(self, batch: Batch) -> list[Refused]:
        """Apply the records of a batch that were not applied before; tell which of them are refused."""
        positions = self.positions.setdefault(batch.partition, {})
        before = batch.index_of(positions.get(batch.topic, 0))
        if before == len(batch.values):
            return []
        new = batch.since(before)
        pending = self._pending.setdefault(new.partition, Pending())
        # From where it was thought to go on: what the broker no longer had in between is no hole of ours.
        pending.begin(new.topic, positions.get(new.topic, new.offsets[0]))
        judged, refusals = self._judge.judge(new)
        self._count_batch(new.topic, judged, refusals, pending)
        positions[new.topic] = new.offsets[-1] + 1
        return [Refused(before + place, refusal) for place, refusal in refusals]

    def expire(self, now: int) -> None:
        """Let go what has left its window by `now` (microseconds)."""
        self.duplicates.expire(now)
        self._counts.expire(now)
        self._orders.expire(now)
        self._audience.expire(now)

    def cut(self) -> dict[int, Delta]:
        """Give what changed since the last cut, by partition; nothing is pending afterwards."""
        pending, self._pending = self._pending, {}
        return {
            partition: changed.cut(self.positions[partition], self._leaves.names, self._audience.names)
            for partition, changed in pending.items()
        }

    def replay(self, partition: int, delta: Delta) -> None:
        """Take a stored delta back; those of a partition in the order in which they were cut.

        Raises:
            ValueError: the delta does not begin where the one before it ended.

        """
        positions = self.positions.setdefault(partition, {})
        require_follows(positions, delta)
        rows = numbers([self._restore_leaf(leaf) for leaf in delta.leaves])
        self._counts.add(delta.counts._replace(rows=rows[delta.counts.rows]))
        targets = numbers([*(self._audience.number(name) for name in delta.targets), -1])
        seen = delta.sightings
        self._audience.see_again(seen._replace(rows=rows[seen.rows], targets=targets[seen.targets]))
        self.duplicates.restore(delta.ids)
        for key, order in delta.orders.items():
            self._orders.report(key, order)
        self._ledger = merge_ledgers([self._ledger, delta.ledger])
        positions.update(delta.end)

    def leaves_of(self, campaign: str) -> Sequence[Leaf]:
        """List the leaves of a campaign that were seen."""
        return self._leaves.of_campaign(campaign)

    def leaf_counts(self) -> Mapping[str, int]:
        """Count the leaves of each campaign."""
        return self._leaves.campaigns()

    def tally(self, leaf: Leaf, window: WindowName) -> Tally:
        """Give the counts of a leaf in a window."""
        row = self._leaves.row(leaf)
        if row is None:
            return {}
        return {**self._counts.tally(row, window), **self._orders.tally(leaf, window)}

    def reach(self, scope: Scope, window: WindowName) -> Estimate:
        """Count the distinct people of a scope in a window."""
        return self._audience.reach(scope, window)

    def target_reach(self, scope: Scope, window: WindowName) -> Estimate:
        """Count those of them that an impression said to be of the campaign's target; 0 without a target."""
        return self._audience.target_reach(scope, window)

    def outcomes(self, topic: str) -> Tally:
        """Count what became of a source topic's records: `outcome:…`, `refused:…`, `invalid:…`, `late`."""
        return self._ledger.get(topic, {})

    def invalid_traffic(self) -> Mapping[tuple[str, str, str], int]:
        """Count invalid traffic by campaign, type of event and reason."""
        counts = by_suffix(merge(self._ledger.values()), "invalid")
        parts = {name: name.split("|") for name in counts}
        return {(campaign, kind, why): counts[name] for name, (campaign, kind, why) in parts.items()}

    def _count_batch(
        self, topic: str, judged: Judged, refusals: Iterable[tuple[int, Refusal]], pending: Pending
    ) -> None:
        ids = Ids(
            hash_in_campaigns(
                [event.campaign_id for event in judged.events], [event.event_id for event in judged.events]
            ),
            judged.arrivals // SECOND,
        )
        counted = self.duplicates.take(ids)
        pending.add_ids(ids.where(counted))
        fresh = judged.where(counted)
        reasons = invalid_reasons(INPUT_TOPICS[topic], fresh.events)
        valid = fresh.where(np.array([reason is None for reason in reasons], dtype=np.bool_))
        self._count(topic, valid, pending)
        outcomes = _outcomes(judged, fresh, reasons, refusals) | {"late": valid.late()}
        self._ledger = merge_ledgers([self._ledger, {topic: outcomes}])
        pending.add_outcomes(topic, outcomes)

    def _count(self, topic: str, valid: Judged, pending: Pending) -> None:
        event_type = INPUT_TOPICS[topic]
        if event_type == "conversion":
            self._report_orders(valid, pending)
            return
        if not valid.events:
            return
        rows = self._rows(valid.places)
        increments = increments_of(event_type, valid.events, rows, valid.times)
        if event_type == "impression":
            identified = usable_persons(valid.events, self._assume_consent)
            targets = self._audience.targets_of(valid.events, valid.places)
            sightings = sightings_of(valid.events, rows, valid.times, identified, targets)
            increments = with_identified(increments, sightings)
            self._audience.see(sightings)
            pending.add_sightings(sightings)
        self._counts.add(increments)
        pending.add_counts(increments)

    def _report_orders(self, valid: Judged, pending: Pending) -> None:
        sales = np.array([not is_adjustment(event) for event in valid.events], dtype=np.bool_)
        rows = iter(self._rows(valid.places.where(sales)).tolist())
        for event, time in zip(valid.events, valid.times.tolist(), strict=True):
            if is_adjustment(event):
                key, report = (event.campaign_id, event.order_id), order_of_adjustment(event)
            else:
                row = next(rows)
                pending.add_leaf(row)
                key = (event.campaign_id, event.order_id or event.event_id)
                report = order_of_sale(event, time, self._leaves.names[row])
            self._orders.report(key, report)
            pending.add_order(key, report)

    def _rows(self, places: Column) -> Ints:
        known = len(self._leaves)
        rows = self._leaves.rows(places)
        for row in range(known, len(self._leaves)):
            self._audience.add_leaf(self._leaves.names[row])
        return rows

    def _restore_leaf(self, leaf: Leaf) -> int:
        known = len(self._leaves)
        row = self._leaves.restore(leaf)
        if row == known:
            self._audience.add_leaf(leaf)
        return row


def _outcomes(
    judged: Judged, fresh: Judged, reasons: Sequence[str | None], refusals: Iterable[tuple[int, Refusal]]
) -> Tally:
    """Count what became of a batch's records."""
    invalid = [
        (f"invalid:{event.campaign_id}|{event.type}|{reason}", event.count)
        for event, reason in zip(fresh.events, reasons, strict=True)
        if reason is not None
    ]
    refused = Counter(f"refused:{refusal.reason}" for _, refusal in refusals)
    tally: Tally = {
        "outcome:counted": len(fresh.events) - len(invalid),
        "outcome:duplicate": len(judged.events) - len(fresh.events),
        "outcome:invalid_traffic": len(invalid),
        "outcome:refused": refused.total(),
        **refused,
    }
    return merge([tally, *({name: count} for name, count in invalid)])
