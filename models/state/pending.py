"""What changed since the last cut, gathered until it is made a delta."""

from collections.abc import Mapping, Sequence

import numpy as np

from models.core.columns import (
    Ids,
    Increments,
    Sightings,
    aggregate,
    latest,
    no_counts,
    no_ids,
    no_sightings,
    numbers,
    stack,
)
from models.scopes import Leaf
from models.state.closing import NOTHING, Closing
from models.state.delta import Delta, Ledger, Place, Positions, merge_ledgers
from models.state.order_store import OrderKey
from models.state.orders import Order
from models.tally import Tally


class Pending:
    """The effects of a shard's batches, as they come; rows are those of the fold's leaves.

    `closing` is what was let go of all before them.
    """

    def __init__(self, closing: Closing = NOTHING) -> None:
        self._closing = closing
        self._start: Positions = {}
        self._forwarded: Positions = {}
        self._rows: set[int] = set()
        self._counts: list[Increments] = [no_counts()]
        self._sightings: list[Sightings] = [no_sightings()]
        self._ids: list[Ids] = [no_ids()]
        self._orders: dict[OrderKey, Order] = {}
        self._ledger: Ledger = {}

    def __bool__(self) -> bool:
        """Tell whether anything was applied or closed."""
        return bool(self._start or self._closing.campaigns)

    def begin(self, source: Place, offset: int) -> None:
        """Note from where a source is applied."""
        self._start.setdefault(source, offset)

    def forward(self, place: Place, offset: int) -> None:
        """Note up to which source offset a topic's records are sent on to a shard."""
        self._forwarded[place] = offset

    def add_ids(self, ids: Ids) -> None:
        """Add event ids that counted."""
        self._ids.append(ids)

    def add_outcomes(self, topic: str, tally: Tally) -> None:
        """Add what became of a topic's records."""
        self._ledger = merge_ledgers([self._ledger, {topic: tally}])

    def add_counts(self, increments: Increments) -> None:
        """Add counts by leaf."""
        self._counts.append(increments)

    def add_leaf(self, row: int) -> None:
        """Add a leaf that is seen, whether or not anything is counted there."""
        self._rows.add(row)

    def add_sightings(self, sightings: Sightings) -> None:
        """Add people seen."""
        self._sightings.append(sightings)

    def add_order(self, key: OrderKey, report: Order) -> None:
        """Add what a report tells of an order."""
        self._orders[key] = self._orders[key].merge(report) if key in self._orders else report

    def cut(self, end: Mapping[Place, int], leaves: Sequence[Leaf], targets: Sequence[str]) -> Delta:
        """Make the delta that ends at these positions; `leaves` and `targets` are those that lines number."""
        counts, sightings = aggregate(*stack(self._counts)), latest(stack(self._sightings))
        rows = np.unique(np.concatenate([counts.rows, sightings.rows, numbers(sorted(self._rows))]))
        named = np.unique(sightings.targets[sightings.targets >= 0])
        return Delta(
            self._start,
            {source: end[source] for source in self._start},
            [leaves[row] for row in rows.tolist()],
            counts._replace(rows=np.searchsorted(rows, counts.rows)),
            sightings._replace(
                rows=np.searchsorted(rows, sightings.rows),
                targets=np.where(sightings.targets < 0, -1, np.searchsorted(named, sightings.targets)),
            ),
            stack(self._ids),
            self._orders,
            self._ledger,
            [targets[number] for number in named.tolist()],
            self._forwarded,
            self._closing,
        )
