"""Orders and refunds as conversions: a sale, and what takes it back."""

from decimal import Decimal
from typing import Any

from models.scopes import ABSENT
from producers.imports.columns import Field, SaleColumns
from producers.imports.import_map import CURRENCY, ImportMap, Orders, Refunds
from producers.imports.numbers import read_number
from producers.imports.table import Row
from producers.imports.values import SHOWN, Unreadable, given, read_cell

Event = dict[str, Any]
"""The fields of an event."""


def sale_events(found: ImportMap, columns: SaleColumns, row: Row, leaf: Event) -> list[Event]:
    """Return the conversions of a row, without id, time and source.

    Raises:
        Unreadable: a cell of it cannot be read.

    """
    amount = _amount(found, columns, row)
    if found.refunds:
        return [_refund(found.refunds, columns, row, leaf, amount)]
    assert found.orders is not None
    return _order(found.orders, columns, row, leaf, amount)


def _order(orders: Orders, columns: SaleColumns, row: Row, leaf: Event, amount: Event) -> list[Event]:
    sale = _sale(orders, columns, row, leaf)
    status = "confirmed"
    if columns.status:
        status = read_cell(columns.status, row, lambda said: _status(said, orders))
    by = {"attributed_by": orders.attributed_by} if _is_attributed(orders, leaf) else {}
    sold = [{**sale, **amount, **by}]
    return sold if status == "confirmed" else [*sold, {**sale, "status": status}]


def _refund(refunds: Refunds, columns: SaleColumns, row: Row, leaf: Event, amount: Event) -> Event:
    if not amount and columns.amount:
        raise Unreadable(columns.amount[0].name, "says no amount")
    return {**_sale(refunds, columns, row, leaf), **amount, "status": "refunded"}


def _sale(sale: Orders | Refunds, columns: SaleColumns, row: Row, leaf: Event) -> Event:
    order_id = read_cell(columns.order_id, row, _order_id)
    return {"type": "conversion", "kind": sale.kind, **leaf, "order_id": order_id}


def _is_attributed(orders: Orders, leaf: Event) -> bool:
    return orders.attributed_by is not None and leaf.get("influencer_id", ABSENT) != ABSENT


def _amount(found: ImportMap, columns: SaleColumns, row: Row) -> Event:
    if columns.amount is None:
        return {}
    revenue, currency = columns.amount
    unsigned = _without_minus if found.refunds else str
    amount = read_cell(revenue, row, lambda text: read_number(unsigned(text), found.numbers.decimal))
    return {} if amount is None else {"revenue": _plain(amount), "currency": _currency(currency, row)}


def _without_minus(text: str) -> str:
    """Return what a refund gave back, whether the shop wrote that as an amount or as what it lost."""
    return text.strip().removeprefix("-").removeprefix("−")


def _currency(field: Field, row: Row) -> str:
    said = given(field, row) or field.value.otherwise or ""
    if not CURRENCY.fullmatch(said.upper()):
        rule = f"{said[:SHOWN] or 'an empty cell'} is no currency: a code of three letters is, such as EUR"
        raise Unreadable(field.column.name if field.column else "", rule)
    return said.upper()


def _plain(number: Decimal) -> int | float:
    return int(number) if number == int(number) else float(number)


def _order_id(said: str) -> str:
    if not said:
        raise ValueError("is empty: which order is it?")
    return said


def _status(said: str, orders: Orders) -> str:
    if said not in orders.statuses:
        raise ValueError(f"{said[:SHOWN] or 'an empty cell'} is not listed in the map's statuses")
    return orders.statuses[said]
