"""Webhooks of Stripe: Checkout's sessions, payment intents marked as ours, refunds of charges, credit notes.

An order is called by its payment intent, a subscription's first by its invoice: sale and refund both name it.
Since the API's version 2025-03-31 charges do not name their invoice, nor does anything else that both would:
then its credit note is the refund. Later invoices of a subscription are no new orders. Revenue is what was
paid less tax and shipping, where the body tells them: a session does, payment intents and charges do not.
Amounts come in the currency's least unit.
"""

import binascii
import re
from decimal import Decimal

from models.times import SECOND
from producers.collector.attribution import Attribution
from producers.collector.click import CLICK_ID
from producers.collector.click_ids import may_be_click_id
from producers.collector.hooks.shop import CODE, Brought, Shop, noted, together
from producers.collector.incoming import Incoming, NotAccepted, Translated
from producers.collector.orders import Money, Order
from producers.collector.secrets import Hook
from producers.collector.signatures import is_signed
from producers.collector.untrusted import (
    JsonObject,
    object_in,
    objects_in,
    read_object,
    required_in,
    text_in,
    whole_in,
)

_SESSIONS = ("checkout.session.completed", "checkout.session.async_payment_succeeded")
_CREDIT_NOTES_TELL = "2025-03-31"
_TOLERANCE = 300 * SECOND
_HEX = re.compile(r"[0-9a-f]{64}")
_UNIX = re.compile(r"[0-9]{10}")
# Stripe's page on currencies. ISK and UGX have no decimals any more, and yet are told in hundredths.
_WHOLE = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF")
)
_THOUSANDTHS = frozenset(("BHD", "JOD", "KWD", "OMR", "TND"))


def translate(incoming: Incoming, name: str, hook: Hook, attribution: Attribution) -> Translated:
    """Read a webhook of the account that is known by `name`.

    Raises:
        NotAccepted: 401 where it is not signed by a secret of the endpoint, or was signed more than five
            minutes ago or ahead, 400 where its body is none of Stripe's.

    """
    _check(incoming, hook)
    event = read_object(incoming.body)
    told, topic = object_in(object_in(event, "data"), "object"), text_in(event, "type")
    if event.get("livemode") is not True:
        return noted("test_order")
    shop = Shop(name, hook, attribution, incoming.now)
    if topic in _SESSIONS:
        return _session(shop, told)
    if topic == "payment_intent.succeeded":
        return _intent(shop, told)
    if topic == "credit_note.created":
        return _credit_note(shop, event, told)
    return _refunds(shop, event, told) if topic == "charge.refunded" else noted("ignored_topic")


def _check(incoming: Incoming, hook: Hook) -> None:
    """Check `t=…,v1=…`, of which there may be several `v1` while Stripe takes a new secret."""
    parts = [part.strip().partition("=") for part in incoming.headers.get("stripe-signature", "").split(",")]
    times = [value for key, _, value in parts if key == "t" and _UNIX.fullmatch(value)]
    given = [binascii.unhexlify(value) for key, _, value in parts if key == "v1" and _HEX.fullmatch(value)]
    if not times or not is_signed(hook.secrets, times[0].encode() + b"." + incoming.body, *given):
        raise NotAccepted(401, "bad_signature", "stripe-signature")
    if abs(incoming.now - int(times[0]) * SECOND) > _TOLERANCE:
        raise NotAccepted(401, "stale_signature", "stripe-signature")


def _session(shop: Shop, told: JsonObject) -> Translated:
    mode, paid = text_in(told, "mode"), text_in(told, "payment_status")
    if mode not in ("payment", "subscription"):
        return noted("ignored_topic")
    if paid not in ("paid", "no_payment_required"):
        return noted("unpaid")
    first, second = ("invoice", "payment_intent") if mode == "subscription" else ("payment_intent", "invoice")
    return shop.sold(_order(shop, told, first, second, "id"), _brought(told), _goods(told))


