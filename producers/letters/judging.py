"""What would become of a dead letter if its event came now: judged as workers do, by today's registry."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from connections.topics import partition_of
from models.admission.rules import refuse_now
from models.campaigns.registry import Registry
from models.dead_letters import Headers, Letter, Origin
from models.events.parsing import Refusal, parse_event
from models.events.schema import Event
from models.topics import INPUT_TOPICS, EventType
from producers.letters.marks import Marks

Fate = Literal["counts", "sent before", "left alone", "refused", "cannot be sent"]

FOREIGN = "no worker refused it: its headers name no topic, partition, offset and reason as a worker's do"
OTHER_TOPIC = "it came on a topic that is not there, or carries no events of this deployment"
TOO_LARGE = "with its headers it is larger than its topic takes (max.message.bytes)"
_OVERHEAD = 1_000
"""Bytes, more than a record batch and our headers take."""


class Again(NamedTuple):
    """A record to send: the topic's full name, and null for what it has not."""

    topic: str
    partition: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()

    @property
    def size(self) -> int:
        """How many bytes it takes at most."""
        headers = sum(len(name.encode()) + len(value or b"") for name, value in self.headers)
        return _OVERHEAD + len(self.key or b"") + len(self.value or b"") + headers


class Verdict(NamedTuple):
    """What would become of a letter, and why not: a reason of refusal, or a sentence."""

    fate: Fate
    why: str = ""
    again: Again | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges by a registry; `topics` maps the full names of the topics of events to their partition counts.

    `largest` is what each takes. With `again`, a letter whose event was sent again before is judged, too.
    """

    registry: Registry
    prefix: str
    topics: Mapping[str, int]
    largest: Mapping[str, int]
    again: bool

    def judge(self, letter: Letter, marks: Marks, now: int) -> Verdict:
        """Judge a letter as if its event came now (microseconds)."""
        origin = letter.origin
        if origin is None or not letter.of_worker:
            return Verdict("cannot be sent", FOREIGN)
        event_type = INPUT_TOPICS.get(origin.topic.removeprefix(self.prefix))
        if origin.topic not in self.topics or event_type is None:
            return Verdict("cannot be sent", OTHER_TOPIC)
        if marks.has(letter, origin):
            return Verdict("sent before")
        if letter.times_sent and not self.again:
            return Verdict("left alone")
        event = self._event(event_type, letter.value, now)
        if isinstance(event, Refusal):
            return Verdict("refused", event.reason)
        return self._send(letter, origin, event)

    def _event(self, event_type: EventType, value: bytes | None, now: int) -> Event | Refusal:
        event = parse_event(event_type, value)
        if isinstance(event, Refusal):
            return event
        return refuse_now(event, now, self.registry) or event

    def _send(self, letter: Letter, origin: Origin, event: Event) -> Verdict:
        # Without a key it goes to its campaign's partition, so that no worker has to forward it.
        key = event.campaign_id.encode() if letter.key is None else letter.key
        partition = partition_of(key, self.topics[origin.topic])
        record = Again(origin.topic, partition, letter.key, letter.value, letter.headers_again())
        if record.size > self.largest[origin.topic]:
            return Verdict("cannot be sent", TOO_LARGE)
        return Verdict("counts", again=record)
