"""Orders: reports and adjustments merged, whichever arrives first and however often.

Every merge is a minimum, a maximum, a union or an `or`: commutative, associative and idempotent, so a
redelivered or repeated report changes nothing.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from models.campaigns.campaign import CurrencyRates
from models.campaigns.money import exchange_rate, to_micros
from models.events.schema import Adjustment, Conversion
from models.scopes import Leaf
from models.tally import Tally


class Sale(NamedTuple):
    """One confirmed report; of several, the least by (time, event_id) counts."""

    time: int
    event_id: str
    leaf: Leaf
    kind: str
    revenue: int
    currency: str | None


class Refund(NamedTuple):
    """An amount given back, in micros; None: all of it."""

    revenue: int | None
    currency: str | None


_NO_REFUNDS: Mapping[str, Refund] = MappingProxyType({})


class Order(NamedTuple):
    """What is known of one order."""

    sale: Sale | None = None
    cancelled: bool = False
    refunds: Mapping[str, Refund] = _NO_REFUNDS

    def merge(self, other: "Order") -> "Order":
        """Combine what two reports know."""
        sales = [sale for sale in (self.sale, other.sale) if sale is not None]
        return Order(
            sale=min(sales, key=_rank, default=None),
            cancelled=self.cancelled or other.cancelled,
            refunds=_union(self.refunds, other.refunds) if other.refunds else self.refunds,
        )

    def tally(self, rates: CurrencyRates | None) -> Tally:
        """Count the order where its sale counts: conversions and revenue net, orders gross."""
        if self.sale is None:
            return {}
        if self.cancelled:
            return {f"orders:{self.sale.kind}": 1, "cancellations": 1}
        kind = self.sale.kind
        counts = {f"orders:{kind}": 1, f"conversions:{kind}": 1}
        revenue = self.net_revenue(rates)
        if self.sale.currency:
            # Beside the revenue, which may be 0 once it is given back.
            counts[f"valued:{kind}"] = 1
        if revenue and self.sale.currency:
            counts[f"revenue:{kind}:{self.sale.currency}"] = revenue
        for refund in self._unconvertible(rates) if self.refunds else ():
            # In its own currency, which cannot be converted: so the revenue is unknown, and not wrong.
            name = f"revenue:{kind}:{refund.currency}"
            counts[name] = counts.get(name, 0) - 1
        return counts

    def net_revenue(self, rates: CurrencyRates | None) -> int:
        """Return the sale's revenue less its refunds, in micros of its currency, never below zero.

        A refund in a currency without a rate is ignored.
        """
        if self.sale is None or self.sale.currency is None:
            return 0
        if not self.refunds:
            return self.sale.revenue
        refunded = sum(_in_sale_currency(refund, self.sale, rates) for refund in self.refunds.values())
        return max(0, self.sale.revenue - refunded)

    def _unconvertible(self, rates: CurrencyRates | None) -> list[Refund]:
        sale = self.sale
        if sale is None or sale.currency is None:
            return []
        return [
            refund
            for refund in self.refunds.values()
            if refund.currency and exchange_rate(rates, refund.currency, sale.currency) is None
        ]

    @property
    def foreign(self) -> bool:
        """Whether a refund names another currency than the sale, so that rates matter."""
        return self.sale is not None and any(
            refund.currency not in (None, self.sale.currency) for refund in self.refunds.values()
        )


def _union(one: Mapping[str, Refund], other: Mapping[str, Refund]) -> dict[str, Refund]:
    """Join refunds by event_id; of two amounts under one id the greater counts, whichever came first."""
    return {
        event_id: max((found[event_id] for found in (one, other) if event_id in found), key=_amount)
        for event_id in {**one, **other}
    }


def _amount(refund: Refund) -> tuple[float, str]:
    return math.inf if refund.revenue is None else refund.revenue, refund.currency or ""


def _rank(sale: Sale) -> tuple[object, ...]:
    return (*sale[:-1], sale.currency or "")


def _in_sale_currency(refund: Refund, sale: Sale, rates: CurrencyRates | None) -> int:
    if refund.revenue is None or refund.currency is None or sale.currency is None:
        return sale.revenue
    rate = exchange_rate(rates, refund.currency, sale.currency)
    return 0 if rate is None else round(refund.revenue * rate)


def order_of_sale(event: Conversion, time: int, leaf: Leaf) -> Order:
    """See one confirmed conversion as an order."""
    revenue = to_micros(event.revenue) if event.revenue is not None else 0
    currency = event.currency if event.revenue is not None else None
    return Order(Sale(time, event.event_id, leaf, event.kind, revenue, currency))


def order_of_adjustment(event: Adjustment) -> Order:
    """See one cancellation or refund as an order whose sale is not known yet."""
    if event.status == "cancelled":
        return Order(cancelled=True)
    amount = None if event.revenue is None else to_micros(event.revenue)
    return Order(refunds={event.event_id: Refund(amount, event.currency)})


def encode_order(order: Order) -> list[Any]:
    """Turn an order into lists, texts and numbers, for MessagePack."""
    return [order.sale, order.cancelled, dict(order.refunds)]


def decode_order(data: list[Any]) -> Order:
    """Turn what MessagePack held back into the order."""
    sale, cancelled, refunds = data
    return Order(
        None if sale is None else _with_leaf(Sale(*sale)),
        cancelled,
        {event_id: Refund(*refund) for event_id, refund in refunds.items()},
    )


def _with_leaf(sale: Sale) -> Sale:
    return sale._replace(leaf=Leaf(*sale.leaf))
