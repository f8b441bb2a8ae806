"""What changed since the last cut, gathered until it becomes a delta."""

from collections.abc import Mapping, Sequence

import numpy as np

from models.authenticity.stored import nothing, numbered_anew
from models.core.columns import (
    Acts,
    Ids,
    Increments,
    Sightings,
    aggregate,
    latest,
    no_acts,
    no_counts,
    no_ids,
    no_sightings,
    stack,
)
from models.state.closing import NOTHING, Closing
from models.state.counting import Changes
from models.state.cut import Cut
from models.state.delta import Delta, Destination, Ledger, Offsets, Source
from models.state.memory import Memory
from models.state.orders import Order, OrderKey
from models.state.running_totals import Taken, Totals, add_totals
from models.tally import Tally, add, add_each
from models.topics import topic_of

_JUDGED_TOPIC = topic_of("engagement")
"""Where what is forgotten of interactions is counted."""


class Pending:
    """The changes of a shard's batches, as they come; rows are those of the shard's leaves.

    `closing` is what was let go before any of them, and `closed_after` the numbers of campaigns that are let
    go behind all of them.
    """

    def __init__(self, closing: Closing = NOTHING) -> None:
        self._closing = closing
        self._start: Offsets = {}
        self._forwarded: dict[Destination, int] = {}
        self._counts: list[Increments] = [no_counts()]
        self._sightings: list[Sightings] = [no_sightings()]
        self._acts: list[Acts] = [no_acts()]
        self._ids: list[Ids] = [no_ids()]
        self._orders: dict[OrderKey, Order] = {}
        self._ledger: Ledger = {}
        self._totals: Totals = {}
        self._taken: Taken = {}
        self._remembered = nothing()
        self._cut: Cut | None = None
        self.closed_after: Sequence[int] = ()

    def __bool__(self) -> bool:
        """Return whether anything was applied or closed."""
        return bool(self._start or self._closing.campaigns)

    def begin(self, source: Source, offset: int) -> None:
        """Note the offset from which a source is applied."""
        self._start.setdefault(source, offset)

    def forward(self, to: Destination, offset: int) -> None:
        """Note the source offset up to which a topic's records are sent on to a shard."""
        self._forwarded[to] = offset

    def add(self, topic: str, changes: Changes) -> None:
        """Add what a batch of a topic changed."""
        self._ids.append(changes.ids)
        self._sightings.append(changes.sightings)
        self._acts.append(changes.acts)
        for key, report in changes.orders:
            known = self._orders.setdefault(key, report)
            if known is not report:
                self._orders[key] = known.merge(report)
        if changes.totals:
            add_totals(self._totals, changes.totals)
            add_each(self._taken, changes.taken)
        self.add_outcomes(topic, changes.outcomes)

    def add_counts(self, counts: Increments) -> None:
        """Add what batches counted."""
        self._counts.append(counts)

    def add_outcomes(self, topic: str, outcomes: Tally) -> None:
        """Add what became of a topic's records."""
        add(self._ledger.setdefault(topic, {}), outcomes)

    def rate(self, topic: str, counts: Increments, acts: Acts, outcomes: Tally) -> None:
        """Add what texts of a topic were rated as, though it be cut by now."""
        if self._cut is not None:
            self._cut.rate(topic, counts, acts, outcomes)
            return
        self._counts.append(counts)
        self._acts.append(acts)
        self.add_outcomes(topic, outcomes)

    def remember(self, memory: Memory) -> None:
        """Take what the shard's judge remembers, before a campaign is closed, and count what it forgot."""
        if not self:
            return
        self._remembered = memory.judge.cut()
        evicted = {f"evicted:{table}": number for table, number in memory.judge.take_evicted().items()}
        memory.add_outcomes(_JUDGED_TOPIC, evicted)
        self.add_outcomes(_JUDGED_TOPIC, evicted)

    def cut(self, key: bytes, end: Mapping[Source, int], memory: Memory) -> Cut:
        """Cut at these offsets: nothing but ratings is added from here on.

        `memory` is that of the shard, which numbers lines.
        """
        counts, sightings = aggregate(*stack(self._counts)), latest(stack(self._sightings))
        rows = np.unique(np.concatenate([counts.rows, sightings.rows]))
        remembered, judged = numbered_anew(self._remembered)
        named = np.unique(sightings.targets[sightings.targets >= 0])
        delta = Delta(
            key,
            self._start,
            {source: end[source] for source in self._start},
            [memory.leaves.names[row] for row in rows.tolist()],
            memory.counts.firsts(rows),
            counts._replace(rows=np.searchsorted(rows, counts.rows)),
            sightings._replace(
                rows=np.searchsorted(rows, sightings.rows),
                targets=np.where(sightings.targets < 0, -1, np.searchsorted(named, sightings.targets)),
            ),
            stack(self._ids),
            self._orders,
            self._ledger,
            [memory.targets.names[number] for number in named.tolist()],
            self._forwarded,
            self._closing,
            totals=self._totals,
            taken=self._taken,
            remembered=remembered,
            judged=[memory.leaves.campaign_names[number] for number in judged],
        )
        self._cut = Cut(delta, rows, self._acts, memory.leaves.campaign_names)
        return self._cut
