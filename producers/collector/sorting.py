"""A request's events, each judged by itself: those to keep, those that are none, and why."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from models.admission.rules import TOO_LATE
from models.campaigns.registry import Registry
from models.events.parsing import Refusal
from models.events.schema import Adjustment, Event
from models.topics import topic_of
from producers.collector.answers import sentence
from producers.collector.durable import Outgoing
from producers.collector.incoming import NotAccepted
from producers.collector.judging import Accepted, field_of, judge

Identity = tuple[str, str, str]
"""Campaign, id and status: what makes an event the same as another to workers."""
Given = bytes | msgspec.Raw | dict[str, Any] | NotAccepted
"""An event as it is written, or as a translator made it; or why it could not be made."""

_CONVERSIONS = topic_of("conversion")
KAFKA_REFUSES = "kafka_refuses"
NOT_ALLOWED = "campaign_not_allowed"
_AT_ONCE = 16_384
"""Bytes of events that are judged before others have their turn, about a millisecond's work.

While some thirty batches were judged in one go each, no acknowledgement of Kafka's was read in time, and all
went to disk.
"""


@dataclass(frozen=True, slots=True)
class Refused:
    """An event of a request that is not taken: its place from 0, why, which field, and the rule."""

    index: int
    reason: str
    field: str | None
    message: str


@dataclass(slots=True)
class Sorted:
    """A request's events: those to keep, where each stood and what it is known by, and the others."""

    records: list[Outgoing] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    identities: list[Identity] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    duplicates: int = 0
    invalid: int = 0
    too_late: int = 0

    def refuse(self, index: int, refusal: Refusal) -> None:
        """Put an event aside."""
        self.too_late += refusal in TOO_LATE
        self.refused.append(Refused(index, refusal.reason, field_of(refusal), refusal.message))

    def set_invalid(self, *, sent: bool) -> list[Outgoing]:
        """Take all records for nobody's; return those that are sent all the same, for workers to count."""
        # A conversion has no agent that a worker could judge by.
        records = [one for one in self.records if one.topic != _CONVERSIONS] if sent else []
        self.invalid, self.records = len(self.records), []
        return records

    def put_aside(self, refused: Mapping[int, str]) -> None:
        """Take records out that Kafka will never take, by their place among the records, with its reasons."""
        if not refused:
            return
        self.refused += [Refused(self.places[one], KAFKA_REFUSES, None, why) for one, why in refused.items()]
        kept = [place for place in range(len(self.records)) if place not in refused]
        self.records = [self.records[place] for place in kept]
        self.places = [self.places[place] for place in kept]
        self.identities = [self.identities[place] for place in kept]
        self.refused.sort(key=lambda one: one.index)

    @property
    def status(self) -> int:
        """The answer's: 200 all taken, 207 some, 403 none for want of a right, 400 none."""
        if not self.refused:
            return 200
        if self.records or self.duplicates or self.invalid:
            return 207
        return 403 if all(one.reason == NOT_ALLOWED for one in self.refused) else 400


async def sort(
    events: Sequence[Given],
    registry: Registry | None,
    now: int,
    campaigns: frozenset[str] | None = None,
    known: Callable[[Identity], bool] = lambda _: False,
) -> Sorted:
    """Judge events, each by itself; of those with the same id and campaign the first is taken.

    `campaigns` are those that the sender may speak of, None: any. `known` tells which were kept before.
    """
    found, seen, judged = Sorted(), set[Identity](), 0
    for index, given in enumerate(events):
        raw = written(given)
        if isinstance(raw, NotAccepted):
            found.refused.append(Refused(index, raw.reason, raw.field, sentence(raw.reason)))
            continue
        verdict = judge(raw, registry, now)
        if isinstance(verdict, Refusal):
            found.refuse(index, verdict)
        elif campaigns is not None and verdict.event.campaign_id not in campaigns:
            rule = "campaign_id: is none that this key may send to"
            found.refused.append(Refused(index, NOT_ALLOWED, "campaign_id", rule))
        else:
            _take(found, seen, index, verdict, known)
        judged += len(raw)
        if judged > _AT_ONCE:
            judged = 0
            await asyncio.sleep(0)
    return found


def written(event: Given) -> bytes | NotAccepted:
    """Return an event as JSON; why there is none stays what it is."""
    if isinstance(event, NotAccepted):
        return event
    if not isinstance(event, dict):
        return bytes(event)
    try:
        return _encoded(event)
    except RecursionError:
        # It was nested as deep as could just be read: no event is.
        return NotAccepted(400, "too_large")


def _encoded(event: dict[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(event)
    except (UnicodeEncodeError, OverflowError):
        # Half a character, or a number beyond 64 bits: read as what they are, and refused if they count.
        return json.dumps(event).encode()


def identity(event: Event) -> Identity:
    """Return what an event is known by."""
    return event.campaign_id, event.event_id, event.status if isinstance(event, Adjustment) else ""


def _take(
    found: Sorted, seen: set[Identity], index: int, verdict: Accepted, known: Callable[[Identity], bool]
) -> None:
    same = identity(verdict.event)
    if same in seen or known(same):
        found.duplicates += 1
        return
    seen.add(same)
    found.records.append(verdict.record)
    found.places.append(index)
    found.identities.append(same)
