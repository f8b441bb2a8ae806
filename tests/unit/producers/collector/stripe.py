"""Webhooks as Stripe sends them, and what is made of them."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import pytest

from models.events.schema import Adjustment, Conversion
from models.times import SECOND
from producers.collector.hooks.stripe import translate
from producers.collector.incoming import NotAccepted, Translated
from producers.collector.secrets import Hook
from tests.unit.producers.collector.attributing import (
    NOON,
    OTHER_SECRET,
    PERSONAL,
    SECRET,
    as_counted,
    attribution,
    click_id,
    incoming,
)

HOOK = Hook.model_validate({"kind": "stripe", "secrets": [SECRET, OTHER_SECRET], "campaigns": ["glow"]})
SOON = NOON // SECOND + 2
JsonObject = dict[str, Any]


def event(
    kind: str, told: Mapping[str, Any], previous: Mapping[str, Any] | None = None, **fields: Any
) -> JsonObject:
    data = {"object": told, **({"previous_attributes": previous} if previous else {})}
    usual = {
        "id": "evt_1",
        "object": "event",
        "type": kind,
        "created": SOON,
        "livemode": True,
        "api_version": "2024-06-20",
    }
    return {**usual, "data": data, **fields}


def session(**fields: Any) -> JsonObject:
    """Return a session of Checkout: 124.90 paid, of which 20.00 are tax and 4.90 shipping."""
    person = {
        "name": PERSONAL,
        "email": PERSONAL,
        "phone": PERSONAL,
        "address": {"line1": PERSONAL, "city": PERSONAL},
    }
    usual = {
        "id": "cs_live_a1", "object": "checkout.session", "mode": "payment", "payment_status": "paid",
        "status": "complete", "created": NOON // SECOND, "currency": "eur", "amount_subtotal": 11500,
        "amount_total": 12490,
        "total_details": {"amount_discount": 1500, "amount_shipping": 490, "amount_tax": 2000},
        "payment_intent": "pi_3a", "invoice": None, "subscription": None, "client_reference_id": None,
        "customer_details": person, "customer_email": PERSONAL, "shipping_details": person,
        "metadata": {"kpi_click": click_id(), "gift": PERSONAL},
    }  # fmt: skip
    return {**usual, **fields}


def charge(**fields: Any) -> JsonObject:
    usual = {
        "id": "ch_3a", "object": "charge", "amount": 12490, "amount_refunded": 3000, "captured": True,
        "currency": "eur", "created": NOON // SECOND, "payment_intent": "pi_3a", "invoice": None,
        "refunded": False, "metadata": {}, "receipt_email": PERSONAL,
        "billing_details": {"name": PERSONAL, "email": PERSONAL},
    }  # fmt: skip
    return {**usual, **fields}


def header(raw: bytes, *secrets: str, at: int = SOON) -> str:
    macs = [
        hmac.new(one.encode(), str(at).encode() + b"." + raw, hashlib.sha256).hexdigest() for one in secrets
    ]
    return ",".join([f"t={at}", *(f"v1={one}" for one in macs), "v0=" + "0" * 64])


def sent(body: Mapping[str, Any], *secrets: str, at: int = SOON, hook: Hook = HOOK) -> Translated:
    raw = json.dumps(body).encode()
    headers = {"stripe-signature": header(raw, *(secrets or (SECRET,)), at=at), "user-agent": "Stripe/1.0"}
    return translate(incoming(raw, headers, now=SOON * SECOND), "pay", hook, attribution())


def told(translated: Translated) -> Conversion | Adjustment:
    (found,) = translated.events
    read = as_counted(found)
    assert isinstance(read, Conversion | Adjustment)
    return read


def completed(**fields: Any) -> Translated:
    return sent(event("checkout.session.completed", session(**fields)))


def intent(**fields: Any) -> JsonObject:
    """Return the payment of a session, made a minute after it, of which it knows no tax."""
    usual = {"id": "pi_3a", "created": NOON // SECOND + 60, "currency": "eur", "amount_received": 12490}
    return {**usual, "metadata": {"kpi_click": click_id()}, **fields}


def credit_note(**fields: Any) -> JsonObject:
    usual = {
        "id": "cn_1", "object": "credit_note", "invoice": "in_1", "currency": "eur", "amount": 3600,
        "total": 3600, "total_excluding_tax": 3000, "created": NOON // SECOND, "metadata": {},
        "refunds": [{"refund": "re_1", "amount_refunded": 3600}], "customer": PERSONAL,
    }  # fmt: skip
    return {**usual, **fields}


def listed(*refunds: tuple[str, int]) -> JsonObject:
    data = [{"id": name, "object": "refund", "amount": amount, "currency": "eur", "status": "succeeded"}
            for name, amount in refunds]  # fmt: skip
    return {"object": "list", "data": data}


def refused(raw: bytes, signature: str) -> tuple[int, str]:
    with pytest.raises(NotAccepted) as error:
        translate(
            incoming(raw, {"stripe-signature": signature}, now=SOON * SECOND), "pay", HOOK, attribution()
        )
    return error.value.status, error.value.reason
