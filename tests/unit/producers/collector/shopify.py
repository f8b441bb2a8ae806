"""Webhooks as Shopify sends them, and what is made of them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import pytest

from models.events.schema import Adjustment, Conversion
from producers.collector.hooks.shopify import translate
from producers.collector.incoming import NotAccepted, Translated
from producers.collector.secrets import Hook
from tests.unit.producers.collector.attributing import (
    OTHER_SECRET,
    PERSONAL,
    SECRET,
    as_counted,
    attribution,
    click_id,
    incoming,
)

HOOK = Hook.model_validate(
    {"kind": "shopify", "secrets": [SECRET, OTHER_SECRET], "campaigns": ["glow", "dusk"]}
)
EUR = {"currency": "EUR"}


def money(amount: str) -> dict[str, Any]:
    """Write an amount as Shopify does: for the shop and for the buyer."""
    return {
        "shop_money": {"amount": amount, "currency_code": "EUR"},
        "presentment_money": {"amount": "999.99", "currency_code": "USD"},
    }


def order(**fields: Any) -> dict[str, Any]:
    """Return an order as `orders/paid` brings it: 100.00 for goods, 20.00 tax on them, 4.90 for shipping."""
    address = {
        "first_name": PERSONAL,
        "address1": PERSONAL,
        "city": PERSONAL,
        "phone": PERSONAL,
        "zip": "75001",
    }
    usual: dict[str, Any] = {
        "id": 5_940_139_491_234, "admin_graphql_api_id": "gid://shopify/Order/5940139491234", "name": "#1001",
        "order_number": 1001, "test": False, "cancelled_at": None, "financial_status": "paid", **EUR,
        "created_at": "2026-11-20T13:00:00+01:00", "processed_at": "2026-11-20T12:59:58+01:00",
        "updated_at": "2026-11-20T13:00:05+01:00", "email": PERSONAL, "contact_email": PERSONAL,
        "phone": PERSONAL, "browser_ip": PERSONAL,
        "client_details": {"user_agent": PERSONAL, "browser_ip": PERSONAL},
        "customer": {"id": 7, "email": PERSONAL, "first_name": PERSONAL, "default_address": address},
        "billing_address": address, "shipping_address": address, "note": PERSONAL,
        "taxes_included": False, "subtotal_price": "100.00", "current_subtotal_price": "80.00",
        "total_tax": "20.00", "total_price": "124.90", "total_discounts": "15.00",
        "subtotal_price_set": money("100.00"),
        "total_shipping_price_set": money("4.90"), "landing_site": "/products/serum?utm_source=instagram",
        "note_attributes": [{"name": "gift", "value": PERSONAL}], "discount_codes": [],
        "line_items": [{"id": 1, "name": "Serum", "price": "115.00", "quantity": 1,
                        "tax_lines": [{"price": "20.00", "rate": 0.2}]}],
        "refunds": [],
    }  # fmt: skip
    return {**usual, **fields}


def refund(**fields: Any) -> dict[str, Any]:
    """Return a refund as `refunds/create` brings it: a line of 40.00 with 8.00 tax, all of it paid back."""
    usual = {
        "id": 929_361_464, "order_id": 5_940_139_491_234, "created_at": "2026-11-22T10:00:00+01:00",
        "processed_at": "2026-11-22T10:00:00+01:00", "note": PERSONAL, "user_id": 4, "restock": True,
        "refund_line_items": [{"id": 1, "quantity": 1, "subtotal": 40.0, "total_tax": 8.0,
                               "subtotal_set": money("40.00"), "total_tax_set": money("8.00")}],
        "transactions": [{"id": 3, "kind": "refund", "status": "success", "amount": "48.00", "test": False,
                          **EUR}],
        "order_adjustments": [],
    }  # fmt: skip
    return {**usual, **fields}


def sent(
    body: Mapping[str, Any] | bytes,
    topic: str = "orders/paid",
    secret: str = SECRET,
    hook: Hook = HOOK,
    delivery: str = "b54557e4",
) -> Translated:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    mac = base64.b64encode(hmac.digest(secret.encode(), raw, hashlib.sha256)).decode()
    headers = {
        "x-shopify-topic": topic, "x-shopify-hmac-sha256": mac, "x-shopify-shop-domain": "glow.myshopify.com",
        "x-shopify-webhook-id": delivery, "user-agent": "Shopify-Captain-Hook",
    }  # fmt: skip
    return translate(incoming(raw, headers), "boutique", hook, attribution())


def told(translated: Translated) -> Conversion | Adjustment:
    (event,) = translated.events
    assert "user_agent" not in event
    read = as_counted(event)
    assert isinstance(read, Conversion | Adjustment)
    return read


def clicked() -> list[dict[str, str]]:
    return [{"name": "kpi_click", "value": click_id()}]


def refused(body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    with pytest.raises(NotAccepted) as error:
        translate(incoming(body, headers), "boutique", HOOK, attribution())
    return error.value.status, error.value.reason
