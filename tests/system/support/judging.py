"""What one record is, by the contract alone: a counted event, invalid traffic, or refused and why.

Nothing here is shared with the product: an error common to both would prove nothing.
"""

import functools
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crawleruseragents import is_crawler

from tests.system.support.document import Document, knows_currency, microseconds

MINUTE = 60_000_000
LARGEST = 65_536
TYPES = {
    "impressions": "impression",
    "clicks": "click",
    "engagements": "engagement",
    "conversions": "conversion",
}


@dataclass(frozen=True)
class Record:
    """One record as Kafka gave it back; `topic` is without the deployment's prefix."""

    topic: str
    partition: int
    offset: int
    arrival: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...] = ()


@dataclass(frozen=True)
class Event:
    """One valid event, placed in time; `person` only where it may be used."""

    type: str
    event_id: str
    time: int
    arrival: int
    campaign: str
    influencer: str
    content: str
    channel: str
    person: str | None = None
    count: int = 1
    kind: str | None = None
    order: str | None = None
    revenue: float = 0.0
    currency: str | None = None
    robot: bool = False


class Refused(Exception):
    """The record is a dead letter; `reason` is the contract's word for why."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(f"{reason} {field}".strip())
        self.reason = reason


def _text(shortest: int, longest: int, pattern: str = r"(?s:.*)") -> Callable[[Any], bool]:
    def fits(value: Any) -> bool:
        if not (isinstance(value, str) and shortest <= len(value) <= longest):
            return False
        return not re.search("[\ud800-\udfff]", value) and bool(re.fullmatch(pattern, value))

    return fits


def _number(least: float, most: float, *types: type) -> Callable[[Any], bool]:
    return lambda value: type(value) in types and least <= value <= most


def _one_of(*words: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in words


def _is_time(value: Any) -> bool:
    shape = r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)"
    if not (isinstance(value, str) and re.fullmatch(shape, value, re.ASCII)):
        return False
    try:
        return microseconds(value) >= microseconds("2000-01-01T00:00:00Z")
    except (ValueError, OverflowError):
        return False


_NAME = _text(1, 64, r"[A-Za-z0-9._:-]+")
_EVERY = {
    "event_id": _text(1, 64),
    "event_time": _is_time,
    "campaign_id": _NAME,
    "influencer_id": _NAME,
    "content_id": _NAME,
    "channel": _NAME,
    "person_id": _text(1, 128),
    "consent": lambda value: isinstance(value, bool),
    "source": _text(0, 64),
}
_SEEN = {"user_agent": _text(0, 1024), "count": _number(1, 1_000_000, int)}
_ENGAGEMENTS = ("like", "comment", "share", "save", "follow", "mention", "reply", "video_view", "reaction")
RULES: dict[str, dict[str, Callable[[Any], bool]]] = {
    "impression": {**_EVERY, **_SEEN, "audience": lambda value: isinstance(value, dict)},
    "click": {**_EVERY, **_SEEN},
    "engagement": {
        **_EVERY,
        **_SEEN,
        "kind": _one_of(*_ENGAGEMENTS),
        "text": _text(0, 5000),
        "language": _text(1, 64),
        "sentiment": _one_of("positive", "neutral", "negative"),
    },
    "conversion": {
        **_EVERY,
        "kind": _one_of("purchase", "signup", "download", "quote_request", "other"),
        "order_id": _text(1, 128),
        "revenue": _number(0, 1e9, int, float),
        "currency": _text(3, 3, "[A-Z]{3}"),
        "status": _one_of("confirmed", "cancelled", "refunded"),
    },
}
_ALWAYS = ("event_id", "event_time", "campaign_id", "influencer_id")
_PLACE = ("content_id", "channel")
REQUIRED = {
    "impression": _ALWAYS + _PLACE,
    "click": _ALWAYS + _PLACE,
    "engagement": (*_ALWAYS, *_PLACE, "kind"),
    "conversion": (*_ALWAYS, "kind"),
}


def judge(record: Record, document: Document, assume_consent: bool = False) -> Event:
    """Read a record as an event.

    Raises:
        Refused: it is none, by the first of the contract's reasons that applies.

    """
    fields = _read(record.value)
    kind_of_event = TYPES[record.topic]
    _require(fields, kind_of_event)
    for name, fits in RULES[kind_of_event].items():
        if fields.get(name) is not None and not fits(fields[name]):
            raise Refused("invalid_field", name)
    event = _event(kind_of_event, fields, record.arrival, assume_consent)
    _admit(event, microseconds(fields["event_time"]), document)
    return event


def _read(value: bytes | None) -> dict[str, Any]:
    if value is not None and len(value) > LARGEST:
        raise Refused("too_large")
    try:
        fields = json.loads((value or b"").decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refused("not_json") from None
    if not isinstance(fields, dict):
        raise Refused("not_an_object")
    return fields


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is not JSON")


def _require(fields: Mapping[str, Any], expected: str) -> None:
    if fields.get("type") is not None and fields["type"] != expected:
        raise Refused("wrong_type", "type")
    needed = ["type", *REQUIRED[expected]]
    if expected == "conversion":
        needed += ["order_id"] * (fields.get("kind") == "purchase")
        needed += ["currency"] * (fields.get("revenue") is not None)
    for name in needed:
        if fields.get(name) is None:
            raise Refused("missing_field", name)


def _event(type_: str, fields: Mapping[str, Any], arrival: int, assume_consent: bool) -> Event:
    count = fields.get("count") or 1 if type_ != "conversion" else 1
    consent = fields.get("consent")
    usable = (assume_consent if consent is None else consent) and count == 1
    agent = fields.get("user_agent") if type_ != "conversion" else None
    return Event(
        type=type_,
        event_id=fields["event_id"],
        time=min(microseconds(fields["event_time"]), arrival),
        arrival=arrival,
        campaign=fields["campaign_id"],
        influencer=fields["influencer_id"],
        content=fields.get("content_id") or "none",
        channel=(fields.get("channel") or "none").lower(),
        person=fields.get("person_id") if usable else None,
        count=count,
        kind=fields.get("kind"),
        order=fields.get("order_id") or fields["event_id"],
        revenue=fields.get("revenue") or 0.0,
        currency=fields.get("currency"),
        robot=bool(agent) and _is_robot(agent),
    )


@functools.cache
def _is_robot(agent: str) -> bool:
    return is_crawler(agent)


def _admit(event: Event, claimed: int, document: Document) -> None:
    if claimed > event.arrival + 5 * MINUTE:
        raise Refused("future", "event_time")
    campaign = document.campaigns.get(event.campaign)
    if campaign is None:
        raise Refused("unknown_campaign", "campaign_id")
    if campaign.influencers and event.influencer not in campaign.influencers:
        raise Refused("unknown_influencer", "influencer_id")
    if not campaign.starts <= event.time < campaign.ends + campaign.grace:
        raise Refused("outside_flight", "event_time")
    if event.revenue and not knows_currency(document, event.currency, campaign.currency):
        raise Refused("unknown_currency", "currency")
