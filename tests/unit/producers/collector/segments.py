"""Batches as Segment's libraries send them, and what is made of them."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

from producers.collector.incoming import NotAccepted
from producers.collector.segment import Batch, translate
from tests.unit.producers.collector.attributing import (
    PERSONAL,
    as_counted,
    attribution,
    incoming,
)

SALT = SecretStr("the salt of people's ids")
UTM = {"name": "glow", "source": "instagram", "medium": "influencer"}
JsonObject = dict[str, Any]


def track(
    event: str = "Order Completed", context: Mapping[str, Any] | None = None, **fields: Any
) -> JsonObject:
    """Return a message as a library of Segment sends it: the usual order, declared as ana's."""
    properties = {
        "order_id": "o-1", "revenue": 84.9, "currency": "EUR", "campaign_id": "glow", "influencer_id": "ana",
        "content_id": "reel-1", "channel": "Instagram", "email": PERSONAL,
    }  # fmt: skip
    usual = {
        "type": "track", "event": event, "messageId": "m-1", "anonymousId": "anon-1",
        "properties": properties,
        "timestamp": "2026-11-20T11:00:00.000Z", "sentAt": "2026-11-20T12:00:00.000Z",
        "context": {"userAgent": "Firefox/140.0", "ip": PERSONAL, "traits": {"email": PERSONAL},
                    **(context or {})},
    }  # fmt: skip
    return {**usual, **fields}


def changed(event: str = "Order Completed", **properties: Any) -> JsonObject:
    """Return the usual message with properties in place; None: without it."""
    message = track(event)
    kept = {**message["properties"], **properties}
    return {**message, "properties": {name: value for name, value in kept.items() if value is not None}}


def sent(*messages: Any, **beside: Any) -> Batch:
    body = {"batch": list(messages), "writeKey": "x", **beside}
    return translate(incoming(json.dumps(body).encode()), "web", SALT, attribution())


def told(message: Mapping[str, Any]) -> JsonObject:
    (event,) = sent(message).messages
    assert not isinstance(event, NotAccepted), event.reason
    as_counted(event)
    return event


def refused(*messages: Any) -> list[tuple[str, str | None] | None]:
    found = sent(*messages).messages
    return [(one.reason, one.field) if isinstance(one, NotAccepted) else None for one in found]
