"""What changed since the last cut, gathered by source partition until it is made a delta."""

from collections.abc import Mapping, Sequence

import numpy as np

from models.counts import Increments, aggregate
from models.delta import (
    Delta,
    Ids,
    Ledger,
    Sightings,
    latest,
    merge_ledgers,
    no_counts,
    no_ids,
    no_sightings,
    numbers,
    stack,
)
from models.leaf import Leaf
from models.order_book import OrderKey
from models.orders import Order
from models.tally import Tally


class Pending:
    """The effects of one partition's batches, as they come; rows are those of the fold's leaves."""

    def __init__(self) -> None:
        self._start: dict[str, int] = {}
        self._rows: set[int] = set()
        self._counts: list[Increments] = [no_counts()]
        self._sightings: list[Sightings] = [no_sightings()]
        self._ids: list[Ids] = [no_ids()]
        self._orders: dict[OrderKey, Order] = {}
        self._ledger: Ledger = {}

    def begin(self, topic: str, offset: int) -> None:
        """Note from where a source is applied."""
        self._start.setdefault(topic, offset)

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

    def cut(self, end: Mapping[str, int], leaves: Sequence[Leaf], targets: Sequence[str]) -> Delta:
        """Make the delta that ends at these positions; `leaves` and `targets` are those that lines number."""
        counts, sightings = aggregate(*stack(self._counts)), latest(stack(self._sightings))
        rows = np.unique(np.concatenate([counts.rows, sightings.rows, numbers(sorted(self._rows))]))
        named = np.unique(sightings.targets[sightings.targets >= 0])
        return Delta(
            self._start,
            {topic: end[topic] for topic in self._start},
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
        )
