"""Sales that are all that is known of their orders: a batch of them is found, kept and counted by columns.

A sale is plain where the scanner read it, its order is new, its amount is sure in 64 bits, and something
counts at its leaf already. Whatever else there may be of an order is taken one by one (models.state.selling),
with the last word: that takes 20 µs, and a plain sale 3.
"""

from collections.abc import Collection, Sequence
from itertools import compress, repeat
from typing import NamedTuple

import numpy as np

from models.core.columns import TICK, Ints
from models.core.compiling import F64, I64, compiled, inlined
from models.core.octets import texts_in
from models.events.batch import Events, Floats, Mask, Reports, Smalls
from models.events.currencies import currency_of
from models.kinds import ATTRIBUTIONS, CONVERSIONS, names
from models.scopes import ABSENT, Leaf
from models.state.memory import Memory
from models.state.orders import NO_REFUNDS, Order, OrderKey, Price, Sale
from models.state.sale_sums import BY_NOBODY, Sales

_KINDS = names(CONVERSIONS)
_BY = (*names(ATTRIBUTIONS), None)
_DECLARED = _BY.index("declared")
# Σn² of so many orders at once adds up in 64 bits for a million million sales.
_MOST_ORDERS = I64(1 << 10)
_NO_PRICE, _UNSURE, _ONE = I64(-1), I64(-2), I64(1)
_NANOS, _NANOS_OF_WHOLE = F64(1e9), I64(1_000_000_000)
_SURE_WHOLE, _SURE_NANOS, _SURE_REST = F64(2.0**32), F64(2.0**50), F64(0.25)


class PlainSales(NamedTuple):
    """Sales that may be plain: their indices among the events; how many orders and nanos each stands for."""

    indices: Ints
    orders: Ints
    nanos: Ints

    def where(self, chosen: Mask) -> "PlainSales":
        """Return the chosen sales."""
        return PlainSales(*(column[chosen] for column in self))


class Sold(NamedTuple):
    """The indices of sales that were plain, and their orders."""

    indices: Ints
    orders: list[tuple[OrderKey, Order]]


def find_plain(events: Events, reports: Reports, places: Ints) -> PlainSales:
    """Find what may be plain sales; `places` number the leaves where they count, −1 for others."""
    found = PlainSales(*np.empty((len(PlainSales._fields), len(events.times)), np.int64))
    number = choose(
        events.statuses, events.counts, reports.order_lengths, reports.revenues, reports.currencies,
        places, *found,
    )  # fmt: skip
    found = PlainSales(*(column[:number] for column in found))
    return found.where(~np.isin(found.indices, [*reports.read])) if reports.read else found


def sell_plain(
    events: Events,
    reports: Reports,
    places: Ints,
    found: PlainSales,
    memory: Memory,
    reported: Collection[OrderKey],
) -> Sold:
    """Keep and count those of the sales found whose orders nothing else is said of: neither before nor here.

    `reported` are the orders of the batch's other reports.
    """
    store, at = memory.orders, found.indices
    leaves = list(map(store.sales.places.__getitem__, places[at].tolist()))
    by = _attributed(reports.attributions[at], leaves)
    currencies = np.where(found.nanos >= 0, reports.currencies[at], -1)
    keys = _keys(events, reports, at, leaves)
    orders = _orders(events, at, leaves, by, currencies, found)
    new = np.array(store.take(keys, orders, reported), np.bool_)
    at = at[new]
    lines = store.sales.lines(places[at], events.kinds[at].astype(np.int64), by[new], currencies[new])
    store.sales.add(Sales(lines, events.times[at] // TICK, found.orders[new], found.nanos[new]))
    memory.leaves.sell_here(compress(leaves, new.tolist()), events.times[at].tolist())
    return Sold(at, list(compress(zip(keys, orders, strict=True), new.tolist())))


def _attributed(attributions: Smalls, leaves: Sequence[Leaf]) -> Ints:
    """Return how the influencers of sales were found; one that is named without a word is declared."""
    named = np.array([leaf.influencer != ABSENT for leaf in leaves], np.bool_)
    return np.where(named, np.where(attributions < 0, _DECLARED, attributions), BY_NOBODY)


def _keys(events: Events, reports: Reports, at: Ints, leaves: Sequence[Leaf]) -> list[OrderKey]:
    """Return the keys of orders, as models.state.orders does of each."""
    names_order = reports.order_lengths[at] >= 0
    starts = np.where(names_order, reports.order_starts[at], events.id_starts[at])
    lengths = np.where(names_order, reports.order_lengths[at], events.id_lengths[at])
    columns = (
        (leaf.campaign for leaf in leaves),
        map(_KINDS.__getitem__, events.kinds[at].tolist()),
        texts_in(events.buffer, starts, lengths),
        (~names_order).tolist(),
    )
    return list(map(OrderKey._make, zip(*columns, strict=True)))


def _orders(
    events: Events, at: Ints, leaves: Sequence[Leaf], by: Ints, currencies: Ints, found: PlainSales
) -> list[Order]:
    """Return orders of one sale each, as models.state.orders does of each."""
    times, ids = (
        events.times[at].tolist(),
        texts_in(events.buffer, events.id_starts[at], events.id_lengths[at]),
    )
    attributed = map(_BY.__getitem__, by.tolist())
    sales = map(Sale._make, zip(times, ids, leaves, found.orders.tolist(), attributed, strict=True))
    listed = currencies.tolist()
    codes = {number: currency_of(number) for number in {*listed} - {-1}}
    amounts = zip(times, ids, found.nanos.tolist(), map(codes.get, listed), strict=True)
    prices = (None if amount[-1] is None else Price._make(amount) for amount in amounts)
    return list(map(Order._make, zip(sales, prices, repeat(False), repeat(NO_REFUNDS))))


@compiled
def choose(
    statuses: Smalls, counts: Ints, order_lengths: Ints, revenues: Floats, currencies: Ints, places: Ints,
    indices: Ints, orders: Ints, nanos: Ints,
) -> int:  # fmt: skip
    """List the confirmed sales at known places whose amount is sure; return how many they are."""
    number = 0
    for index in range(len(statuses)):
        priced = revenues[index] >= 0 and currencies[index] >= 0
        amount = _nanos_of(revenues[index]) if priced else _NO_PRICE
        # What names its order is one, whatever it says.
        stands_for = counts[index] if order_lengths[index] < 0 else _ONE
        if statuses[index] == 0 and places[index] >= 0 and amount != _UNSURE and stands_for <= _MOST_ORDERS:
            indices[number], orders[number], nanos[number] = index, stands_for, amount
            number += 1
    return number


@inlined
def _nanos_of(amount: np.float64) -> np.int64:
    """Round an amount to whole billionths as models.campaigns.money does, if that is sure; else _UNSURE.

    An amount is half of its last bit away from what was written, at most, and the product as much again from
    what it should be: below 2⁵⁰ both together make a quarter of a billionth.
    """
    if amount < _SURE_WHOLE and amount == np.floor(amount):
        return I64(amount) * _NANOS_OF_WHOLE
    product = amount * _NANOS
    whole = np.rint(product)
    return I64(whole) if product < _SURE_NANOS and abs(product - whole) < _SURE_REST else _UNSURE
