"""Webhooks of Shopify: orders that are created, paid, updated and cancelled, and refunds.

Revenue is what was paid for goods: `subtotal_price`, which is after discounts and without shipping, less the
tax of the lines where prices include it. A refund gives back what its lines cost, less the tax in their
prices, at most what was paid back. A subscription's later orders are no new ones.
"""

from decimal import Decimal

from producers.collector.attribution import Attribution
from producers.collector.click import CLICK_ID
from producers.collector.hooks.shop import NOTHING, RENEWAL, Brought, Shop, click_id_of, noted
from producers.collector.incoming import Incoming, NotAccepted, Translated
from producers.collector.orders import Money, Order
from producers.collector.secrets import Hook
from producers.collector.signatures import base64_mac, is_signed
from producers.collector.untrusted import (
    JsonObject,
    decimal_in,
    object_in,
    objects_in,
    read_object,
    required_in,
    text_in,
    time_of,
)

_SIGNATURE = "x-shopify-hmac-sha256"
_ORDERS = ("orders/create", "orders/paid", "orders/updated")
# An order that is authorized is placed: many shops take the money when they ship.
_PLACED = frozenset(("authorized", "partially_paid", "paid", "partially_refunded", "refunded"))

# What makes the later orders of a subscription, formerly and today; the first is made in the shop.
_RENEWING = frozenset(("subscription_contract", "subscription_contract_checkout_one"))


def translate(incoming: Incoming, name: str, hook: Hook, attribution: Attribution) -> Translated:
    """Read a webhook of the shop that is known by `name`.

    Raises:
        NotAccepted: 401 where it is not signed by a secret of the shop, 400 where its body is none of
            Shopify's.

    """
    if not is_signed(hook.secrets, incoming.body, base64_mac(incoming.headers.get(_SIGNATURE, ""))):
        raise NotAccepted(401, "bad_signature", _SIGNATURE)
    topic, body = incoming.headers.get("x-shopify-topic", ""), read_object(incoming.body)
    shop = Shop(name, hook, attribution, incoming.now)
    if topic in _ORDERS:
        return _order(shop, body)
    if topic == "orders/cancelled":
        return _cancelled(shop, body)
    return _refund(shop, body) if topic == "refunds/create" else noted("ignored_topic")


def _order(shop: Shop, body: JsonObject) -> Translated:
    if body.get("test") is True:
        return noted("test_order")
    if body.get("cancelled_at") is not None:
        return _cancelled(shop, body)
    if text_in(body, "source_name") in _RENEWING:
        return noted(RENEWAL)
    if text_in(body, "financial_status") not in _PLACED:
        return noted("unpaid")
    return shop.sold(_order_of(shop, body, "id"), _brought(body), _paid(body))


def _cancelled(shop: Shop, body: JsonObject) -> Translated:
    if body.get("test") is True:
        return noted("test_order")
    return shop.took_back(
        _order_of(shop, body, "id"), _brought(body), "cancelled", _time(body, "cancelled_at", "updated_at")
    )


def _refund(shop: Shop, body: JsonObject) -> Translated:
    if any(one.get("test") is True for one in objects_in(body, "transactions")):
        return noted("test_order")
    refund, money = required_in(body, "id"), _paid_back(body)
    if money is None:
        return noted("nothing_refunded")
    order = _order_of(shop, body, "order_id")
    return shop.took_back(order, NOTHING, "refunded", order.at, refund, money)


def _order_of(shop: Shop, body: JsonObject, field: str) -> Order:
    return Order(shop.name, required_in(body, field), _time(body, "created_at", "processed_at"))


def _time(body: JsonObject, *fields: str) -> int:
    """Return the first time that a body tells."""
    return time_of(required_in(body, *fields), fields[0])


def _brought(body: JsonObject) -> Brought:
    """Take the click id from the note attributes, else from the address that the visit began at."""
    attributes = {text_in(one, "name"): text_in(one, "value") for one in objects_in(body, "note_attributes")}
    click_id = attributes.get(CLICK_ID) or click_id_of(text_in(body, "landing_site"))
    codes = (text_in(one, "code") for one in objects_in(body, "discount_codes"))
    return Brought(click_id, tuple(code for code in codes if code))


def _paid(body: JsonObject) -> Money | None:
    amount, currency = decimal_in(body, "subtotal_price"), text_in(body, "currency")
    if amount is None or currency is None:
        return None
    if body.get("taxes_included") is True:
        amount -= _tax(body)
    return Money(max(amount, Decimal(0)), currency)


def _tax(body: JsonObject) -> Decimal:
    """Add up the tax of the lines; of the whole order where no line tells any."""
    lines = [tax for line in objects_in(body, "line_items") for tax in objects_in(line, "tax_lines")]
    told = [decimal_in(tax, "price") or Decimal(0) for tax in lines]
    return sum(told, Decimal(0)) if told else decimal_in(body, "total_tax") or Decimal(0)


def _paid_back(body: JsonObject) -> Money | None:
    """Return what the lines of a refund cost, at most what was paid back; None where nothing was."""
    returned, paid = _returned(body), _transferred(body)
    if returned is not None and paid is not None and returned.currency == paid.currency:
        return Money(min(returned.amount, paid.amount), paid.currency)
    return returned or paid


def _returned(body: JsonObject) -> Money | None:
    return _sum([_goods(line) for line in objects_in(body, "refund_line_items")])


def _goods(line: JsonObject) -> tuple[Decimal | None, str | None]:
    """Return what a line of a refund cost without tax, and its currency."""
    cost, tax = (object_in(object_in(line, name), "shop_money") for name in ("subtotal_set", "total_tax_set"))
    amount = decimal_in(cost, "amount")
    if amount is not None:
        amount -= _tax_within(amount, decimal_in(tax, "amount") or Decimal(0), _rate(line))
    return amount, text_in(cost, "currency_code")


def _rate(line: JsonObject) -> Decimal:
    taxes = objects_in(object_in(line, "line_item"), "tax_lines")
    return sum((decimal_in(tax, "rate") or Decimal(0) for tax in taxes), Decimal(0))


def _tax_within(price: Decimal, tax: Decimal, rate: Decimal) -> Decimal:
    """Return the tax that is part of a price; 0 where it was added to that.

    A refund does not say which, as its order does. At a rate of 20 % it is a sixth of the price, or a fifth.
    """
    is_within = abs(tax * (1 + rate) - price * rate) < abs(tax - price * rate)
    return tax if is_within else Decimal(0)


def _transferred(body: JsonObject) -> Money | None:
    return _sum(
        [
            (decimal_in(one, "amount"), text_in(one, "currency"))
            for one in objects_in(body, "transactions")
            if one.get("kind") == "refund" and one.get("status") == "success"
        ]
    )


def _sum(told: list[tuple[Decimal | None, str | None]]) -> Money | None:
    """Add up amounts of the first one's currency; None where there are none above zero."""
    known = [(amount, currency) for amount, currency in told if amount is not None and currency is not None]
    total = sum((amount for amount, currency in known if currency == known[0][1]), Decimal(0))
    return Money(total, known[0][1]) if total > 0 else None
