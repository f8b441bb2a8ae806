"""The state of one shard: records come in, what they change is counted and stored, figures are read.

A shard has the campaigns of one partition number. Records come in batches of one partition; what they
change is cut into deltas (models.state.delta), each of which says from which source offsets to which it
reaches. Replaying the deltas gives the same state again, and the offsets to read on from: so a record is in
the state once, whenever the worker stopped.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from models.admission.admit import admit
from models.admission.invalid_traffic import is_bot, tells_who
from models.campaigns.registry import Registry
from models.core.columns import Increments, Ints, numbers
from models.core.records import Records
from models.events.batch import Batch, Refused, Smalls
from models.events.decoder import Decoder
from models.events.forms import leaf_rules
from models.events.leaf_index import LeafIndex
from models.reach.bands import Estimates
from models.reach.targets import NO_TARGET
from models.scopes import Leaf, ScopeKey
from models.state.closing import Lifetimes
from models.state.counting import Counting
from models.state.cut import Cut
from models.state.delta import Delta, Destination, Offsets, Source, require_follows, require_key
from models.state.held import Held, held
from models.state.memory import Memory
from models.state.pending import Pending
from models.state.ratings import Ratings, Unrated
from models.state.repeats import Repeated
from models.tally import Tally, by_suffix, merge
from models.windows import WindowName

# How many leaves events may name beyond twice those that are counted: others are of unknown campaigns,
# refused, or beyond the cap of a campaign.
_SPARE_LEAVES = 10_000
_ELSEWHERE = -1


class Applied(NamedTuple):
    """What of a batch is left to others: refused records, the indices of other shards' records, texts."""

    refused: list[Refused]
    misrouted: dict[int, Ints]
    unrated: Unrated | None = None


Owner = Callable[[str], int]
"""Returns the shard of a campaign."""


