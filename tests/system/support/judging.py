"""What one record is, by the contract alone: a counted event, invalid traffic, or refused and why.

Nothing here is shared with the product: an error common to both would prove nothing.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from crawleruseragents import is_crawler

from tests.system.support.document import Document, knows_currency, microseconds
from tests.system.support.fields import ADJUSTMENTS, RATED, described, is_nobody, misfit, required
from tests.system.support.sayings import rating
from tests.system.support.target import matches

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


OrderKey = tuple[str, str]
"""Kind and order_id; of what has no order_id, no kind and its event_id: no other report is of it."""


@dataclass(frozen=True)
class Event:
    """One valid event, placed in time; `person` only where it may be used, `order` on conversions alone.

    `targeted`: its audience is the campaign's target. `revenue` is None where none is named. `attributed`:
    how its influencer was found. `ignored`: fields that were taken as absent, for they do not fit. Of a
    `total` the count is what it has grown by, once that is known. `read`: what it says is rated by its text.
    `tells_who`: its agent is a visitor's. Whether it is `judged`, and its `reason` to be suspicious or why it
    is `noted`, follows from all before it.
    """

    type: str
    event_id: str
    time: int
    arrival: int
    campaign: str
    influencer: str
    content: str
    channel: str
    format: str
    person: str | None = None
    count: int = 1
    kind: str | None = None
    order: OrderKey | None = None
    revenue: float | None = None
    currency: str | None = None
    status: str = "confirmed"
    targeted: bool = False
    sentiment: str | None = None
    text: str | None = None
    read: bool = False
    tells_who: bool = False
    robot: bool = False
    attributed: str | None = None
    ignored: tuple[str, ...] = ()
    total: int | None = None
    source: str = ""
    judged: bool = False
    reason: str | None = None
    noted: str | None = None

    @property
    def adjusts(self) -> bool:
        """Return whether it changes an order and counts nowhere itself."""
        return self.status in ADJUSTMENTS


class Refused(Exception):
    """The record is a dead letter; `reason` is the contract's word for why."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(f"{reason} {field}".strip())
        self.reason = reason


def judge(record: Record, document: Document, assume_consent: bool = False) -> Event:
    """Read a record as an event.

    Raises:
        Refused: it is none, by the first of the contract's reasons that applies.

    """
    fields = _read(record.value)
    kind_of_event = TYPES[record.topic]
    _require(fields, kind_of_event)
    if name := misfit(kind_of_event, fields):
        raise Refused("invalid_field", name)
    kept, ignored = described(kind_of_event, fields)
    event = _event(kind_of_event, kept, document, record.arrival, assume_consent)
    event = replace(event, ignored=(*ignored, *event.ignored))
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


def _require(fields: dict[str, Any], expected: str) -> None:
    if fields.get("type") is not None and fields["type"] != expected:
        raise Refused("wrong_type", "type")
    for name in required(expected, fields):
        if fields.get(name) is None:
            raise Refused("missing_field", name)


def _event(type_: str, fields: Mapping[str, Any], document: Document, arrival: int, consent: bool) -> Event:
    """Build the event; `consent` is what to assume where it says nothing."""
    sale, count, nobody = type_ == "conversion", fields.get("count", 1), _names_nobody(fields)
    total = None if sale else fields.get("total")
    usable = fields.get("consent", consent) and count == 1 and total is None and not nobody
    campaign = document.campaigns.get(fields["campaign_id"])
    target = campaign.target if campaign and type_ == "impression" else None
    agent = None if sale else fields.get("user_agent")
    text, sentiment = (fields.get(name) if type_ == "engagement" else None for name in ("text", "sentiment"))
    read = bool(text) and fields["kind"] in RATED and sentiment is None and total is None
    return Event(
        type=type_,
        event_id=fields["event_id"],
        time=min(microseconds(fields["event_time"]), arrival),
        arrival=arrival,
        campaign=fields["campaign_id"],
        influencer=fields.get("influencer_id", "none"),
        content=fields.get("content_id", "none"),
        channel=fields.get("channel", "none").lower(),
        format=fields.get("format", "none").lower(),
        person=fields.get("person_id") if usable else None,
        count=1 if sale and fields.get("order_id") is not None else count,
        kind=fields.get("kind"),
        order=_order(fields) if sale else None,
        revenue=fields.get("revenue") if sale else None,
        currency=fields.get("currency") if sale else None,
        status=fields.get("status", "confirmed") if sale else "confirmed",
        targeted=target is not None and matches(target["audience"], fields.get("audience")),
        sentiment=rating(str(text)) if read else sentiment,
        text=text,
        read=read,
        tells_who=bool(agent) and not _is_of_a_server(str(agent)),
        robot=bool(agent) and _is_robot(agent),
        attributed=_attributed(fields) if sale else None,
        ignored=("person_id",) * nobody,
        total=total,
        source=fields.get("source", ""),
    )


def _names_nobody(fields: Mapping[str, Any]) -> bool:
    return "person_id" in fields and is_nobody(fields["person_id"])


def _order(fields: Mapping[str, Any]) -> OrderKey:
    if "order_id" in fields:
        return fields.get("kind", "purchase"), fields["order_id"]
    return "", fields["event_id"]


def _attributed(fields: Mapping[str, Any]) -> str | None:
    by: str = fields.get("attributed_by", "declared")
    return None if fields.get("influencer_id", "none") == "none" else by


@functools.cache
def _is_robot(agent: str) -> bool:
    """Ask the public list; it takes a build of Android for one, and servers are no visitors at all."""
    return not _is_of_a_server(agent) and bool(is_crawler(agent.replace("AP3A.240617.008", "")))


def _is_of_a_server(agent: str) -> bool:
    return agent.startswith(("python-requests/", "Stripe/"))


def _admit(event: Event, claimed: int, document: Document) -> None:
    if claimed > event.arrival + 5 * MINUTE:
        raise Refused("future", "event_time")
    campaign = document.campaigns.get(event.campaign)
    if campaign is None:
        raise Refused("unknown_campaign", "campaign_id")
    if campaign.influencers and event.influencer not in {*campaign.influencers, "none"}:
        raise Refused("unknown_influencer", "influencer_id")
    accepted = campaign.adjustments_until if event.adjusts else campaign.grace
    if not campaign.starts <= event.time < campaign.ends + accepted:
        raise Refused("outside_flight", "event_time")
    if event.revenue and not knows_currency(document, event.currency, campaign.currency):
        raise Refused("unknown_currency", "currency")
