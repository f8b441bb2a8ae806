"""What a decoder makes of records, as one value a record, and what their models make of them."""

from collections.abc import Sequence
from typing import Any

from models.core.columns import numbers
from models.core.records import records_of
from models.events.batch import Batch, Events, RunningTotal
from models.events.decoder import Decoded, Decoder
from models.events.parsing import Refusal, read_event
from models.events.reports import report_of
from models.events.schema import LEAF_FIELDS, STATUSES
from models.events.written import read_texts
from models.kinds import CONVERSIONS, ENGAGEMENTS, POLARITIES, names
from models.sentiment.folding import MOST_CHARACTERS
from models.topics import EventType, topic_of
from tests.unit.models.building import NOON, leaf_index

KINDS = {"engagement": names(ENGAGEMENTS), "conversion": names(CONVERSIONS)}

SAID = (
    *("event_id", "event_time", "count", "person_id", "consent"),
    *("kind", "sentiment", "user_agent", "audience"),
)


class Reading:
    """A decoder, with what it was asked."""

    def __init__(self) -> None:
        self.agents: list[str] = []
        self.leaves = leaf_index()
        self.decoder = Decoder(self.leaves, self._is_bot)

    def _is_bot(self, agent: str) -> bool:
        self.agents.append(agent)
        return len(agent) % 2 == 1

    def decode(self, event_type: EventType, values: Sequence[bytes | None]) -> Decoded:
        """Decode values as records of the type's topic, which arrive one after the other."""
        count = len(values)
        arrivals = range(NOON, NOON + count)
        return self.decoder.decode(Batch(topic_of(event_type), 0, records_of(values, range(count), arrivals)))

    def read_all(self, event_type: EventType, values: Sequence[bytes | None]) -> list[Any]:
        """Decode values; give of each the refusal, or what all columns say and what was ignored."""
        events, refused, ignored, _ = self.decode(event_type, values)
        found: list[Any] = [None] * len(values)
        for at, refusal in refused:
            found[at] = refusal
        for index, at in enumerate(events.indices.tolist()):
            assert found[at] is None
            assert events.arrivals[index] == NOON + at
            found[at] = {**self._said(events, index), "ignored": sorted(ignored.get(at, []))}
        return found

    def _said(self, events: Events, index: int) -> dict[str, Any]:
        def text(starts: Any, lengths: Any) -> str | None:
            start, length = int(starts[index]), int(lengths[index])
            return None if length < 0 else events.buffer[start : start + length].tobytes().decode()

        agent, audience = int(events.agents[index]), int(events.audiences[index])
        if agent >= 0:
            assert self.decoder.is_bot[agent] == (len(self.agents[agent]) % 2 == 1)
        assert (events.reports is not None) == (events.type == "conversion")
        (leaf,) = self.leaves.named(numbers([events.leaves[index]]))
        return {
            "event_id": text(events.id_starts, events.id_lengths),
            "event_time": int(events.times[index]),
            "leaf": tuple(leaf),
            "count": int(events.counts[index]),
            "person_id": text(events.person_starts, events.person_lengths),
            "consent": {1: True, 0: False, -1: None}[int(events.consents[index])],
            "kind": named(KINDS.get(events.type, ()), events.kinds[index]),
            "sentiment": named(names(POLARITIES), events.ratings[index]),
            "user_agent": named(self.agents, agent),
            "audience": named(self.decoder.audiences, audience),
            "total": events.totals.get(index),
            "written": written_at(events, index),
            "status": STATUSES[events.statuses[index]],
            "order": order_of(report_of(events, events.reports, index, leaf)) if events.reports else None,
        }


def written_at(events: Events, index: int) -> tuple[str | None, str | None] | None:
    """Return the text of an event, and its language; None where it has no text."""
    if events.written is None:
        return None
    one = events.written.at(numbers([index]))
    (text,) = read_texts(events.buffer, one.starts, one.lengths)
    (language,) = read_texts(events.buffer, one.language_starts, one.language_lengths)
    return None if text is None else (text, language)


def written_in(event: Any) -> tuple[str | None, str | None] | None:
    """Return what a decoder should say of a text, by the event's model."""
    text = getattr(event, "text", None)
    return None if text is None or event.total is not None else (text[:MOST_CHARACTERS], event.language)


def named(listed: Sequence[Any], number: Any) -> Any:
    return None if number < 0 else listed[number]


def order_of(event: Any) -> dict[str, Any]:
    """Return what orders need of a conversion, in a form in which 1 and True differ from 1.0 and 1."""
    fields = (
        "event_id campaign_id influencer_id kind order_id revenue currency attributed_by status count type"
    )
    return {name: repr(getattr(event, name)) for name in fields.split()}


def expected(event_type: EventType, value: bytes | None) -> Any:
    """Return what a decoder should say of a record, by its model."""
    read = read_event(event_type, value)
    if isinstance(read, Refusal):
        return read
    event: Any = read.event
    fields = (
        "event_id",
        "event_time",
        "count",
        "person_id",
        "consent",
        "kind",
        "sentiment",
        "user_agent",
        "audience",
    )
    said = {name: getattr(event, name, None) for name in fields}
    total = getattr(event, "total", None)
    if total is not None:
        said["person_id"] = None
    return {
        **said,
        "leaf": tuple(getattr(event, name) for name in LEAF_FIELDS),
        "total": None if total is None else RunningTotal(total, event.source or ""),
        "written": written_in(event),
        "status": getattr(event, "status", "confirmed"),
        "order": order_of(event) if event_type == "conversion" else None,
        "ignored": sorted(read.ignored),
    }


def check(event_type: EventType, *values: bytes | None) -> list[Any]:
    """Hold what is decoded against the models, of each record by itself and of all together, twice."""
    wanted = [expected(event_type, value) for value in values]
    reading = Reading()
    assert reading.read_all(event_type, values) == wanted
    assert reading.read_all(event_type, values) == wanted
    for value, one in zip(values, wanted, strict=True):
        assert Reading().read_all(event_type, [value]) == [one]
    return wanted
