"""What a stretch of source records changed: the unit that is stored, replayed and merged.

A delta says from which source offsets to which it reaches, and holds its effects added up: counts by leaf and
tick, the time of each leaf's first event, sightings of people, event ids, reports of orders, outcomes; and
the last running totals, with which the next ones are compared.
Consecutive deltas of one shard merge into one; replaying that is replaying each.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.authenticity.stored import Remembered, merge, nothing, renumber
from models.core.columns import (
    Acts,
    Ids,
    Increments,
    Ints,
    Seen,
    Sightings,
    Thresholds,
    aggregate,
    latest,
    latest_ids,
    no_acts,
    no_thresholds,
    numbered_anew,
    numbers,
    renumbered,
    stack,
)
from models.scopes import Leaf
from models.state.closing import NOTHING, Closing, Frozen, closed_after, freeze
from models.state.orders import Order, OrderKey
from models.state.repeats import thinned
from models.state.running_totals import Taken, Totals, add_totals
from models.tally import Tally, add_each, merge_each
from models.windows import WindowName

Ledger = dict[str, Tally]
"""Outcomes counted, by source topic."""
Source = tuple[str, int]
"""A topic and the partition that its records came on."""
Destination = tuple[str, int]
"""A topic and the shard that its records are sent on to."""
Offsets = dict[Source, int]
"""The next offset by source."""


class WindowSpan(NamedTuple):
    """A rolling window by what makes its counts; length and bucket in microseconds."""

    name: WindowName
    length: int
    bucket: int


@dataclass(slots=True)
class Delta:
    """Effects of the records from `start` to `end`.

    `key` is what persons and ids are hashed under, the same in all deltas of a state (models.core.hashing).
    Rows are indices of `leaves`; `firsts` has the time of the first event of each (microseconds). `targets`
    lists the fingerprints of predicates that sightings number, `actors` the campaigns that acts number, and
    `judged` those that what is `remembered` to judge interactions by numbers.
    `forwarded` holds the source offset up to which records of other shards are sent on, by topic and shard.
    `closing` is what is forgotten of everything before the delta; `frozen`, what forgotten orders count;
    `let_go` names the campaigns that were closed within it.
    `kept` are the windows that it was compacted for (models.state.compaction): it holds no other. None where
    it was never compacted, and holds every window.
    """

    key: bytes = field(repr=False)
    start: Offsets
    end: Offsets
    leaves: list[Leaf]
    firsts: Ints
    counts: Increments
    sightings: Sightings
    ids: Ids
    orders: dict[OrderKey, Order] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=dict)
    targets: list[str] = field(default_factory=list)
    forwarded: dict[Destination, int] = field(default_factory=dict)
    closing: Closing = NOTHING
    frozen: Frozen = field(default_factory=dict)
    kept: tuple[WindowSpan, ...] | None = None
    acts: Acts = field(default_factory=no_acts)
    actors: list[str] = field(default_factory=list)
    totals: Totals = field(default_factory=dict)
    taken: Taken = field(default_factory=dict)
    thresholds: Thresholds = field(default_factory=no_thresholds)
    remembered: Remembered = field(default_factory=nothing)
    judged: list[str] = field(default_factory=list)
    let_go: frozenset[str] = frozenset()


def merge_deltas(deltas: Sequence[Delta]) -> Delta:
    """Merge consecutive deltas of one shard, the oldest first.

    Where one of them closes campaigns, the first must be the shard's first: what an order counts for good
    follows from all its reports.

    Raises:
        ValueError: one does not begin where the one before it ends, or has another key.

    """
    _require_consecutive(deltas)
    closed_later = closed_after([delta.closing for delta in deltas])
    orders, frozen, firsts_of_frozen = merge_orders(deltas)
    firsts = _merge_firsts([*_firsts_of(deltas), firsts_of_frozen])
    rows = _rows_by(firsts, deltas)
    sightings, thresholds, targets = _merge_seen(deltas, closed_later, rows)
    acts, actors = _merge_acts(deltas, closed_later)
    remembered, judged = _merge_remembered(deltas, closed_later)
    return Delta(
        deltas[0].key,
        _last_of_each(delta.start for delta in reversed(deltas)),
        _last_of_each(delta.end for delta in deltas),
        [*firsts],
        numbers([*firsts.values()]),
        _merge_counts(deltas, rows),
        sightings,
        latest_ids(stack([delta.ids for delta in deltas])),
        orders,
        merge_each(delta.ledger for delta in deltas),
        targets,
        _last_of_each(delta.forwarded for delta in deltas),
        deltas[0].closing,
        frozen,
        kept_by_all([delta.kept for delta in deltas]),
        acts,
        actors,
        _merge_totals(deltas, closed_later),
        merge_each(delta.taken for delta in deltas),
        thresholds,
        remembered,
        judged,
        _let_go(deltas),
    )


def _require_consecutive(deltas: Sequence[Delta]) -> None:
    for before, after in itertools.pairwise(deltas):
        require_follows(before.end, after)
        require_key(before.key, after)


def _last_of_each(parts: Iterable[Offsets]) -> Offsets:
    """Return the last offset that is told of each source or destination."""
    return {name: offset for part in parts for name, offset in part.items()}


def kept_by_all(listed: Iterable[tuple[WindowSpan, ...] | None]) -> tuple[WindowSpan, ...] | None:
    """Return the windows that every one of several deltas holds, by their `kept`; None for every window."""
    compacted = [kept for kept in listed if kept is not None]
    if not compacted:
        return None
    return tuple(span for span in compacted[0] if all(span in kept for kept in compacted))


def require_follows(offsets: Mapping[Source, int], delta: Delta) -> None:
    """Refuse a delta that does not begin at these offsets: records would be missing, or count twice.

    Raises:
        ValueError: it begins elsewhere.

    """
    apart = {
        source: offset for source, offset in delta.start.items() if offset != offsets.get(source, offset)
    }
    if apart:
        raise ValueError(f"a delta begins at {apart}, the one before it ended at {dict(offsets)}")


def require_key(key: bytes, delta: Delta) -> None:
    """Refuse a delta that was hashed under another key: everybody in it would be somebody else.

    Raises:
        ValueError: its key is another.

    """
    if delta.key != key:
        raise ValueError("a delta was hashed under another key than the one before it")


def merge_orders(deltas: Iterable[Delta]) -> tuple[dict[OrderKey, Order], Frozen, dict[Leaf, int]]:
    """Merge what is known of each order; return what forgotten ones count, and from when on, by leaf."""
    merged: dict[OrderKey, Order] = {}
    frozen: Frozen = {}
    firsts: dict[Leaf, int] = {}
    for delta in deltas:
        freeze(merged, delta.closing, frozen, firsts)
        add_each(frozen, delta.frozen)
        for key, order in delta.orders.items():
            merged[key] = merged[key].merge(order) if key in merged else order
    return merged, frozen, firsts


def _firsts_of(deltas: Iterable[Delta]) -> list[dict[Leaf, int]]:
    return [dict(zip(delta.leaves, delta.firsts.tolist(), strict=True)) for delta in deltas]


def _merge_firsts(parts: Iterable[Mapping[Leaf, int]]) -> dict[Leaf, int]:
    merged: dict[Leaf, int] = {}
    for firsts in parts:
        for leaf, time in firsts.items():
            merged[leaf] = min(merged.get(leaf, time), time)
    return merged


def _rows_by(leaves: Iterable[Leaf], deltas: Sequence[Delta]) -> list[list[int]]:
    """Return the row among `leaves` of each leaf of each delta."""
    row_of = {leaf: row for row, leaf in enumerate(leaves)}
    return [[row_of[leaf] for leaf in delta.leaves] for delta in deltas]


def _merge_counts(deltas: Sequence[Delta], rows: Sequence[Sequence[int]]) -> Increments:
    """Add counts up, by these rows."""
    parts = [
        delta.counts._replace(rows=renumbered(delta.counts.rows, own))
        for delta, own in zip(deltas, rows, strict=True)
    ]
    return aggregate(*stack(parts))


def _merge_seen(
    deltas: Sequence[Delta], closed_later: Sequence[frozenset[str]], rows: Sequence[Sequence[int]]
) -> tuple[Sightings, Thresholds, list[str]]:
    """Keep last sightings, and who is left out of them, by these rows; list the targets that they number."""
    targets = list(dict.fromkeys(name for delta in deltas for name in delta.targets))
    number_of = {name: number for number, name in enumerate(targets)}
    sightings, thresholds = [], []
    for delta, closed, own in zip(deltas, closed_later, rows, strict=True):
        names = [number_of[name] for name in delta.targets]
        stay = np.array([leaf.campaign not in closed for leaf in delta.leaves], dtype=np.bool_)
        sightings.append(numbered_anew(_of_rows(delta.sightings, stay, closed), own, names))
        thresholds.append(numbered_anew(_of_rows(delta.thresholds, stay, closed), own, names))
    return latest(stack(sightings)), stack(thresholds), targets


def _of_rows(seen: Seen, stay: npt.NDArray[np.bool_], closed: frozenset[str]) -> Seen:
    """Leave out whom closed campaigns reached."""
    return seen.where(stay[seen.rows]) if closed else seen


def _merge_acts(deltas: Sequence[Delta], closed_later: Sequence[frozenset[str]]) -> tuple[Acts, list[str]]:
    """Add up what people did, but for campaigns that a later delta closes."""
    actors: dict[str, int] = {}
    parts = []
    for delta, closed in zip(deltas, closed_later, strict=True):
        stay = np.array([name not in closed for name in delta.actors], dtype=np.bool_)
        acts = delta.acts.where(stay[delta.acts.campaigns])
        names = _numbered(delta.actors, closed, actors)
        parts.append(acts._replace(campaigns=renumbered(acts.campaigns, names)))
    return thinned(stack(parts)), list(actors)


def _merge_remembered(
    deltas: Sequence[Delta], closed_later: Sequence[frozenset[str]]
) -> tuple[Remembered, list[str]]:
    """Keep what is remembered of interactions last, but for campaigns that a later delta closes."""
    judged: dict[str, int] = {}
    parts = [
        renumber(delta.remembered, _numbered(delta.judged, closed, judged))
        for delta, closed in zip(deltas, closed_later, strict=True)
    ]
    return merge(parts), list(judged)


def _numbered(campaigns: Iterable[str], closed: frozenset[str], into: dict[str, int]) -> list[int]:
    """Return the number of each campaign, a new one where it has none; −1 of those that are closed."""
    return [-1 if name in closed else into.setdefault(name, len(into)) for name in campaigns]


def _let_go(deltas: Sequence[Delta]) -> frozenset[str]:
    """Name the campaigns that were closed within any of the deltas, or between them."""
    between = (delta.closing.campaigns for delta in deltas[1:])
    return frozenset[str]().union(*between, *(delta.let_go for delta in deltas))


def _merge_totals(deltas: Sequence[Delta], closed_later: Sequence[frozenset[str]]) -> Totals:
    """Keep the last totals, but for campaigns that a later delta closes."""
    merged: Totals = {}
    for delta, closed in zip(deltas, closed_later, strict=True):
        add_totals(merged, {name: totals for name, totals in delta.totals.items() if name not in closed})
    return merged
