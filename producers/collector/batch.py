"""`/v1/events`: a body of events of ours, one, a list or one a line, and what is answered of each."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from models.campaigns.registry import Registry
from models.events.parsing import Refusal
from models.events.schema import Adjustment, Event
from models.topics import topic_of
from producers.collector.answers import sentence
from producers.collector.durable import Outgoing
from producers.collector.incoming import NotAccepted
from producers.collector.judging import Accepted, field_of, judge
from producers.collector.limits import EVENTS

Identity = tuple[str, str, str]
"""Campaign, id and status: what makes an event the same as another to workers."""

_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_ONE = msgspec.json.Decoder(msgspec.Raw)
_CONVERSIONS = topic_of("conversion")
KAFKA_REFUSES = "kafka_refuses"
NOT_ALLOWED = "campaign_not_allowed"


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

    def refuse(self, index: int, refusal: Refusal) -> None:
        """Put an event aside."""
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


def split(body: bytes) -> Sequence[bytes | msgspec.Raw]:
    """Return the events of a body as they are written: of a list, of lines, or the only one.

    Raises:
        NotAccepted: it holds none, or too many, or is no JSON that could be divided.

    """
    text = body.strip()
    if not text:
        raise NotAccepted(400, "no_events")
    events = _listed(text) if text.startswith(b"[") else _lines(text)
    if not events:
        raise NotAccepted(400, "no_events")
    if len(events) > EVENTS:
        raise NotAccepted(413, "too_many_events")
    return events


def sort(
    events: Iterable[bytes | msgspec.Raw | NotAccepted],
    registry: Registry | None,
    now: int,
    campaigns: frozenset[str] | None = None,
    known: Callable[[Identity], bool] = lambda _: False,
) -> Sorted:
    """Judge events, each by itself; of those with the same id and campaign the first is taken.

    What could not be made an event stands among them as the reason why.
    `campaigns` are those that the sender may speak of, None: any. `known` tells which were kept before.
    """
    found, seen = Sorted(), set[Identity]()
    for index, raw in enumerate(events):
        if isinstance(raw, NotAccepted):
            found.refused.append(Refused(index, raw.reason, raw.field, sentence(raw.reason)))
            continue
        verdict = judge(bytes(raw), registry, now)
        if isinstance(verdict, Refusal):
            found.refuse(index, verdict)
        elif campaigns is not None and verdict.event.campaign_id not in campaigns:
            rule = "campaign_id: is none that this key may send to"
            found.refused.append(Refused(index, NOT_ALLOWED, "campaign_id", rule))
        else:
            _take(found, seen, index, verdict, known)
    return found


def identity(event: Event) -> Identity:
    """Return what an event is known by."""
    return event.campaign_id, event.event_id, event.status if isinstance(event, Adjustment) else ""


def summary(found: Sorted) -> dict[str, Any]:
    """Say what became of a request's events."""
    return {
        "accepted": len(found.records),
        "duplicate": found.duplicates,
        "invalid": found.invalid,
        "refused": found.refused,
    }


def written(event: dict[str, Any] | NotAccepted) -> bytes | NotAccepted:
    """Return a translated event as JSON; why there is none stays what it is."""
    if isinstance(event, NotAccepted):
        return event
    try:
        return msgspec.json.encode(event)
    except (UnicodeEncodeError, OverflowError):
        # Half a character, or a number beyond 64 bits: read as what they are, and refused if they count.
        return json.dumps(event).encode()


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


def _listed(text: bytes) -> Sequence[bytes | msgspec.Raw]:
    try:
        return _LIST.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        raise NotAccepted(400, "not_json") from None


def _lines(text: bytes) -> Sequence[bytes | msgspec.Raw]:
    """Return lines; an object that is written over several is one event."""
    if b"\n" in text:
        try:
            return [_ONE.decode(text)]
        except (msgspec.MsgspecError, RecursionError):
            return [line for line in text.splitlines() if line.strip()]
    return [text]