def _goods(told: JsonObject) -> Money | None:
    """Return what was paid in a session less shipping and tax; a part of the tax may be the shipping's."""
    money = _money(told, "amount_total")
    if money is None:
        return None
    details, shipping = object_in(told, "total_details"), object_in(told, "shipping_cost")
    tax = (whole_in(details, "amount_tax") or 0) - (whole_in(shipping, "amount_tax") or 0)
    shipped = whole_in(shipping, "amount_total")
    if shipped is None:
        shipped = whole_in(details, "amount_shipping") or 0
    net = money.amount - _units(max(tax, 0) + max(shipped, 0), money.currency)
    return Money(max(net, Decimal(0)), money.currency)


def _intent(shop: Shop, told: JsonObject) -> Translated:
    """Take an intent that bears our metadata; those of Checkout bear none, and their session counts."""
    brought = _brought(told)
    if brought.click_id is None and not brought.codes:
        return noted("ignored_topic")
    # Its session, where it has one, knows the tax. Both must be heard: what was created first counts.
    return shop.sold(_order(shop, told, "id"), brought, _money(told, "amount_received"), "intent")


def _refunds(shop: Shop, event: JsonObject, told: JsonObject) -> Translated:
    """Take each refund of a charge by its id, or, where an account's version lists none, what is new."""
    order, brought = _order(shop, told, "invoice", "payment_intent", "id"), _brought(told)
    at = _time(event)
    listed = [one for one in objects_in(object_in(told, "refunds"), "data") if one.get("status") != "failed"]
    if listed:
        parts = [(text_in(one, "id") or "", _money(one, "amount")) for one in listed]
    else:
        parts = [_newly_refunded(event, told)]
    return together(
        *(shop.took_back(order, brought, "refunded", at, part, money) for part, money in parts if money)
    )


def _credit_note(shop: Shop, event: JsonObject, told: JsonObject) -> Translated:
    """Take what an invoice gives back; in the versions before, its charge tells that."""
    if (text_in(event, "api_version") or "") < _CREDIT_NOTES_TELL:
        return noted("ignored_topic")
    money = _money(told, "total_excluding_tax") or _money(told, "amount")
    if money is None:
        return noted("nothing_refunded")
    order, called = _order(shop, told, "invoice"), text_in(told, "id") or ""
    return shop.took_back(order, _brought(told), "refunded", _time(event), called, money)


def _newly_refunded(event: JsonObject, told: JsonObject) -> tuple[str, Money | None]:
    before = whole_in(object_in(object_in(event, "data"), "previous_attributes"), "amount_refunded") or 0
    total, currency = whole_in(told, "amount_refunded"), text_in(told, "currency")
    if total is None or currency is None or total <= before:
        return "", None
    return f"{before}-{total}", Money(_units(total - before, currency.upper()), currency.upper())


def _order(shop: Shop, told: JsonObject, *fields: str) -> Order:
    return Order(shop.name, required_in(told, *fields), _time(told))


def _time(told: JsonObject) -> int:
    created = whole_in(told, "created")
    if created is None or not 0 < created < 1 << 32:
        raise NotAccepted(400, "missing_field", "created")
    return created * SECOND


def _brought(told: JsonObject) -> Brought:
    """Take what the metadata say; a payment link carries a click id as its `client_reference_id` alone."""
    metadata, reference = object_in(told, "metadata"), text_in(told, "client_reference_id") or ""
    carried = reference if may_be_click_id(reference) else None
    code = text_in(metadata, CODE)
    return Brought(text_in(metadata, CLICK_ID) or carried, (code,) if code else ())


def _money(told: JsonObject, field: str) -> Money | None:
    amount, currency = whole_in(told, field), text_in(told, "currency")
    if amount is None or amount < 0 or currency is None:
        return None
    return Money(_units(amount, currency.upper()), currency.upper())


def _units(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(0 if currency in _WHOLE else -3 if currency in _THOUSANDTHS else -2)
