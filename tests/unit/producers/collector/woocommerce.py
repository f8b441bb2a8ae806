"""Webhooks as WooCommerce sends them, and what is made of them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from models.events.schema import Adjustment, Conversion
from producers.collector.hooks.woocommerce import translate
from producers.collector.incoming import Translated
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

HOOK = Hook.model_validate({"kind": "woocommerce", "secrets": [SECRET, OTHER_SECRET]})


def order(**fields: Any) -> dict[str, Any]:
    """Return an order of 124.90, of which 20.00 are tax and 4.90 shipping."""
    person = {
        "first_name": PERSONAL,
        "last_name": PERSONAL,
        "email": PERSONAL,
        "address_1": PERSONAL,
        "phone": PERSONAL,
    }
    usual: dict[str, Any] = {
        "id": 4750, "parent_id": 0, "number": "4750", "order_key": "wc_order_Q6", "created_via": "checkout",
        "status": "processing", "currency": "EUR", "date_created": "2026-11-20T13:00:00",
        "date_created_gmt": "2026-11-20T12:00:00", "date_modified_gmt": "2026-11-21T12:00:00",
        "date_paid_gmt": "2026-11-20T12:00:05", "discount_total": "15.00", "shipping_total": "4.90",
        "cart_tax": "19.20", "total": "124.90", "total_tax": "20.00", "prices_include_tax": True,
        "customer_ip_address": PERSONAL, "customer_user_agent": PERSONAL, "customer_note": PERSONAL,
        "billing": person, "shipping": person, "coupon_lines": [], "refunds": [],
        "meta_data": [{"id": 1, "key": "kpi_click", "value": click_id()},
                      {"id": 2, "key": "gift", "value": PERSONAL}],
        "line_items": [{"id": 1, "name": "Serum", "quantity": 1, "total": "95.83", "total_tax": "19.17"}],
    }  # fmt: skip
    return {**usual, **fields}


def sent(
    body: Mapping[str, Any] | bytes,
    topic: str = "order.created",
    secret: str = SECRET,
    hook: Hook = HOOK,
    now: int = NOON,
) -> Translated:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    mac = base64.b64encode(hmac.digest(secret.encode(), raw, hashlib.sha256)).decode()
    headers = {
        "x-wc-webhook-topic": topic, "x-wc-webhook-signature": mac, "x-wc-webhook-source": "https://shop.example/",
        "x-wc-webhook-delivery-id": "36e520eb", "user-agent": "WooCommerce/9.4 Hookshot (WordPress/6.7)",
    }  # fmt: skip
    return translate(incoming(raw, headers, now=now), "shop", hook, attribution())


def told(translated: Translated) -> Conversion | Adjustment:
    (event,) = translated.events
    assert "user_agent" not in event
    read = as_counted(event)
    assert isinstance(read, Conversion | Adjustment)
    return read
