"""What a stretch of source records changed: the unit that is stored, replayed and merged.

A delta says from which source offsets to which it reaches, and holds its effects added up: counts by leaf
and tick, sightings of people, event ids, reports of orders, outcomes. Deltas of one shard that follow one
another merge into one; replaying the merged is replaying each.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.closing import NOTHING, Closing, Frozen, add_frozen, closed_after, freeze
from models.counts import Increments, aggregate
from models.leaf import Leaf
from models.order_book import OrderKey
from models.orders import Order
from models.tally import Tally, merge

Chosen = npt.NDArray[np.bool_] | npt.NDArray[np.int64] | slice
Ledger = dict[str, Tally]
"""Outcomes counted, by source topic."""
Place = tuple[str, int]
"""A topic and a number: of the partition that its records came on, or of the shard that they went to."""
Positions = dict[Place, int]
"""The next offset, by topic and partition."""


class Sightings(NamedTuple):
    """Who was seen where: columns of leaf's row, person's hash, tick, and number of the target, or −1."""

    rows: npt.NDArray[np.int64]
    persons: npt.NDArray[np.uint64]
    ticks: npt.NDArray[np.int64]
    targets: npt.NDArray[np.int64]

    def where(self, chosen: Chosen) -> "Sightings":
        """Give the chosen lines."""
        return Sightings(self.rows[chosen], self.persons[chosen], self.ticks[chosen], self.targets[chosen])


class Ids(NamedTuple):
    """Event ids first seen: columns of the hash of campaign and id, and of the arrival in seconds."""

    keys: npt.NDArray[np.uint64]
    arrivals: npt.NDArray[np.int64]

    def where(self, chosen: Chosen) -> "Ids":
        """Give the chosen lines."""
        return Ids(self.keys[chosen], self.arrivals[chosen])


@dataclass(slots=True)
class Delta:
    """Effects of the records from `start` to `end`.

    Rows are indices of `leaves`; `targets` lists the fingerprints of predicates that sightings number.
    `forwarded` tells up to which source offset the records of other shards are sent on, by topic and shard.
    `closing` is what is let go of all before the delta; `frozen`, what orders that were let go count.
    """

    start: Positions
    end: Positions
    leaves: list[Leaf]
    counts: Increments
    sightings: Sightings
    ids: Ids
    orders: dict[OrderKey, Order] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=dict)
    targets: list[str] = field(default_factory=list)
    forwarded: Positions = field(default_factory=dict)
    closing: Closing = NOTHING
    frozen: Frozen = field(default_factory=dict)


def no_counts() -> Increments:
    """Give columns without a line."""
    return Increments(*(np.empty(0, dtype=np.int64) for _ in Increments._fields))


def no_sightings() -> Sightings:
    """Give columns without a line."""
    empty = np.empty(0, dtype=np.int64)
    return Sightings(empty, np.empty(0, dtype=np.uint64), empty, empty)


def no_ids() -> Ids:
    """Give columns without a line."""
    return Ids(np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64))


def stack(parts: Sequence[Any]) -> Any:
    """Put columns of one kind below one another; at least one part is needed."""
    if len(parts) == 1:
        return parts[0]
    return type(parts[0])(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def latest(sightings: Sightings) -> Sightings:
    """Keep the last sighting of each person at each leaf, those of each target apart."""
    ordered = sightings.where(
        np.lexsort((sightings.ticks, sightings.targets, sightings.persons, sightings.rows))
    )
    rows, persons, _, targets = ordered
    last = np.ones(len(rows), dtype=np.bool_)
    last[:-1] = (rows[1:] != rows[:-1]) | (persons[1:] != persons[:-1]) | (targets[1:] != targets[:-1])
    return ordered.where(last)


def merge_deltas(deltas: Sequence[Delta]) -> Delta:
    """Merge deltas of one shard that follow one another, the oldest first.

    Where one of them closes campaigns, the first must be the shard's first: what an order counts for good
    follows from all reports of it.

    Raises:
        ValueError: one does not begin where the one before it ends.

    """
    for before, after in itertools.pairwise(deltas):
        require_follows(before.end, after)
    leaves: dict[Leaf, int] = {}
    targets: dict[str, int] = {}
    closed_later = closed_after([delta.closing for delta in deltas])
    numbered = [
        _renumbered(_without_people(delta, closed), leaves, targets)
        for delta, closed in zip(deltas, closed_later, strict=True)
    ]
    orders, frozen = merge_orders(deltas)
    return Delta(
        {source: offset for delta in reversed(deltas) for source, offset in delta.start.items()},
        {source: offset for delta in deltas for source, offset in delta.end.items()},
        list(leaves),
        aggregate(*stack([counts for counts, _ in numbered])),
        latest(stack([sightings for _, sightings in numbered])),
        latest_ids(stack([delta.ids for delta in deltas])),
        orders,
        merge_ledgers(delta.ledger for delta in deltas),
        list(targets),
        {place: offset for delta in deltas for place, offset in delta.forwarded.items()},
        deltas[0].closing,
        frozen,
    )


def require_follows(position: Mapping[Place, int], delta: Delta) -> None:
    """Refuse a delta that does not begin at a position: records would be missing, or count twice.

    Raises:
        ValueError: it begins elsewhere.

    """
    apart = {
        source: offset for source, offset in delta.start.items() if offset != position.get(source, offset)
    }
    if apart:
        raise ValueError(f"a delta begins at {apart}, the one before it ended at {dict(position)}")


def merge_orders(deltas: Iterable[Delta]) -> tuple[dict[OrderKey, Order], Frozen]:
    """Merge what is known of each order; add up what those count that are let go."""
    merged: dict[OrderKey, Order] = {}
    frozen: Frozen = {}
    for delta in deltas:
        freeze(merged, delta.closing, frozen)
        add_frozen(frozen, delta.frozen)
        for key, order in delta.orders.items():
            merged[key] = merged[key].merge(order) if key in merged else order
    return merged, frozen


def _without_people(delta: Delta, campaigns: frozenset[str]) -> Delta:
    """Forget whom campaigns reached."""
    if not campaigns:
        return delta
    kept = np.array([leaf.campaign not in campaigns for leaf in delta.leaves], dtype=np.bool_)
    return replace(delta, sightings=delta.sightings.where(kept[delta.sightings.rows]))


def merge_ledgers(parts: Iterable[Ledger]) -> Ledger:
    """Add outcomes up, by topic."""
    listed = list(parts)
    topics = dict.fromkeys(topic for ledger in listed for topic in ledger)
    return {topic: merge(ledger.get(topic, {}) for ledger in listed) for topic in topics}


def _renumbered(
    delta: Delta, leaves: dict[Leaf, int], targets: dict[str, int]
) -> tuple[Increments, Sightings]:
    """Renumber a delta's lines: its leaves and targets join those of all."""
    rows = numbers([leaves.setdefault(leaf, len(leaves)) for leaf in delta.leaves])
    target = numbers([*(targets.setdefault(name, len(targets)) for name in delta.targets), -1])
    counts, seen = delta.counts, delta.sightings
    return (
        counts._replace(rows=rows[counts.rows]),
        seen._replace(rows=rows[seen.rows], targets=target[seen.targets]),
    )


def numbers(listed: Sequence[int]) -> npt.NDArray[np.int64]:
    """Make a column of whole numbers."""
    return np.array(listed, dtype=np.int64)


def latest_ids(ids: Ids) -> Ids:
    """Keep each id once: an id that counted again, after its hour, is remembered from then on."""
    ordered = ids.where(np.lexsort((ids.arrivals, ids.keys)))
    last = np.ones(len(ordered.keys), dtype=np.bool_)
    last[:-1] = ordered.keys[1:] != ordered.keys[:-1]
    return ordered.where(last)
