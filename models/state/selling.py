"""What conversions change: plain sales by columns, and whatever else is said of orders one by one."""

from typing import Any, NamedTuple

import numpy as np

from models.events.batch import Events, Mask, Reports
from models.events.leaf_index import LeafIndex
from models.events.reports import report_of
from models.scopes import Leaf
from models.state.memory import Memory
from models.state.orders import Order, OrderKey, key_of, order_of_adjustment, order_of_sale
from models.state.plain_sales import find_plain, sell_plain

Known = list[tuple[OrderKey, Order]]
"""What reports say of orders."""


class Selling(NamedTuple):
    """Which conversions made a sale known, and what all of them say, in their order."""

    sold: Mask
    orders: Known


def sell(events: Events, reports: Reports, leaves: LeafIndex, memory: Memory) -> Selling:
    """Keep and count what conversions say of orders."""
    places = leaves.places(events.leaves, memory.orders.place)
    found = find_plain(events, reports, places)
    plain = np.zeros(len(events.times), np.bool_)
    plain[found.indices] = True
    odd = _read(events, reports, leaves, ~plain)
    sold, new = sell_plain(
        events, reports, places, found, memory, {key_of(event) for _, event in odd.values()}
    )
    plain[found.indices] = False
    plain[sold] = True
    if len(sold) < len(found.indices):
        odd = _read(events, reports, leaves, ~plain)
    orders = dict(zip(sold.tolist(), new, strict=True))
    for index, (leaf, event) in odd.items():
        # One after the other: each may take or give back room under the cap on leaves.
        key, order = key_of(event), _order_of(events, index, memory.leaves.place(leaf), event)
        plain[index] = memory.orders.report(key, order)
        orders[index] = key, order
    _forget(leaves, memory)
    return Selling(plain, [orders[index] for index in sorted(orders)] if odd else new)


def _read(events: Events, reports: Reports, leaves: LeafIndex, chosen: Mask) -> dict[int, tuple[Leaf, Any]]:
    """Return the leaves and reports of chosen conversions, by index."""
    at = np.flatnonzero(chosen)
    named = zip(at.tolist(), leaves.named(events.leaves[at]), strict=True)
    return {index: (leaf, report_of(events, reports, index, leaf)) for index, leaf in named}


def _order_of(events: Events, index: int, leaf: Leaf, event: Any) -> Order:
    if events.statuses[index]:
        return order_of_adjustment(event)
    return order_of_sale(event, int(events.times[index]), leaf)


def _forget(leaves: LeafIndex, memory: Memory) -> None:
    """See that nothing more counts at leaves that vanished, and that others take the room that they made."""
    if memory.leaves.take_vanished():
        leaves.forget_places()
    if memory.leaves.take_made_room():
        leaves.forget_rows()
