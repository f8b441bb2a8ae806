"""Seeded traffic over the tests' campaigns; what it consists of stands in one place, `Mix`."""

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tests.system.support.adjusting import adjustments
from tests.system.support.campaigns import CAST, CLOSED, UNSOLD
from tests.system.support.fields import ENGAGEMENTS, POLARITIES
from tests.system.support.persons import ROBOTS, audience, person
from tests.system.support.spoiling import Fields, Spoiling, ways

MINUTE, HOUR, DAY = 60, 3600, 86_400
FORMATS = ("reel", "Story", "POST", None)


@dataclass(frozen=True)
class Mix:
    """Weights, and shares of one, of what the traffic holds."""

    topics: dict[str, int] = field(
        default_factory=lambda: {"impressions": 50, "clicks": 18, "engagements": 20, "conversions": 12}
    )
    campaigns: dict[str, int] = field(
        default_factory=lambda: dict(
            zip([*CAST, *CLOSED], (40, 25, 12, 10, 5, 8, 115, 2, 2, 1, 1), strict=True)
        )
    )
    # Seconds before the start, far from every window's edge, and the weight; older than a day is late.
    ages: tuple[tuple[float, float, int], ...] = (
        (-4 * MINUTE, -3 * MINUTE, 1),
        (0, MINUTE / 2, 34),
        (10 * MINUTE, 40 * MINUTE, 25),
        (2 * HOUR, 20 * HOUR, 25),
        (2 * DAY, 6 * DAY, 8),
        (8 * DAY, 10 * DAY, 7),
    )
    duplicated: float = 0.05
    garbage: float = 0.05
    contested: float = 0.04
    adjusted: float = 0.15
    robots: float = 0.03
    aggregates: float = 0.04
    longest_text: int = 0
    persons: int = 1500
    crowd: int = 60_000


@dataclass(frozen=True)
class Message:
    """One record to send."""

    topic: str
    key: bytes | None
    value: bytes | None


_WORDS = ("J’adore 😍", "a scam, never again", "meh", "12/20")
_SALES = ("purchase", "purchase", "purchase", "signup", "download", "quote_request", "other")


