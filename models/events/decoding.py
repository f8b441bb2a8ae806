"""Bytes to events, a batch at a time: as the models read them, several times as fast.

msgspec reads Structs derived from the models; what else a model asks for is checked by column. Where either
refuses, or is not known to decide as the model does, the model has the last word.
"""

from collections.abc import Sequence
from functools import cache
from itertools import compress
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from models.core.columns import Ints, numbers
from models.core.event_times import UNREAD, read_times
from models.events.batch import Batch, Mask, Refused
from models.events.checks import checks_of
from models.events.leaf_index import NOWHERE, LeafIndex
from models.events.parsing import Refusal, read_event
from models.events.schema import models_of, read_event_time
from models.events.structs import derived_from
from models.events.unused import AROUND, LEFT, rates_nothing, unused_fields
from models.topics import INPUT_TOPICS, EventType

# The Structs are made at run time: no type checker knows them.
EventStruct = Any

# Records looked at together: as many as stay in a processor's own cache.
_PART = 1000
# pydantic refuses what msgspec skips unread: more than 200 levels (402 brackets, and an event without them
# has more than 110 bytes), numbers of more than 4300 digits, what is not UTF-8.
_SURELY_SHALLOW = 512
_DEEPEST = 200
_LONGEST = 4096
_person_of = attrgetter("person_id")


class Parsed(NamedTuple):
    """Events of one type, as columns of one length, in the order of their records.

    `payloads` hold what was sent: models of models.events.schema, or Structs derived from them. As the models
    read it are `times` (microseconds) and `leaves` (numbers of models.events.leaf_index). `indices` are those
    of the records in their batch.
    """

    type: EventType
    payloads: list[Any]
    indices: Ints
    times: Ints
    arrivals: Ints
    leaves: Ints

    def where(self, chosen: Mask) -> "Parsed":
        """Return the chosen events."""
        if chosen.all():
            return self
        payloads = list(compress(self.payloads, chosen.tolist()))
        return Parsed(self.type, payloads, *(column[chosen] for column in self[2:]))


class Decoded(NamedTuple):
    """The events of a batch, the records that are none, and which fields were ignored, by record."""

    events: Parsed
    refused: list[Refused]
    ignored: dict[int, Sequence[str]]


def decode(batch: Batch, leaves: LeafIndex) -> Decoded:
    """Read the records of a batch, and find their leaves; the verdicts are those of `read_event`."""
    event_type, records = INPUT_TOPICS[batch.topic], batch.records
    values = [records.value(index) for index in range(len(records.offsets))]
    events, unsure = _reader(event_type).read(values, leaves)
    events = events._replace(arrivals=records.arrivals)
    ignored = {} if unsure.all() else _take_unused(events.where(~unsure))
    refused = []
    for index in np.flatnonzero(unsure).tolist():
        read = read_event(event_type, values[index])
        if isinstance(read, Refusal):
            refused.append(Refused(index, read))
            continue
        unsure[index] = False
        events.payloads[index], events.times[index] = read.event, read.event.event_time
        (events.leaves[index],) = leaves.find([read.event])
        if read.ignored:
            ignored[index] = read.ignored
    return Decoded(events.where(~unsure) if refused else events, refused, ignored)


def _take_unused(events: Parsed) -> dict[int, Sequence[str]]:
    """Take what Structs carry and nothing may use as absent; return which fields, by record."""
    found: dict[int, Sequence[str]] = {}
    for at in _may_be_unused(events):
        event = events.payloads[at]
        unused = unused_fields(event)
        for name in unused:
            setattr(event, name, None)
        found |= {int(events.indices[at]): unused} if unused else {}
    return found


def _may_be_unused(events: Parsed) -> list[int]:
    """Return where an event may carry what nothing uses: each person is looked at once."""
    persons = list(map(_person_of, events.payloads))
    nobodies = {one for one in set(persons) if one is not None and one.strip(AROUND).lower() in LEFT}
    nobody = [at for at, person in enumerate(persons) if person in nobodies] if nobodies else []
    if events.type != "engagement":
        return nobody
    return nobody + [
        at for at, event in enumerate(events.payloads) if event.sentiment and rates_nothing(event)
    ]


class _Reader:
    """Reads the events of one type, each of which fits one of some models."""

    def __init__(self, event_type: EventType) -> None:
        self._type = event_type
        models = models_of(event_type)
        derived = [derived_from(model) for model in models]
        self._decode, *self._others = [msgspec.json.Decoder(one.struct).decode for one in derived]
        self._checks = list(checks_of(models[0], derived[0]))
        # Stands for a record that cannot be read: its empty time and campaign are sure to be found odd.
        fields = dict.fromkeys(derived[0].struct.__struct_fields__)
        self._unread = derived[0].struct(**fields | {"campaign_id": "", "event_id": "", "event_time": ""})

    def read(self, values: Sequence[bytes | None], leaves: LeafIndex) -> tuple[Parsed, npt.NDArray[np.bool_]]:
        """Return events without their arrivals, and mark those that the model may read otherwise."""
        events: list[EventStruct] = []
        texts: list[str] = []
        found: list[int] = []
        odd: list[int] = []
        for start in range(0, len(values), _PART):
            part = self._decoded([raw or b"" for raw in values[start : start + _PART]])
            texts += [event.event_time for event in part]
            found += leaves.find(part)
            odd += [start + index for check in self._checks for index in check(part)]
            events += part
        times, leaf_numbers = _times(texts), numbers(found)
        unsure = (times == UNREAD) | (leaf_numbers == NOWHERE)
        unsure[odd] = True
        indices = np.arange(len(events))
        return Parsed(self._type, events, indices, times, times, leaf_numbers), unsure

    def _decoded(self, values: list[bytes]) -> list[EventStruct]:
        events: list[EventStruct] = []
        rest = iter(values)
        while len(events) < len(values):
            try:
                # Where a record cannot be read, those before it have been added already.
                events.extend(map(self._decode, rest))
            except (ValueError, RecursionError):
                events.append(self._decoded_otherwise(values[len(events)]))
        for index in _perhaps_skipped(values):
            events[index] = self._unread
        return events

    def _decoded_otherwise(self, raw: bytes) -> EventStruct:
        for decode_as in self._others:
            try:
                return decode_as(raw)
            except (ValueError, RecursionError):
                continue
        return self._unread


@cache
def _reader(event_type: EventType) -> _Reader:
    return _Reader(event_type)


def _times(texts: list[str]) -> Ints:
    times = read_times(texts)
    for index in np.flatnonzero(times == UNREAD).tolist():
        times[index] = _time_by_rule(texts[index])
    return times


def _time_by_rule(text: str) -> int:
    try:
        return read_event_time(text)
    except ValueError:
        return UNREAD


def _perhaps_skipped(values: Sequence[bytes]) -> list[int]:
    """Return the indices of records in which msgspec may have skipped what pydantic refuses."""
    suspects = [i for i, raw in enumerate(values) if len(raw) > _SURELY_SHALLOW or not raw.isascii()]
    return [index for index in suspects if not _surely_read(values[index])]


def _surely_read(raw: bytes) -> bool:
    try:
        raw.decode()
    except ValueError:
        return False
    return len(raw) <= _LONGEST and raw.count(b"[") + raw.count(b"{") <= _DEEPEST
