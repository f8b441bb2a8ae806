"""Segment's batches as events of ours: what its libraries send, to whoever has them already.

| Segment | ours |
|---|---|
| `track` Order Completed | conversion, a purchase |
| `track` Order Refunded, Order Cancelled | its adjustment |
| `track` Signed Up | conversion, a sign-up |
| `track` Promotion Viewed, Promotion Clicked | impression, click |

All else (`identify`, `page`, Product Viewed …) says nothing of a campaign's contents and is refused by its
index. Campaign, influencer, content, channel and format are the properties `campaign_id`, `influencer_id`,
`content_id`, `channel`, `format`, else those of the link whose UTM parameters are in `context.campaign`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import SecretStr

from models.scopes import ABSENT, Leaf
from models.times import format_time, parse_time
from producers.collector.attribution import Attributed, Attribution, Claim, utm_of
from producers.collector.click import CLICK_ID
from producers.collector.hooks.shop import click_id_of
from producers.collector.incoming import Incoming, NotAccepted
from producers.collector.limits import EVENTS
from producers.collector.orders import Adjusting, Money, Order, adjustment, derived_id, sale
from producers.collector.persons import NOBODY, person_id
from producers.collector.untrusted import JsonObject, decimal_in, object_in, read_object, text_in

_SALES = {"order completed": "purchase", "signed up": "signup"}
_ADJUSTING: Mapping[str, Adjusting] = {"order refunded": "refunded", "order cancelled": "cancelled"}
_EXPOSURES = {"promotion viewed": "impression", "promotion clicked": "click"}
_UTM = {"utm_campaign": "name", "utm_source": "source", "utm_medium": "medium", "utm_content": "content"}
_PROPERTIES = {
    "campaign": "campaign_id",
    "influencer": "influencer_id",
    "content": "content_id",
    "channel": "channel",
    "format": "format",
}
# What a batch says for its messages. Its own id, or anything else that it may hold, is none of theirs.
_SHARED = ("context", "sentAt", "timestamp")
# What consent managers call the purpose that measuring a campaign is.
_MEASURING = frozenset(("analytics", "measurement", "statistics"))
_LONGEST_ID, _LONGEST_SOURCE = 64, 64


@dataclass(frozen=True, slots=True)
class Batch:
    """Each message of a batch as an event, or why it is refused; and what is noted beside."""

    messages: tuple[dict[str, Any] | NotAccepted, ...]
    notes: tuple[str, ...]


def translate(incoming: Incoming, source: str, salt: SecretStr, attribution: Attribution) -> Batch:
    """Read a batch, or a single message, from the source of this name.

    Raises:
        NotAccepted: it is no batch at all, or too large a one.

    """
    body = read_object(incoming.body)
    listed = body.get("batch", [body] if "type" in body else None)
    if not isinstance(listed, list):
        raise NotAccepted(400, "missing_field", "batch")
    if len(listed) > EVENTS:
        raise NotAccepted(413, "too_many_events")
    shared = {field: body[field] for field in _SHARED if field in body}
    messages: list[dict[str, Any] | NotAccepted] = []
    notes: list[str] = []
    for one in listed:
        try:
            if not isinstance(one, dict):
                raise NotAccepted(400, "not_an_object")
            message = _Message(shared | one, source, incoming.now, salt, attribution)
            messages.append(message.translated(notes))
        except NotAccepted as refusal:
            messages.append(refusal)
    return Batch(tuple(messages), tuple(notes))


@dataclass(frozen=True, slots=True)
class _Message:
    """A message, with what its batch says for all of them, if it does not say that itself."""

    told: JsonObject
    source: str
    now: int
    salt: SecretStr
    attribution: Attribution

    def translated(self, notes: list[str]) -> dict[str, Any]:
        name = (text_in(self.told, "event") or "").strip().lower()
        if text_in(self.told, "type") != "track":
            raise NotAccepted(400, "unsupported_type", "type")
        if name in _EXPOSURES:
            return self._exposure(_EXPOSURES[name])
        if name not in _SALES and name not in _ADJUSTING:
            raise NotAccepted(400, "unsupported_event", "event")
        return self._order(name, notes)

    @property
    def properties(self) -> JsonObject:
        return object_in(self.told, "properties")

    @property
    def context(self) -> JsonObject:
        return object_in(self.told, "context")

    def _exposure(self, event_type: str) -> dict[str, Any]:
        leaf = self._declared()
        agent = text_in(self.context, "userAgent")
        return {
            "type": event_type,
            "event_id": self._id(),
            "event_time": format_time(self._at()),
            **_named(leaf),
            **self._person(leaf.campaign),
            **({"user_agent": agent[:1024]} if agent else {}),
            "source": self.source[:_LONGEST_SOURCE],
        }

    def _order(self, name: str, notes: list[str]) -> dict[str, Any]:
        properties, at = self.properties, self._at()
        order = Order(self.source, text_in(properties, "order_id"), at, _SALES.get(name, "purchase"))
        if name in _ADJUSTING:
            return self._adjustment(order, _ADJUSTING[name])
        click, bad = self.attribution.click(self._click_id(), at)
        code = text_in(properties, "coupon")
        claim = Claim(at, click, (code,) if code else (), self._declared_or_none())
        attributed = self.attribution.attribute(claim)
        if attributed.leaf is None:
            raise NotAccepted(400, "no_campaign", "campaign_id")
        notes += (*bad, *attributed.notes)
        return {
            **sale(order, attributed, self._id(), _paid(properties)),
            **self._person(attributed.leaf.campaign),
        }

    def _adjustment(self, order: Order, status: Adjusting) -> dict[str, Any]:
        if order.id is None:
            raise NotAccepted(400, "missing_field", "order_id")
        click, _ = self.attribution.click(self._click_id(), None)
        claim = Claim(None, click, (), self._declared_or_none())
        attributed: Attributed = self.attribution.attribute(claim)
        if attributed.leaf is None:
            raise NotAccepted(400, "no_campaign", "campaign_id")
        money = _paid(self.properties) if status == "refunded" else None
        return adjustment(order, attributed.leaf.campaign, status, self._id(), money)

    def _id(self) -> str:
        message_id = text_in(self.told, "messageId")
        if message_id is None:
            raise NotAccepted(400, "missing_field", "messageId")
        return message_id if len(message_id) <= _LONGEST_ID else derived_id("segment", message_id)

    def _at(self) -> int:
        """Return when it happened, by our clock: the sender's clock is as wrong as its `sentAt` is."""
        at, sent = self._time("timestamp"), self._time("sentAt")
        if at is None:
            return self.now
        at = min(self.now, at + (self.now - sent if sent is not None else 0))
        if at < 0:
            # By a clock that is ahead by so much that no calendar has the time.
            raise NotAccepted(400, "invalid_field", "timestamp")
        return at

    def _time(self, field: str) -> int | None:
        told = text_in(self.told, field)
        try:
            return None if told is None else parse_time(told)
        except ValueError:
            raise NotAccepted(400, "invalid_field", field) from None

    def _declared(self) -> Leaf:
        declared = self._declared_or_none()
        if declared is None:
            raise NotAccepted(400, "missing_field", "campaign_id")
        return declared

    def _declared_or_none(self) -> Leaf | None:
        utm = object_in(self.context, "campaign")
        told = {name: value for name, field in _UTM.items() if (value := text_in(utm, field))}
        linked = self.attribution.by_utm.get(utm_of(told))
        names = {
            part: text_in(self.properties, field) or getattr(linked, part, ABSENT)
            for part, field in _PROPERTIES.items()
        }
        return Leaf(**names) if names["campaign"] != ABSENT else None

    def _click_id(self) -> str | None:
        page = object_in(self.context, "page")
        return text_in(self.properties, CLICK_ID) or click_id_of(text_in(page, "url"))

    def _person(self, campaign: str) -> dict[str, Any]:
        """Name the person, as a pseudonym, if the message says that the person consents to be measured."""
        told = [name for field in ("userId", "anonymousId") if (name := text_in(self.told, field))]
        if not told or not self._consents():
            return {}
        people = [person_id(name, self.salt, campaign) for name in told]
        return {"person_id": next((one for one in people if one != NOBODY), NOBODY), "consent": True}

    def _consents(self) -> bool:
        if "consent" in self.properties:
            return self.properties["consent"] is True
        purposes = object_in(object_in(self.context, "consent"), "categoryPreferences")
        return any(given is True and name.lower() in _MEASURING for name, given in purposes.items())


def _named(leaf: Leaf) -> dict[str, str]:
    return {field: value for part, field in _PROPERTIES.items() if (value := getattr(leaf, part)) != ABSENT}


def _paid(properties: JsonObject) -> Money | None:
    """Return the revenue, which Segment defines as without tax and shipping, else the total without these."""
    currency = text_in(properties, "currency")
    amount = decimal_in(properties, "revenue")
    if amount is None:
        amount = decimal_in(properties, "subtotal")
    if amount is None and (total := decimal_in(properties, "total")) is not None:
        beside = [decimal_in(properties, field) or Decimal(0) for field in ("tax", "shipping")]
        amount = total - sum(beside, Decimal(0))
    if amount is None:
        return None
    if amount < 0:
        raise NotAccepted(400, "invalid_field", "revenue")
    if currency is None:
        raise NotAccepted(400, "missing_field", "currency")
    return Money(amount, currency.upper())
