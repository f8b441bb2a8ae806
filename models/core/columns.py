"""The columns that steps pass on: what to add where, who was seen when, which ids came."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from models.kinds import INTERACTIONS, POLARITIES, REASONS
from models.times import SECOND

TICK = 10 * SECOND
"""The finest time that counts are kept by: the shortest bucket of a window."""

SQUARED = ("impressions", "clicks", "video_views", "interactions", "rated")
"""What has Σn² beside it, each event standing for n."""
LIMB_BITS = 20
"""n is a million at most: two limbs of n², each of which adds up in 64 bits as long as n does."""
COLUMNS: tuple[str, ...] = (
    "impressions",
    "identified",
    "clicks",
    "video_views",
    *(f"interactions:{kind.name}" for kind in INTERACTIONS),
    *(f"rated:{polarity.name}" for polarity in POLARITIES),
    "judged",
    *(f"suspicious:{reason.name}" for reason in REASONS if reason.suspicious),
    *(f"noted:{reason.name}" for reason in REASONS),
    # Σ n·(n − 1), which is 0 for an event that stands for itself: what Σn² has beyond Σn.
    *(f"excess:{name}:{limb}" for name in SQUARED for limb in ("low", "high")),
)
COLUMN: dict[str, int] = {name: number for number, name in enumerate(COLUMNS)}

Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
_ACTS = ("impressions", "clicks", "interactions")
ACTIVE: Ints = np.array([at for at, name in enumerate(COLUMNS) if name.partition(":")[0] in _ACTS])
"""The columns of what people saw and did: where there is too much to show, the least active gives way."""
Chosen = npt.NDArray[np.bool_] | npt.NDArray[np.int64] | slice


class Increments(NamedTuple):
    """What to add, as columns of one length: row, tick and column of each amount, each combination once."""

    rows: Ints
    ticks: Ints
    columns: Ints
    amounts: Ints

    def where(self, chosen: npt.NDArray[Any]) -> "Increments":
        """Return the chosen lines."""
        return Increments(self.rows[chosen], self.ticks[chosen], self.columns[chosen], self.amounts[chosen])


class Sightings(NamedTuple):
    """Who was seen where: columns of leaf's row, person's hash, tick, and number of the target, or −1."""

    rows: npt.NDArray[np.int64]
    persons: npt.NDArray[np.uint64]
    ticks: npt.NDArray[np.int64]
    targets: npt.NDArray[np.int64]

    def where(self, chosen: Chosen) -> "Sightings":
        """Return the chosen lines."""
        return Sightings(self.rows[chosen], self.persons[chosen], self.ticks[chosen], self.targets[chosen])


class Thresholds(NamedTuple):
    """Who is left out of sightings: columns of leaf's row, number of the target or −1, tick, and level.

    Of those last seen there at the tick or before it, only people who reach the level (models.reach.sample)
    are among them.
    """

    rows: npt.NDArray[np.int64]
    targets: npt.NDArray[np.int64]
    ticks: npt.NDArray[np.int64]
    levels: npt.NDArray[np.int64]

    def where(self, chosen: Chosen) -> "Thresholds":
        """Return the chosen lines."""
        return Thresholds(self.rows[chosen], self.targets[chosen], self.ticks[chosen], self.levels[chosen])


Seen = TypeVar("Seen", Sightings, Thresholds)


class Ids(NamedTuple):
    """Event ids first seen: columns of the hash of campaign and id, and of the arrival in seconds."""

    keys: npt.NDArray[np.uint64]
    arrivals: npt.NDArray[np.int64]

    def where(self, chosen: Chosen) -> "Ids":
        """Return the chosen lines."""
        return Ids(self.keys[chosen], self.arrivals[chosen])


class Acts(NamedTuple):
    """What known people did: columns of campaign's number, kind's number, person's hash, and how often."""

    campaigns: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.int64]
    persons: npt.NDArray[np.uint64]
    amounts: npt.NDArray[np.int64]

    def where(self, chosen: Chosen) -> "Acts":
        """Return the chosen lines."""
        return Acts(self.campaigns[chosen], self.kinds[chosen], self.persons[chosen], self.amounts[chosen])


def numbers(listed: Sequence[int]) -> npt.NDArray[np.int64]:
    """Make a column of whole numbers."""
    return np.array(listed, dtype=np.int64)


def narrowed(column: Ints) -> npt.NDArray[Any]:
    """Copy a column to where each number has as few bytes as all of them need."""
    least, most = column.min(initial=0), column.max(initial=0)
    kinds = (np.iinfo(kind) for kind in ("i1", "i2", "i4", "i8"))
    return column.astype(next(kind.dtype for kind in kinds if kind.min <= least and most <= kind.max))


def renumbered(column: Ints, new: Sequence[int]) -> Ints:
    """Replace each number by the one that stands at its index in `new`; −1, which stands for none, stays."""
    # As an index −1 is the last one: that is where the −1 for it is put.
    table = numbers([*new, -1])
    return table[column]


def numbered_anew(seen: Seen, rows: Sequence[int], targets: Sequence[int]) -> Seen:
    """Give leaves and targets the numbers that stand at the index of the ones they had."""
    return seen._replace(rows=renumbered(seen.rows, rows), targets=renumbered(seen.targets, targets))


