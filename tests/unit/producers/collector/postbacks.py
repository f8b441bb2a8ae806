"""Postbacks as networks send them, and what is made of them."""

import hashlib
import hmac
from typing import Any
from urllib.parse import quote

import pytest

from models.events.schema import Adjustment, Conversion
from models.times import SECOND
from producers.collector.incoming import NotAccepted, Translated
from producers.collector.postback import translate
from tests.unit.producers.collector.attributing import (
    NOON,
    OTHER_SECRET,
    SECRET,
    as_counted,
    attribution,
    click_id,
    incoming,
    secrets,
)

SECRETS = secrets(
    unsigned_postbacks=True,
    postbacks={
        "network": {"secrets": [SECRET, OTHER_SECRET]},
        "glow-only": {"secrets": [SECRET], "campaigns": ["glow"]},
        "both": {"secrets": [SECRET], "campaigns": ["glow", "dusk"]},
        "taboola": {"secrets": [SECRET], "proof": "token"},
    },
)
STRICT = secrets(postbacks={"network": {"secrets": [SECRET]}})
TS = str(NOON // SECOND)
Query = tuple[tuple[str, str], ...]


def call(query: Query, now: int = NOON, known: Any = SECRETS) -> Translated:
    return translate(incoming(query=query, now=now), known, attribution())


def order(**fields: str) -> Query:
    """Report the usual order, by who clicked, with these parameters beside or in place."""
    usual = {"click_id": click_id(), "order_id": "o-1", "revenue": "84.90", "currency": "EUR"}
    return tuple((usual | fields).items())


def signed(*given: tuple[str, str], secret: str = SECRET, source: str = "network", ts: str = TS) -> Query:
    query = (*given, ("source", source), ("ts", ts))
    said = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted(query))
    return (*query, ("sig", hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()))


def reason(query: Query, now: int = NOON, known: Any = SECRETS) -> tuple[int, str, str | None]:
    with pytest.raises(NotAccepted) as refused:
        call(query, now, known)
    return refused.value.status, refused.value.reason, refused.value.field


def told(query: Query, now: int = NOON) -> Conversion | Adjustment:
    (event,) = call(query, now).events
    read = as_counted(event)
    assert isinstance(read, Conversion | Adjustment)
    return read
