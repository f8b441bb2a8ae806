"""Seeded traffic over the tests' campaigns; what it consists of stands in one place, `Mix`."""

import json
import math
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tests.system.support.adjusting import adjustments
from tests.system.support.campaigns import CAST, CLOSED, DEBUTS, TOTALS, UNSOLD
from tests.system.support.document import microseconds
from tests.system.support.fields import ATTRIBUTIONS, ENGAGEMENTS, POLARITIES
from tests.system.support.forging import FORGED, PARTITIONS, forge
from tests.system.support.persons import ROBOTS, audience, misdescribe, person
from tests.system.support.sayings import PLAIN
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
            zip([*CAST, *CLOSED], (45, 25, 12, 10, 5, 8, 108, 2, 2, 6, 1, 1), strict=True)
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
    contested: float = 0.12
    adjusted: float = 0.2
    robots: float = 0.03
    aggregates: float = 0.04
    totals: float = 0.04
    fallen: float = 0.3
    forged: float = 0.008
    said: float = 0.2
    misdescribed: float = 0.03
    longest_text: int = 0
    persons: int = 1500
    crowd: int = 60_000


@dataclass(frozen=True)
class Message:
    """One record to send; it names its partition where its order among others matters."""

    topic: str
    key: bytes | None
    value: bytes | None
    partition: int | None = None


_WORDS = ("J’adore 😍", "a scam, never again", "meh", "12/20")
_SALES = ("purchase", "purchase", "purchase", "signup", "download", "quote_request", "other")