class Traffic:
    """A stream of messages that a seed determines, but for the moment it is placed around."""

    def __init__(self, seed: int, now: datetime, mix: Mix | None = None) -> None:
        self.random = random.Random(seed)
        self.now = now
        self.mix = mix or Mix()
        self.spoilings = ways(now)
        self.made = 0

    def messages(self, number: int) -> list[Message]:
        """Make this many messages, in no order."""
        made: list[Message] = []
        while len(made) < number:
            made += self._some()
        self.random.shuffle(made)
        return made[:number]

    def event(self, topic: str, campaign: str | None = None) -> Fields:
        """Make one good event, whole enough for every way to spoil it."""
        chosen = campaign or self._campaign(topic)
        late = self.random.choices(self.mix.ages, [weight for _, _, weight in self.mix.ages])[0]
        crowded = chosen == "crowd"
        self.made += 1
        event: Fields = {
            "type": topic.removesuffix("s"),
            "event_id": f"{self.random.getrandbits(48):012x}-{self.made}",
            "event_time": self._time(self.random.uniform(*late[:2])),
            "campaign_id": chosen,
            **self._place(chosen),
            **person(self.random, self.mix.crowd if crowded else self.mix.persons, crowded),
        }
        special = {
            "impressions": lambda: audience(self.random),
            "conversions": self._sale,
            "engagements": self._reaction,
        }
        return event | special.get(topic, dict)()

    def _campaign(self, topic: str) -> str:
        chosen = self._weighted(self.mix.campaigns)
        while topic == "conversions" and chosen in UNSOLD:
            chosen = self._weighted(self.mix.campaigns)
        return chosen

    def _some(self) -> list[Message]:
        chance = self.random.random
        topic = self._weighted(self.mix.topics)
        if chance() < self.mix.garbage:
            return [self._garbage(topic)]
        event = self.event(topic)
        recent = self._is_recent(event)
        values = [event]
        if topic == "conversions":
            if recent and chance() < self.mix.contested:
                values.append(self._other_report(event))
            self._leave_out(event)
            if chance() < self.mix.adjusted:
                values += self._adjustments(event)
        elif recent and chance() < self.mix.robots:
            event["user_agent"] = self.random.choice(ROBOTS)
        elif chance() < self.mix.aggregates:
            event["count"] = self.random.randint(1, 5000)
        encoded = [self._encode(value) for value in values]
        if chance() < self.mix.duplicated:
            encoded += [self.random.choice(encoded)] * self.random.randint(1, 3)
        return [Message(topic, self._key(), value) for value in encoded]

    def _garbage(self, topic: str) -> Message:
        fitting: list[Spoiling] = [
            way for way in self.spoilings if topic in way.topics and len(way.reasons) == 1
        ]
        value = self.random.choice(fitting).spoil(self.event(topic, "spring"))
        return Message(topic, self._key(), value)

    def _place(self, campaign: str) -> Fields:
        if campaign in CLOSED:
            return {"influencer_id": CLOSED[campaign], "content_id": "c", "channel": "instagram"}
        influencer = self.random.choice(list(CAST[campaign]))
        content = self.random.choice(list(CAST[campaign][influencer]))
        channel = self.random.choice(CAST[campaign][influencer][content])
        spelled = self.random.choice((channel, channel, channel.upper(), channel.title()))
        named = {"influencer_id": influencer, "content_id": content, "channel": spelled}
        form = self.random.choice(FORMATS)
        return named if form is None else {**named, "format": form}

    def _reaction(self) -> Fields:
        """Draw an engagement; a text always comes with a rating, for that wins over any of the product's."""
        reaction: Fields = {"kind": self.random.choice(ENGAGEMENTS)}
        if self.random.random() < 0.4:
            reaction["sentiment"] = self.random.choices(POLARITIES, (5, 2, 3))[0]
            if self.random.random() < 0.5:
                reaction |= {"text": self.random.choice(_WORDS), "language": "fr"}
        if self.mix.longest_text:
            words = self.random.choice(_WORDS) * self.mix.longest_text
            length = self.random.randint(1, self.mix.longest_text)
            reaction |= {"text": words[:length], "sentiment": reaction.get("sentiment", "neutral")}
        return reaction

    def _adjustments(self, sale: Fields) -> list[Fields]:
        return adjustments(sale, lambda: self.event("conversions", sale["campaign_id"]), self.random)

    def _sale(self) -> Fields:
        currency = self.random.choice(("EUR", "USD", "GBP", "CHF"))
        revenue = self.random.choice((self.random.randint(1, 90), round(self.random.uniform(0.5, 250), 2)))
        order = {"order_id": f"order/{self.random.getrandbits(40)}"}
        return {"kind": "purchase", **order, "revenue": revenue, "currency": currency, "count": 3}

    def _leave_out(self, sale: Fields) -> None:
        sale["kind"] = self.random.choice(_SALES)
        if self.random.random() < 0.2:
            del sale["revenue"], sale["currency"]
        for name in ("content_id", "channel"):
            if self.random.random() < 0.2:
                del sale[name]
        if sale["kind"] != "purchase" and self.random.random() < 0.6:
            del sale["order_id"]

    def _other_report(self, sale: Fields) -> Fields:
        other = self.event("conversions", sale["campaign_id"])
        while not self._is_recent(other):
            other = self.event("conversions", sale["campaign_id"])
        if self.random.random() < 0.3:
            other["event_time"] = sale["event_time"]
        return other | {"order_id": sale["order_id"]}

    def _is_recent(self, event: Fields) -> bool:
        return timedelta() <= self.now - datetime.fromisoformat(event["event_time"]) < timedelta(days=1)

    def _time(self, age: float) -> str:
        zone = self.random.choice(
            (UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=3, minutes=30)))
        )
        moment = (self.now - timedelta(seconds=age)).astimezone(zone)
        text = moment.isoformat(timespec=self.random.choice(("seconds", "milliseconds", "microseconds")))
        return text.replace("+00:00", self.random.choice(("Z", "+00:00")))

    def _encode(self, event: Fields) -> bytes:
        pairs: list[tuple[str, Any]] = [*event.items(), ("seen_by", ["a", {"b": None}])]
        self.random.shuffle(pairs)
        tight = self.random.random() < 0.5
        separators = (",", ":") if tight else (", ", ": ")
        return json.dumps(dict(pairs), ensure_ascii=tight, separators=separators).encode()

    def _key(self) -> bytes | None:
        return self.random.choice((None, None, b"k", b"%d" % self.random.randint(0, 99), b"\xff\x00"))

    def _weighted(self, weights: dict[str, int]) -> str:
        return self.random.choices(list(weights), list(weights.values()))[0]
