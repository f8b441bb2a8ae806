"""The fold of source records into state: what a shard counts, and what of it is to be stored.

A shard has the campaigns of one partition number. Records come in batches of one partition; what they
change is cut into deltas (models.state.delta), each of which says from which source offsets to which it
reaches.
Replaying the deltas gives the state again, and tells from where to read on: so a record is in the state
once, whenever the worker stopped.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from models.admission.admit import Batch, Judge, Judged, read
from models.admission.invalid_traffic import invalid_reasons
from models.admission.outcomes import outcomes_of
from models.admission.rules import is_adjustment
from models.campaigns.registry import Registry
from models.core.columns import Ids, Ints, numbers
from models.core.hashing import hash_in_campaigns
from models.events.decoding import Read
from models.events.parsing import Refusal
from models.events.places import ByPlace, Column
from models.reach.audience import Audience
from models.scopes import Leaf, ScopeKey
from models.state.closing import Closing, Lifetimes
from models.state.counts import Counts
from models.state.delta import Delta, Ledger, Place, Positions, merge_ledgers, require_follows
from models.state.duplicates import DuplicateMemory
from models.state.effects import increments_of, sightings_of, usable_persons, with_identified
from models.state.leaves import Leaves
from models.state.order_store import OrderStore
from models.state.orders import order_of_adjustment, order_of_sale
from models.state.pending import Pending
from models.statistics.intervals import Estimate
from models.tally import Tally, by_suffix, merge
from models.times import SECOND
from models.topics import INPUT_TOPICS
from models.windows import WindowName


class Refused(NamedTuple):
    """The place in its batch of a record that does not count, and why."""

    place: int
    refusal: Refusal


class Applied(NamedTuple):
    """What of a batch is for others: refused records, and those of other shards by the shard."""

    refused: list[Refused]
    misrouted: dict[int, list[int]]


Owner = Callable[[str], int]
"""Tells which shard a campaign is of."""


class ShardState:
    """State of one shard: apply batches, cut what is to be stored, replay it, read it.

    Batches of the shard's own partitions may hold events of campaigns that `owner` gives to other shards:
    they are told apart. Without an owner every campaign is the shard's.
    """

    def __init__(
        self,
        registry: Registry,
        *,
        assume_consent: bool,
        duplicate_ids: int,
        max_leaves: int,
        shard: int = 0,
        owner: Owner | None = None,
    ) -> None:
        self.registry = registry
        self.duplicates = DuplicateMemory(duplicate_ids)
        self.positions: Positions = {}
        self.forwarded: Positions = {}
        self._shard = shard
        self._owner_of = owner and ByPlace(lambda leaf: owner(leaf.campaign))
        self._assume_consent = assume_consent
        self._judge = Judge(registry)
        self._leaves = Leaves(max_leaves)
        self._counts = Counts()
        self._audience = Audience(registry)
        self._orders = OrderStore(registry.currency_rates)
        self._ledger: Ledger = {}
        self._pending = Pending()
        self._lifetimes = Lifetimes()

    def use(self, registry: Registry) -> None:
        """Take a changed registry: rates restate orders, a changed target begins anew."""
        self.registry = registry
        self._judge = Judge(registry)
        self._orders.use(registry.currency_rates)
        self._audience.use(registry)

    def apply(self, batch: Batch) -> Applied:
        """Apply the records of a batch that were not applied before."""
        source = batch.topic, batch.partition
        before = batch.index_of(self.positions.get(source, 0))
        new = batch.since(before)
        # From where it was thought to go on: what the broker no longer had in between is no hole of ours.
        if not self.advance(source, new.offsets[0] if len(new.values) else new.next_offset, new.next_offset):
            return Applied([], {})
        events, misrouted = self._part(batch, read(new))
        judged, refusals = self._judge.judge(new, events)
        self._count_batch(new.topic, judged, refusals, sum(map(len, misrouted.values())))
        return Applied(
            [Refused(before + place, refusal) for place, refusal in refusals],
            {shard: [before + place for place in places] for shard, places in misrouted.items()},
        )

    def advance(self, source: Place, first: int, end: int) -> bool:
        """Move on to where a source's next record is read; tell whether anything is applied by it."""
        position = self.positions.get(source)
        if position is not None and end <= position:
            return False
        self._pending.begin(source, first if position is None else position)
        self.positions[source] = end
        return True

    def skip(self, source: Place, end: int) -> None:
        """Move on past records that are no more, and count them as lost."""
        lost = {source[0]: {"lost": end - self.positions[source]}}
        self.advance(source, end, end)
        self._ledger = merge_ledgers([self._ledger, lost])
        self._pending.add_outcomes(*next(iter(lost.items())))

    def forward(self, place: Place, offset: int) -> None:
        """Note up to which source offset the records of a topic are sent on to a shard."""
        self._pending.forward(place, offset)
        self.forwarded[place] = offset

    def expire(self, now: int) -> None:
        """Let go what has left its window by `now` (microseconds); see which campaigns are over."""
        self.duplicates.expire(now)
        self._counts.expire(now)
        self._orders.expire(now)
        self._audience.expire(now)
        self._lifetimes.look(self.registry, now, lambda one: one in self._orders or one in self._audience)

    def cut(self) -> Delta | None:
        """Give what changed since the last cut; nothing is pending afterwards, and what is over is closed."""
        closing = self._lifetimes.take(self.registry.currency_rates)
        pending, self._pending = self._pending, Pending(closing)
        self._close(closing)
        if not pending:
            return None
        return pending.cut(self.positions, self._leaves.names, self._audience.names)

    def replay(self, delta: Delta) -> None:
        """Take a stored delta back, in the order in which they were cut.

        Raises:
            ValueError: the delta does not begin where the one before it ended.

        """
        require_follows(self.positions, delta)
        self._close(delta.closing)
        rows = numbers([self._restore_leaf(leaf) for leaf in delta.leaves])
        self._counts.add(delta.counts._replace(rows=rows[delta.counts.rows]))
        targets = numbers([*(self._audience.number(name) for name in delta.targets), -1])
        seen = delta.sightings
        self._audience.see_again(seen._replace(rows=rows[seen.rows], targets=targets[seen.targets]))
        self.duplicates.restore(delta.ids)
        for key, order in delta.orders.items():
            self._orders.report(key, order)
        self._orders.add_frozen(delta.frozen)
        self._ledger = merge_ledgers([self._ledger, delta.ledger])
        self.positions.update(delta.end)
        self.forwarded.update(delta.forwarded)

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

    def reach(self, scope: ScopeKey, window: WindowName) -> Estimate:
        """Count the distinct people of a scope in a window."""
        return self._audience.reach(scope, window)

    def target_reach(self, scope: ScopeKey, window: WindowName) -> Estimate:
        """Count those of them that an impression said to be of the campaign's target; 0 without a target."""
        return self._audience.target_reach(scope, window)

    def outcomes(self, topic: str) -> Tally:
        """Count what became of a source topic's records, by the names that models.tally lists."""
        return self._ledger.get(topic, {})

    def invalid_traffic(self) -> Mapping[tuple[str, str, str], int]:
        """Count invalid traffic by campaign, type of event and reason."""
        counts = by_suffix(merge(self._ledger.values()), "invalid")
        parts = {name: name.split("|") for name in counts}
        return {(campaign, kind, why): counts[name] for name, (campaign, kind, why) in parts.items()}

    def _close(self, closing: Closing) -> None:
        self._orders.close(closing)
        self._audience.close(closing.campaigns)

    def _part(self, batch: Batch, events: Read) -> tuple[Read, dict[int, list[int]]]:
        """Tell the shard's own events from those of other shards, which come by the shard."""
        if self._owner_of is None or batch.partition != self._shard:
            return events, {}
        owners = self._owner_of(events.places)
        strange = owners != self._shard
        if not strange.any():
            return events, {}
        places = {
            int(shard): events.indices[owners == shard].tolist() for shard in np.unique(owners[strange])
        }
        return events.where(~strange), places

    def _count_batch(
        self, topic: str, judged: Judged, refusals: Iterable[tuple[int, Refusal]], misrouted: int
    ) -> None:
        pending = self._pending
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
        self._count(topic, valid)
        outcomes = outcomes_of(judged, fresh, reasons, refusals)
        outcomes |= {"late": valid.late(), "forwarded": misrouted}
        self._ledger = merge_ledgers([self._ledger, {topic: outcomes}])
        pending.add_outcomes(topic, outcomes)

    def _count(self, topic: str, valid: Judged) -> None:
        pending = self._pending
        event_type = INPUT_TOPICS[topic]
        if event_type == "conversion":
            self._report_orders(valid)
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

    def _report_orders(self, valid: Judged) -> None:
        pending = self._pending
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