class Traffic:
    """A stream of messages that a seed determines, but for the moment it is placed around."""

    def __init__(self, seed: int, now: datetime, mix: Mix | None = None) -> None:
        self.random = random.Random(seed)
        self.now = now
        self.mix = mix or Mix()
        self.spoilings = ways(now)
        self.made = self.forgeries = 0

    def messages(self, number: int) -> list[Message]:
        """Make this many messages, in no order but for those that name their partition."""
        made: list[Message] = []
        while len(made) < number:
            made += self._some()
        in_order = iter([message for message in made if message.partition is not None])
        self.random.shuffle(made)
        return [message if message.partition is None else next(in_order) for message in made][:number]

    def event(self, topic: str, campaign: str | None = None) -> Fields:
        """Make one good event, whole enough for every way to spoil it."""
        chosen = campaign or self._campaign(topic)
        place, crowded = self._place(chosen), chosen == "crowd"
        self.made += 1
        event: Fields = {
            "type": topic.removesuffix("s"),
            "event_id": f"{self.random.getrandbits(48):012x}-{self.made}",
            "event_time": self._time(self._age(chosen, place)),
            "campaign_id": chosen,
            **place,
            **person(self.random, self.mix.crowd if crowded else self.mix.persons, crowded),
        }
        special = {
            "impressions": lambda: audience(self.random),
            "conversions": lambda: self._sale(chosen),
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
        if chance() < self.mix.forged:
            return self._forged()
        event = self.event(topic)
        recent = self._is_recent(event)
        values = [event]
        if chance() < self.mix.misdescribed:
            misdescribe(event, self.random)
        if topic == "conversions":
            self._leave_out(event)
            if recent and "order_id" in event and chance() < self.mix.contested:
                values.append(self._other_report(event))
            if chance() < self.mix.adjusted:
                values += self._adjustments(event)
        elif chance() < self.mix.totals and (event["campaign_id"], event["influencer_id"]) not in TOTALS:
            return self._total(topic, event)
        elif recent and chance() < self.mix.robots:
            event["user_agent"] = self.random.choice(ROBOTS)
        elif chance() < self.mix.aggregates or (event["campaign_id"], event["influencer_id"]) in TOTALS:
            event["count"] = self.random.randint(2, 5000)
        encoded = [self._encode(value) for value in values]
        if chance() < self.mix.duplicated:
            encoded += [self.random.choice(encoded)] * self.random.randint(1, 3)
        return [Message(topic, self._key(), value) for value in encoded]

    def _forged(self) -> list[Message]:
        """Make interactions of which some are suspicious, of one campaign after the other."""
        made, campaign = list[Message](), list(FORGED)[self.forgeries % len(FORGED)]
        for act in forge(self.random, self.forgeries):
            self.made += 1
            event = {
                "type": act.topic.removesuffix("s"),
                "event_id": f"{self.random.getrandbits(48):012x}-{self.made}",
                "event_time": self._time(act.age),
                "campaign_id": campaign,
                **act.fields,
            }
            copies = [self._encode(event)] * (2 if self.random.random() < self.mix.duplicated else 1)
            partition = PARTITIONS[campaign] if act.ordered else None
            made += [Message(act.topic, self._key(), value, partition) for value in copies]
        self.forgeries += 1
        return made

    def _total(self, topic: str, event: Fields) -> list[Message]:
        """Report a running total: with the time it grows, but that some platforms take back some of it.

        There are few series, so that each has many reports; all of a campaign go one way, for their order
        matters.
        """
        age = self.now.timestamp() - microseconds(event["event_time"]) / 1e6
        fell = self.random.random() < self.mix.fallen
        event |= {"source": "insights", "total": int((12 * DAY - age) * (0.003 if fell else 0.005))}
        event.pop("format", None)
        if topic == "engagements":
            event["kind"] = self.random.choice(("like", "comment", "video_view"))
        if self.random.random() < self.mix.robots and self._is_recent(event):
            event["user_agent"] = self.random.choice(ROBOTS)
        partition = len(event["campaign_id"]) % 2
        copies = [self._encode(event)] * (2 if self.random.random() < self.mix.duplicated else 1)
        return [Message(topic, self._key(), value, partition) for value in copies]

    def _age(self, campaign: str, place: Fields) -> float:
        debut = DEBUTS.get((campaign, place["influencer_id"], place["content_id"]), math.inf)
        ages = [age for age in self.mix.ages if age[1] <= debut]
        return self.random.uniform(*self.random.choices(ages, [weight for _, _, weight in ages])[0][:2])

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
        """Draw an engagement; a text comes with a rating, which wins over the product's, or is plain."""
        reaction: Fields = {"kind": self.random.choice(ENGAGEMENTS)}
        if self.random.random() < 0.4:
            reaction["sentiment"] = self.random.choices(POLARITIES, (5, 2, 3))[0]
            if self.random.random() < 0.5:
                reaction |= {"text": self.random.choice(_WORDS), "language": "fr"}
        elif self.random.random() < self.mix.said:
            text = self.random.choice(list(PLAIN))
            reaction |= {"text": text, "language": self.random.choice((PLAIN[text][1], None))}
        if self.mix.longest_text:
            words = self.random.choice(_WORDS) * self.mix.longest_text
            length = self.random.randint(1, self.mix.longest_text)
            reaction |= {"text": words[:length], "sentiment": reaction.get("sentiment", "neutral")}
        return reaction

    def _adjustments(self, sale: Fields) -> list[Fields]:
        return adjustments(sale, lambda: self.event("conversions", sale["campaign_id"]), self.random)

    def _sale(self, campaign: str) -> Fields:
        chance = self.random
        amount: Fields = {"currency": chance.choice(("EUR", "USD", "GBP", "CHF"))}
        amount["revenue"] = chance.choice((chance.randint(1, 90), round(chance.uniform(0.5, 250), 2)))
        if campaign == "bazaar":
            amount = {"currency": "IRR", "revenue": chance.randint(10**11, 10**12)}
        order = {"order_id": f"order/{chance.getrandbits(40)}", "attributed_by": chance.choice(ATTRIBUTIONS)}
        return {"kind": "purchase", **order, **amount}

    def _leave_out(self, sale: Fields) -> None:
        chance = self.random.random
        sale["kind"] = self.random.choice(_SALES)
        if sale["kind"] == "download" or chance() < 0.2:
            del sale["revenue"], sale["currency"]
        for name in ("content_id", "channel", "attributed_by"):
            if chance() < 0.2:
                del sale[name]
        if chance() < 0.04:
            for name in ("influencer_id", "content_id", "attributed_by"):
                sale.pop(name, None)
        if sale["kind"] != "purchase" and chance() < 0.6:
            del sale["order_id"]
            sale["count"] = self.random.choice((1, 1, 3, 40))
        elif chance() < 0.05:
            sale["count"] = 3  # items, as shops mean it: the order is one

    def _other_report(self, sale: Fields) -> Fields:
        other = self.event("conversions", sale["campaign_id"])
        while not self._is_recent(other):
            other = self.event("conversions", sale["campaign_id"])
        begun = (other["campaign_id"], other["influencer_id"], other["content_id"]) not in DEBUTS
        if begun and self.random.random() < 0.3:
            other["event_time"] = sale["event_time"]
        if self.random.random() < 0.3:
            del other["revenue"], other["currency"]
        kind = self.random.choice((sale["kind"], sale["kind"], "other"))
        return other | {"order_id": sale["order_id"], "kind": kind}

    def _is_recent(self, event: Fields) -> bool:
        age = self.now.timestamp() - microseconds(event["event_time"]) / 1e6
        return 0 <= age < DAY

    def _time(self, age: float) -> str:
        zone = self.random.choice(
            (UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=3, minutes=30)))
        )
        moment = (self.now - timedelta(seconds=age)).astimezone(zone)
        timespec = self.random.choice(("seconds", "milliseconds", "microseconds"))
        text = moment.isoformat(timespec=timespec).replace("+00:00", self.random.choice(("Z", "+00:00")))
        if moment.second:
            return text
        before = (moment - timedelta(minutes=1)).isoformat(timespec="minutes")[:16]
        return f"{before}:60{text[19:]}"

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
