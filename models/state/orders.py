"""Orders: reports and adjustments merged, whichever arrives first and however often.

Every merge is a minimum, a maximum, a union or an `or`: commutative, associative and idempotent, so a
redelivered or repeated report changes nothing.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from models.campaigns.campaign import CurrencyRates
from models.campaigns.money import exchange_rate, to_nanos
from models.core.whole import pack_whole, unpack_whole
from models.events.schema import Adjustment, Conversion
from models.kinds import USUAL_CONVERSION
from models.scopes import ABSENT, Leaf, leaf_of
from models.tally import Tally


class OrderKey(NamedTuple):
    """What tells orders apart.

    `alone`: a conversion that names no order stands for itself, under its event id; an order of that name is
    another one.
    """

    campaign: str
    kind: str
    id: str
    alone: bool = False


class Sale(NamedTuple):
    """One confirmed report; of several, the least by (time, event_id) counts.

    `orders` is above 1 where it reports so many at once; `attributed_by` says how the producer found
    its influencer.
    """

    time: int
    event_id: str
    leaf: Leaf
    orders: int = 1
    attributed_by: str | None = None


class Price(NamedTuple):
    """What one confirmed report says was paid, in nanos; of several, the least by (time, event_id) counts."""

    time: int
    event_id: str
    amount: int
    currency: str


class Refund(NamedTuple):
    """An amount given back, in nanos; None: all of it."""

    amount: int | None
    currency: str | None


NO_REFUNDS: Mapping[str, Refund] = MappingProxyType({})


class Order(NamedTuple):
    """What is known of one order."""

    sale: Sale | None = None
    price: Price | None = None
    cancelled: bool = False
    refunds: Mapping[str, Refund] = NO_REFUNDS

    def merge(self, other: "Order") -> "Order":
        """Combine what two reports know."""
        sales = [sale for sale in (self.sale, other.sale) if sale is not None]
        return Order(
            sale=min(sales, key=_rank, default=None),
            price=min(filter(None, (self.price, other.price)), default=None),
            cancelled=self.cancelled or other.cancelled,
            refunds=_union(self.refunds, other.refunds) if other.refunds else self.refunds,
        )

    def tally(self, kind: str, rates: CurrencyRates | None) -> Tally:
        """Count the order of a kind where its sale counts: gross, and net of cancellation and refunds."""
        if self.sale is None:
            return {}
        count = self.sale.orders
        if self.cancelled:
            return {f"orders:{kind}": count, "cancellations": count}
        counts = {
            f"orders:{kind}": count,
            f"conversions:{kind}": count,
            f"squares:conversions:{kind}": count * count,
        }
        if self.sale.attributed_by is not None:
            counts[f"attributed:{self.sale.attributed_by}"] = count
        if self.price is not None:
            counts[f"valued:{kind}"] = count
            revenue = f"revenue:{kind}:{self.price.currency}"
            net = self.net_revenue(rates)
            counts |= {revenue: net, f"squares:{revenue}": net * net} if net else {}
        return counts

    def net_revenue(self, rates: CurrencyRates | None) -> int:
        """Return what was paid less what was given back, in nanos of its currency, never below zero.

        A part that was given back in a currency without a rate may be anything up to the whole; it is taken
        to be the whole.
        """
        if self.price is None:
            return 0
        price = self.price
        return max(0, price.amount - sum(_taken(refund, price, rates) for refund in self.refunds.values()))

    @property
    def foreign(self) -> bool:
        """Whether a part was given back in another currency than was paid in, so that rates matter."""
        return self.price is not None and any(
            refund.amount is not None and refund.currency != self.price.currency
            for refund in self.refunds.values()
        )


def _union(one: Mapping[str, Refund], other: Mapping[str, Refund]) -> dict[str, Refund]:
    """Join refunds by event_id; of two amounts under one id the greater counts, whichever came first."""
    return {
        event_id: max((found[event_id] for found in (one, other) if event_id in found), key=_amount)
        for event_id in {**one, **other}
    }


def _amount(refund: Refund) -> tuple[float, str]:
    return math.inf if refund.amount is None else refund.amount, refund.currency or ""


def _rank(sale: Sale) -> tuple[object, ...]:
    return (*sale[:-1], sale.attributed_by or "")


def _taken(refund: Refund, price: Price, rates: CurrencyRates | None) -> int:
    if refund.amount is None or refund.currency is None:
        return price.amount
    if refund.currency == price.currency:
        return refund.amount
    rate = exchange_rate(rates, refund.currency, price.currency)
    return price.amount if rate is None else round(refund.amount * rate)


def order_of_sale(event: Conversion, time: int, leaf: Leaf) -> Order:
    """See one confirmed conversion, which counts at a time and a leaf, as an order."""
    by = None if event.influencer_id == ABSENT else event.attributed_by or "declared"
    orders = event.count if event.order_id is None else 1
    sale = Sale(time, event.event_id, leaf, orders, by)
    if event.revenue is None or event.currency is None:
        return Order(sale)
    return Order(sale, Price(time, event.event_id, to_nanos(event.revenue), event.currency))


def order_of_adjustment(event: Adjustment) -> Order:
    """See one cancellation or refund as an order whose sale is not known yet."""
    if event.status == "cancelled":
        return Order(cancelled=True)
    amount = None if event.revenue is None else to_nanos(event.revenue)
    return Order(refunds={event.event_id: Refund(amount, event.currency)})


def key_of(event: Conversion | Adjustment) -> OrderKey:
    """Return the key of the order that a conversion or an adjustment is about."""
    kind = event.kind or USUAL_CONVERSION
    if event.order_id is None:
        return OrderKey(event.campaign_id, kind, event.event_id, alone=True)
    return OrderKey(event.campaign_id, kind, event.order_id)


def encode_order(order: Order) -> list[Any]:
    """Turn an order into lists, texts and numbers, for MessagePack."""
    price = order.price and (*order.price[:2], pack_whole(order.price.amount), order.price.currency)
    refunds = {
        event_id: (None if amount is None else pack_whole(amount), currency)
        for event_id, (amount, currency) in order.refunds.items()
    }
    return [order.sale, price, order.cancelled, refunds]


def decode_order(data: list[Any]) -> Order:
    """Turn what MessagePack held back into the order."""
    sale, price, cancelled, refunds = data
    return Order(
        None if sale is None else _with_leaf(Sale(*sale)),
        None if price is None else _whole_price(*price),
        cancelled,
        {
            event_id: Refund(None if amount is None else unpack_whole(amount), currency)
            for event_id, (amount, currency) in refunds.items()
        },
    )


def _with_leaf(sale: Sale) -> Sale:
    return sale._replace(leaf=leaf_of(sale.leaf))


def _whole_price(time: int, event_id: str, amount: int | str, currency: str) -> Price:
    return Price(time, event_id, unpack_whole(amount), currency)
