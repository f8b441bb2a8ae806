"""Orders of shops and networks as events of ours: a sale, and what takes it back.

The ids of these events come from what is told, not from how it was delivered: a repeated report, or another
that tells the same of the same order, is the same event.
"""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from models.kinds import USUAL_CONVERSION
from models.scopes import ABSENT
from models.times import format_time
from producers.collector.attribution import Attributed

Adjusting = Literal["cancelled", "refunded"]

_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in units of a currency (ISO 4217), not below zero."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Order:
    """An order as its sender (`source`) calls it, and the time that it counts at, in microseconds."""

    source: str
    id: str | None
    at: int
    kind: str = USUAL_CONVERSION


def sale(order: Order, attributed: Attributed, event_id: str, money: Money | None) -> dict[str, Any]:
    """Return the event of an order that counts in a campaign."""
    assert attributed.leaf is not None
    leaf = attributed.leaf
    named = {
        "influencer_id": leaf.influencer,
        "content_id": leaf.content,
        "channel": leaf.channel,
        "format": leaf.format,
    }
    return {
        **_of_order(order, leaf.campaign, event_id),
        **{name: value for name, value in named.items() if value != ABSENT},
        **({"attributed_by": attributed.by} if attributed.by else {}),
        **_paid(money),
    }


def adjustment(
    order: Order, campaign: str, status: Adjusting, event_id: str, money: Money | None
) -> dict[str, Any]:
    """Return the event that takes an order back; without money, all of it."""
    return {**_of_order(order, campaign, event_id), "status": status, **_paid(money)}


def derived_id(*parts: str) -> str:
    """Return an event id that is the same for the same parts, in their order: 32 hexadecimal digits."""
    told = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest()[:_ID_BYTES].hex()


def _of_order(order: Order, campaign: str, event_id: str) -> dict[str, Any]:
    return {
        "type": "conversion",
        "event_id": event_id,
        "event_time": format_time(order.at),
        "campaign_id": campaign,
        "kind": order.kind,
        **({"order_id": order.id} if order.id is not None else {}),
        "source": order.source,
    }


def _paid(money: Money | None) -> dict[str, Any]:
    return {"revenue": float(money.amount), "currency": money.currency} if money else {}
