"""Webhooks of WooCommerce: `order.created` and `order.updated`, which both bring the whole order each time.

So each delivery says again that the order is sold, and what of it was paid back: ids that come from the order
make these the same events. Revenue is the total less tax and shipping; of a refund, of which only the sum is
told, the same share.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from producers.collector.attribution import Attribution
from producers.collector.click import CLICK_ID
from producers.collector.hooks.shop import RENEWAL, Brought, Shop, click_id_of, noted, together
from producers.collector.incoming import Incoming, NotAccepted, Translated
from producers.collector.orders import Money, Order
from producers.collector.secrets import Hook
from producers.collector.signatures import base64_mac, is_signed
from producers.collector.untrusted import (
    JsonObject,
    decimal_in,
    objects_in,
    read_object,
    required_in,
    text_in,
    time_of,
)

_TOPICS = ("order.created", "order.updated")
_PLACED = frozenset(("processing", "completed", "refunded"))
_SIGNATURE = "x-wc-webhook-signature"
# Sent once, when a webhook is saved; it is not signed, and says nothing but its own number.
_PING = re.compile(rb"webhook_id=[0-9]{1,20}")
_SESSION_ENTRY = "_wc_order_attribution_session_entry"
# WooCommerce Subscriptions: the subscription that an order renews, whose click id it copies.
_RENEWED = "_subscription_renewal"
_FINEST = Decimal("0.0001")


def translate(incoming: Incoming, name: str, hook: Hook, attribution: Attribution) -> Translated:
    """Read a webhook of the shop that is known by `name`.

    Raises:
        NotAccepted: 401 where it is not signed by a secret of the webhook, 400 where its body is none of
            WooCommerce's.

    """
    if _PING.fullmatch(incoming.body):
        return noted("ping")
    if not is_signed(hook.secrets, incoming.body, base64_mac(incoming.headers.get(_SIGNATURE, ""))):
        raise NotAccepted(401, "bad_signature", _SIGNATURE)
    if incoming.headers.get("x-wc-webhook-topic") not in _TOPICS:
        return noted("ignored_topic")
    return _order(Shop(name, hook, attribution, incoming.now), read_object(incoming.body))


def _order(shop: Shop, body: JsonObject) -> Translated:
    status, meta = text_in(body, "status"), _meta(body)
    # A payment that failed may be tried again: only a cancellation is final. A draft has no times yet.
    if status not in _PLACED and status != "cancelled":
        return noted("unpaid")
    if meta.get(_RENEWED) is not None:
        return noted(RENEWAL)
    order = Order(shop.name, required_in(body, "id"), _time(body, "date_created_gmt"))
    brought = _brought(body, meta)
    if status == "cancelled":
        return shop.took_back(order, brought, "cancelled", _time(body, "date_modified_gmt"))
    total, paid = decimal_in(body, "total"), _paid(body)
    return together(shop.sold(order, brought, paid), *_refunds(shop, order, brought, body, total, paid))


def _refunds(
    shop: Shop, order: Order, brought: Brought, body: JsonObject, total: Decimal | None, paid: Money | None
) -> Iterator[Translated]:
    """Take each refund that the order lists, as the share of what was paid for goods."""
    for one in objects_in(body, "refunds"):
        called, given_back = text_in(one, "id"), decimal_in(one, "total")
        if called and given_back and total and paid:
            share = min(abs(given_back) / total, Decimal(1))
            money = Money((paid.amount * share).quantize(_FINEST), paid.currency)
            yield shop.took_back(order, brought, "refunded", _time(body, "date_modified_gmt"), called, money)


def _time(body: JsonObject, field: str) -> int:
    """Read a time, which is in UTC and does not say so."""
    told = required_in(body, field)
    return time_of(told if told.endswith("Z") else f"{told}Z", field)


def _meta(body: JsonObject) -> dict[str | None, str | None]:
    return {text_in(one, "key"): text_in(one, "value") for one in objects_in(body, "meta_data")}


def _brought(body: JsonObject, meta: Mapping[str | None, str | None]) -> Brought:
    """Take the click id from the order's meta data, else from the address that the visit began at."""
    click_id = meta.get(CLICK_ID) or click_id_of(meta.get(_SESSION_ENTRY))
    codes = (text_in(one, "code") for one in objects_in(body, "coupon_lines"))
    return Brought(click_id, tuple(code for code in codes if code))


def _paid(body: JsonObject) -> Money | None:
    total, currency = decimal_in(body, "total"), text_in(body, "currency")
    if total is None or currency is None:
        return None
    beside = [decimal_in(body, field) or Decimal(0) for field in ("total_tax", "shipping_total")]
    return Money(max(total - sum(beside, Decimal(0)), Decimal(0)), currency)