class ShardState:
    """State of one shard: apply batches, cut what is to be stored, replay it, read it.

    Batches of the shard's own partitions may hold events of campaigns that `owner` gives to other shards.
    Without an owner every campaign is the shard's. `key` is the random key of a new state (KEY_BYTES of
    models.core.hashing); every delta has it, and a state takes that of the first one replayed.
    """

    def __init__(
        self,
        registry: Registry,
        *,
        key: bytes,
        assume_consent: bool,
        duplicate_ids: int,
        max_leaves: int,
        judge_bytes: int = sys.maxsize,
        shard: int = 0,
        owner: Owner | None = None,
    ) -> None:
        self.registry = registry
        self.positions: Offsets = {}
        self.forwarded: dict[Destination, int] = {}
        self._key = key
        self._shard = shard
        self._memory = Memory(registry, duplicate_ids, max_leaves, judge_bytes)
        self._leaf_index = LeafIndex(leaf_rules(), self._memory.facts_of, key)
        self._decoder = Decoder(self._leaf_index, is_bot, owner or (lambda _: shard), tells_who)
        self._counting = Counting(
            self._memory, self._leaf_index, self._decoder, self._add_counts, assume_consent=assume_consent
        )
        self._most_leaves = _SPARE_LEAVES
        self._ratings = Ratings(registry, self._memory, self._counting)
        self._pending = Pending()
        self._lifetimes = Lifetimes()
        self.duplicates, self.judge = self._memory.duplicates, self._memory.judge

    def use(self, registry: Registry) -> None:
        """Take a changed registry: rates restate orders, a changed target starts with nobody."""
        self._counting.settle()
        self.registry = registry
        self._memory.use(registry)
        self._leaf_index.clear()
        self._ratings.use(registry)

    def apply(self, batch: Batch) -> Applied:
        """Apply the records of a batch that were not applied before."""
        source = batch.topic, batch.partition
        before = batch.index_of(self.positions.get(source, 0))
        new = batch.since(before)
        # From where it was thought to go on: what the broker no longer had in between is no hole of ours.
        first = int(new.records.offsets[0]) if len(new.records.offsets) else new.next_offset
        if not self.advance(source, first, new.next_offset):
            return Applied([], {})
        applied = self._count(new, self._shard if batch.partition == self._shard else None)
        if not before:
            return applied
        return Applied(
            [Refused(before + index, refusal) for index, refusal in applied.refused],
            {shard: before + found for shard, found in applied.misrouted.items()},
            applied.unrated,
        )

    def apply_forwarded(self, topic: str, records: Records) -> Applied:
        """Apply records of a topic that other shards sent on, of whatever partitions.

        Only those that are new: whoever calls this has told `advance` of each of their sources.
        """
        return self._count(Batch(topic, _ELSEWHERE, records), None)

    def _count(self, batch: Batch, shard: int | None) -> Applied:
        """Count the records of a batch; where a shard is given, leave the events of others."""
        if len(self._leaf_index) > self._most_leaves:
            self._leaf_index.clear()
        admission = admit(self._decoder.decode(batch, shard), self._leaf_index, self.registry)
        changes = self._counting.count(admission)
        self._memory.add_outcomes(batch.topic, changes.outcomes)
        self._pending.add(batch.topic, changes)
        mentions = changes.mentions
        unrated = self._ratings.of(batch.topic, mentions, self._pending) if mentions else None
        return Applied(admission.refused, admission.misrouted, unrated)

    def rate(self, unrated: Unrated, verdicts: Smalls, model: str) -> None:
        """Count, once, what texts were rated as (models.sentiment.asking has the numbers) and by which model.

        It counts where their events do, and is stored with them: in the delta of which they are part, though
        that may be cut by now.
        """
        self._ratings.count(unrated, verdicts, model)

    def advance(self, source: Source, first: int, end: int) -> bool:
        """Move on to the offset of a source's next record; return whether anything is applied by it."""
        position = self.positions.get(source)
        if position is not None and end <= position:
            return False
        self._pending.begin(source, first if position is None else position)
        self.positions[source] = end
        return True

    def skip(self, source: Source, end: int) -> None:
        """Move on past records that are gone, and count them as lost."""
        topic, lost = source[0], {"lost": end - self.positions[source]}
        self.advance(source, end, end)
        self._memory.add_outcomes(topic, lost)
        self._pending.add_outcomes(topic, lost)

    def forward(self, to: Destination, offset: int) -> None:
        """Note the source offset up to which the records of a topic are sent on to a shard."""
        self._pending.forward(to, offset)
        self.forwarded[to] = offset

    def expire(self, now: int) -> None:
        """Drop what has left its window by `now` (microseconds); find the campaigns that are over."""
        # What waits to be judged is held, too: a campaign with nothing else was found over a cut too late.
        self._counting.settle()
        self._memory.expire(now)
        self._most_leaves = 2 * len(self._memory.leaves) + _SPARE_LEAVES
        self._lifetimes.look(self.registry, now, self._memory.holds)

    def cut(self) -> Delta | None:
        """Return what changed since the last cut, and close what is over; None where nothing changed."""
        cut = self.open_cut()
        return None if cut is None else cut.delta()

    def open_cut(self) -> Cut | None:
        """Cut as `cut` does; to what is cut, ratings are added until its delta is asked for."""
        self._counting.settle()
        closing = self._lifetimes.take(self.registry.currency_rates)
        self._pending.remember(self._memory)
        pending, self._pending = self._pending, Pending(closing)
        pending.closed_after = [*map(self._memory.leaves.campaign_number, closing.campaigns)]
        self._memory.close(closing)
        if not pending:
            return None
        return pending.cut(self._key, self.positions, self._memory)

    def replay(self, delta: Delta) -> None:
        """Take a stored delta back, in the order in which they were cut.

        Raises:
            ValueError: the delta does not begin where the one before it ended, or has another key.

        """
        require_follows(self.positions, delta)
        if not self.positions:
            # Nothing is hashed yet.
            self._key = delta.key
            self._leaf_index.use_key(self._key)
        require_key(self._key, delta)
        self._memory.restore(delta)
        # Beyond the cap a leaf may have been counted elsewhere than in the row that it has now.
        self._leaf_index.clear()
        self.positions.update(delta.end)
        self.forwarded.update(delta.forwarded)

    def leaves_of(self, campaign: str) -> Sequence[Leaf]:
        """List the leaves of a campaign at which something counts, cancelled orders included."""
        return self._memory.leaves.of_campaign(campaign)

    def is_leaf(self, leaf: Leaf) -> bool:
        """Return whether something counts at a leaf."""
        return leaf in self._memory.leaves

    def held(self, campaign: str) -> Held:
        """Return the leaves of a campaign as columns."""
        self._counting.settle()
        return held(campaign, self._memory.leaves, self._memory.counts, self._memory.orders)

    def sums(self, window: WindowName, rows: Ints, numbers: Ints, length: int) -> Ints:
        """Sum the counts of rows in a window by number, a line each; rows of −1 are left out."""
        self._counting.settle()
        return self._memory.counts.sums(window, rows, numbers, length)

    def of_sites(self, window: WindowName, sites: Ints) -> Ints:
        """Return the counts of sites (Held) in a window, a line each."""
        self._counting.settle()
        return self._memory.counts.of_sites(window, sites)

    def activity(self, rows: Ints, numbers: Ints, length: int) -> Ints:
        """Count by number all that people saw and did in the flight at rows."""
        self._counting.settle()
        return self._memory.counts.activity(rows, numbers, length)

    def first_time(self, leaf: Leaf) -> int | None:
        """Return the time (microseconds) of the first event that counts at a leaf; None where none does.

        It is the event's own time, or its arrival where that is earlier. An order has that of its sale.
        """
        return self._memory.first_time(leaf)

    def leaf_counts(self) -> Mapping[str, int]:
        """Count the leaves of each campaign."""
        return self._memory.leaves.campaigns()

    def tally(self, leaf: Leaf, window: WindowName) -> Tally:
        """Return the counts of a leaf in a window."""
        self._counting.settle()
        row = self._memory.leaves.row(leaf)
        counts = {} if row is None else self._memory.counts.tally(row, window)
        return {**counts, **self._memory.orders.tally(leaf, window)}

    def slots(self, keys: Sequence[ScopeKey]) -> Ints:
        """Return the slots that count the people of scopes; 0 of a scope that has reached nobody."""
        return self._memory.reach.slots(keys)

    def target_slots(self, keys: Sequence[ScopeKey]) -> Ints:
        """Return the slots of those people whom an impression showed to belong to the target."""
        target = self._memory.targets.of_campaign(keys[0].ids[0]) if keys else NO_TARGET
        return self._memory.reach.slots(keys, target) if target != NO_TARGET else numbers([0] * len(keys))

    def reach(self, slots: Ints, window: WindowName) -> Estimates:
        """Return the distinct people of slots in a window."""
        return self._memory.reach.estimates(slots, window)

    def repeated(self, campaign: str, kind: str) -> Repeated:
        """Return how often a sample of a campaign's known people acted; `kind` is one of ACTS."""
        return self._memory.repeats.of(self._memory.leaves.campaign_number(campaign), kind)

    def rhythm(self, campaign: str, now: int) -> Ints:
        """Return a campaign's counts of the last seven days; a row a bucket, see models.state.counts."""
        self._counting.settle()
        self._memory.orders.sales.settle()
        return self._memory.counts.rhythm.of(campaign, now)

    def outcomes(self, topic: str) -> Tally:
        """Count what became of a source topic's records, by the names that models.tally lists."""
        return self._memory.ledger.get(topic, {})

    def invalid_traffic(self) -> Mapping[tuple[str, str, str], int]:
        """Count invalid traffic by campaign, type of event and reason."""
        counts = by_suffix(merge(self._memory.ledger.values()), "invalid")
        parts = {name: name.split("|") for name in counts}
        return {(campaign, kind, why): counts[name] for name, (campaign, kind, why) in parts.items()}

    def taken(self, campaign: str) -> Tally:
        """Return what lower totals took away from a campaign's counts in the flight."""
        # A copy: a page is worked out while counting goes on.
        return {**self._memory.totals.taken.get(campaign, {})}

    def _add_counts(self, counts: Increments) -> None:
        self._memory.counts.add(counts)
        self._pending.add_counts(counts)