def stack(parts: Sequence[Any]) -> Any:
    """Concatenate columns of one kind; at least one part is needed."""
    if len(parts) == 1:
        return parts[0]
    return type(parts[0])(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def no_counts() -> Increments:
    """Return columns without a line."""
    return Increments(*(np.empty(0, dtype=np.int64) for _ in Increments._fields))


def no_sightings() -> Sightings:
    """Return columns without a line."""
    empty = np.empty(0, dtype=np.int64)
    return Sightings(empty, np.empty(0, dtype=np.uint64), empty, empty)


def no_thresholds() -> Thresholds:
    """Return columns without a line."""
    return Thresholds(*(np.empty(0, dtype=np.int64) for _ in Thresholds._fields))


def no_ids() -> Ids:
    """Return columns without a line."""
    return Ids(np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64))


def no_acts() -> Acts:
    """Return columns without a line."""
    empty = np.empty(0, dtype=np.int64)
    return Acts(empty, empty, np.empty(0, dtype=np.uint64), empty)


def add_acts(acts: Acts) -> Acts:
    """Add up the acts of the same campaign, kind and person."""
    if not len(acts.persons):
        return acts
    ordered = acts.where(np.lexsort((acts.persons, acts.kinds, acts.campaigns)))
    campaigns, kinds, persons, amounts = ordered
    first = np.ones(len(persons), dtype=np.bool_)
    first[1:] = (campaigns[1:] != campaigns[:-1]) | (kinds[1:] != kinds[:-1]) | (persons[1:] != persons[:-1])
    starts = np.flatnonzero(first)
    return ordered.where(starts)._replace(amounts=np.add.reduceat(amounts, starts))


def aggregate(rows: Ints, ticks: Ints, columns: Ints, amounts: Ints) -> Increments:
    """Add up the amounts of the same row, tick and column."""
    if not len(rows):
        return Increments(rows, ticks, columns, amounts)
    first = ticks.min()
    span = int(ticks.max() - first) + 1
    places = (rows * span + (ticks - first)) * len(COLUMNS) + columns
    distinct, sums = sum_by(places, amounts)
    rest, where = np.divmod(distinct, len(COLUMNS))
    row, tick = np.divmod(rest, span)
    return Increments(row, tick + first, where, sums)


def sum_by(keys: Ints, amounts: Ints) -> tuple[Ints, Ints]:
    """Sum the amounts of each distinct key, in order of the keys; in integers, which stay exact."""
    order = np.argsort(keys)
    ordered = keys[order]
    starts = first_of_each(ordered)
    return ordered[starts], np.add.reduceat(amounts[order], starts)


def first_of_each(ordered: npt.NDArray[Any]) -> Ints:
    """Return the index at which each distinct value of an ordered column comes first."""
    first = np.ones(len(ordered), dtype=np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return np.flatnonzero(first)


def firsts_of(column: npt.NDArray[Any]) -> Ints:
    """Return the index at which each distinct value of a column comes first, in their order there."""
    _, places = np.unique(column, return_index=True)
    return np.sort(places)


def latest(sightings: Sightings) -> Sightings:
    """Keep the last sighting of each person at each leaf, those of each target apart."""
    ordered = sightings.where(_by_row_and_person(sightings.rows, sightings.persons))
    rows, persons = ordered.rows, ordered.persons
    again = np.flatnonzero((rows[1:] == rows[:-1]) & (persons[1:] == persons[:-1]))
    if len(again):
        repeated = np.union1d(again, again + 1)
        part = ordered.where(repeated)
        # Where somebody is more than once, there alone: to sort all by four columns took eight times as long.
        order = np.arange(len(rows))
        order[repeated] = repeated[np.lexsort((part.ticks, part.targets, part.persons, part.rows))]
        ordered = ordered.where(order)
    rows, persons, _, targets = ordered
    last = np.ones(len(rows), dtype=np.bool_)
    last[:-1] = (rows[1:] != rows[:-1]) | (persons[1:] != persons[:-1]) | (targets[1:] != targets[:-1])
    return ordered.where(last)


def _by_row_and_person(rows: Ints, persons: npt.NDArray[np.uint64]) -> Ints:
    """Return the order by row, then person; of the same, in any order."""
    order = np.argsort(persons)
    # Of 16 bits numpy sorts by digits: in a tenth of the time.
    digits = rows.astype(np.uint16) if rows.max(initial=0) < 1 << 16 else rows
    return order[np.argsort(digits[order], kind="stable")]


def latest_ids(ids: Ids) -> Ids:
    """Keep each id once: an id that counted again, after its hour, is remembered from then on."""
    ordered = ids.where(np.lexsort((ids.arrivals, ids.keys)))
    last = np.ones(len(ordered.keys), dtype=np.bool_)
    last[:-1] = ordered.keys[1:] != ordered.keys[:-1]
    return ordered.where(last)


def runs(*columns: npt.NDArray[Any]) -> list[slice]:
    """Return where lines stand together that have the same in all columns."""
    changes = np.zeros(len(columns[0]), np.bool_)
    changes[:1] = True
    for column in columns:
        changes[1:] |= column[1:] != column[:-1]
    return [slice(*edges) for edges in pairwise([*np.flatnonzero(changes).tolist(), len(changes)])]
