"""What a state holds of one campaign, as columns: leaves, when they began, and what their orders count."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from models.core.columns import Ints, numbers
from models.scopes import Leaf, ScopeKey, ScopeName
from models.state.counts import Counts
from models.state.leaves import Leaves
from models.state.order_store import OrderStore, Totals
from models.state.places import Listed


class Held(NamedTuple):
    """The leaves of a campaign at one moment.

    `keys` list the keys of each scope by number, `number` returns that of a key. `table` has the numbers of
    the leaves' keys, a column a scope, and of their groups, whose own numbers are `groups`; each of these is
    of one of the `sites`; `mute` lists keys whose name says nothing (models.state.places). The first leaves
    are those that have `rows`; after them come those that were seen through orders alone. `firsts` are the
    times of their first events. `sold` are the indices of the leaves at which `orders` count, by window.
    """

    keys: Mapping[ScopeName, Listed]
    number: Callable[[ScopeKey], int | None]
    groups: Sequence[Ints]
    site_of_group: Ints
    sites: Ints
    mute: Mapping[ScopeName, Mapping[str, Sequence[int]]]
    table: Sequence[Ints]
    rows: Ints
    firsts: Ints
    sold: Ints
    orders: Sequence[Totals]


def held(campaign: str, leaves: Leaves, counts: Counts, orders: OrderStore) -> Held:
    """Return what is held of a campaign, as it is at this moment.

    But for keys that are new, which come after those that were there: whoever looks one up by its name may
    find it.
    """
    places, totals = leaves.places(campaign), orders.of_campaign(campaign)
    rows, table = places.rows, places.table
    found = [leaves.row(leaf) for leaf in totals]
    alone = [leaf for leaf, row in zip(totals, found, strict=True) if row is None]
    if alone:
        more = np.array([places.numbers_of(leaf) for leaf in alone], np.int64).T
        table = [np.concatenate(both) for both in zip(table, more, strict=True)]
    after = iter(range(len(rows), len(rows) + len(alone)))
    known = np.searchsorted(rows, [-1 if row is None else row for row in found]).tolist()
    sold = numbers([next(after) if row is None else at for row, at in zip(found, known, strict=True)])
    return Held(
        places.keys,
        places.number,
        places.groups,
        places.site_of_group,
        places.sites,
        {name: {own: list(found) for own, found in mute.items()} for name, mute in places.mute.items()},
        table,
        rows,
        _firsts(totals, sold, leaves, counts.firsts(rows), len(alone)),
        sold,
        [*totals.values()],
    )


def _firsts(totals: Mapping[Leaf, Totals], sold: Ints, leaves: Leaves, firsts: Ints, more: int) -> Ints:
    never = np.iinfo(np.int64).max
    found = np.concatenate([firsts, np.full(more, never)])
    sales = [leaves.first_sale(leaf) for leaf in totals]
    np.minimum.at(found, sold, numbers([never if sale is None else sale for sale in sales]))
    return found
