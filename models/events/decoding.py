"""Bytes to events, fast and by the batch: Structs derived from the events' models, with their verdict.

msgspec reads; what else a model asks for is looked at by column. Where either refuses, or is not known to
judge as the model does, the model has the last word.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import compress
from operator import attrgetter
from re import Pattern
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from models.core.event_times import UNREAD, Ints, read_times
from models.events.derive import Derived, NotDerivableError, Special, derive
from models.events.parsing import Refusal, parse_event
from models.events.places import FIELDS, NOWHERE, Column, Numbers, Places
from models.events.schema import Conversion, Event, Impression, asked_for, models_of, read_event_time
from models.topics import EventType

# The Structs are made at run time: no type checker knows them.
EventStruct = Any
Refusals = list[tuple[int, Refusal]]
"""Refusals with the index of their record."""
Mask = npt.NDArray[np.bool_]
Decode = Callable[[bytes], EventStruct]
Check = Callable[[Sequence[EventStruct]], list[int]]
"""Gives the indices of events that the model may refuse."""

_SPECIAL = {
    # msgspec's own times are rounded below a microsecond, and may be written +0100.
    "event_time": Special(read_event_time, str),
    "channel": Special("to_lower", str),
}
# pydantic refuses what msgspec skips unread: more than 200 levels (402 brackets, and an event without them
# has more than 110 bytes), numbers of more than 4300 digits, what is not UTF-8.
_SURELY_SHALLOW = 512
_DEEPEST = 200
_LONGEST = 4096
# Records looked at together: as many as stay in a processor's own cache.
_PART = 1000


class Read(NamedTuple):
    """Events in the order of their records, with the records' indices, and the refusals of what is none.

    `events` hold what was sent; as the models read it are `times` (microseconds) and `places`.
    """

    events: list[EventStruct]
    indices: Ints
    times: Ints
    places: Column
    refusals: Refusals

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Read":
        """Give the chosen events, and all refusals."""
        events = list(compress(self.events, chosen.tolist()))
        return Read(
            events, self.indices[chosen], self.times[chosen], self.places.where(chosen), self.refusals
        )


def read_events(event_type: EventType, values: Sequence[bytes | None]) -> Read:
    """Read the values of a topic's records, with the verdicts of `parse_event`."""
    known = _places().numbers()
    read, unsure = _reader(event_type).read([raw or b"" for raw in values], known)
    for index in np.flatnonzero(unsure).tolist():
        event = parse_event(event_type, values[index])
        if isinstance(event, Refusal):
            read.refusals.append((index, event))
        else:
            unsure[index] = False
            read.events[index], read.times[index] = event, event.event_time
            read.places.numbers[index] = known.of([event])[0]
    return read.where(~unsure) if read.refusals else read


class _Reader:
    """What reads the events of one type, which fit one of some models."""

    def __init__(self, models: Sequence[type[Event]]) -> None:
        derived = [_derived(model) for model in models]
        self._decode, *self._others = [msgspec.json.Decoder(one.struct).decode for one in derived]
        self._checks = list(_checks(models[0], derived[0]))
        # What cannot be read, in whose time nobody sees a time.
        fields = dict.fromkeys(derived[0].struct.__struct_fields__)
        self._unread = derived[0].struct(**fields | {"campaign_id": "", "event_time": ""})

    def read(self, values: list[bytes], known: Numbers) -> tuple[Read, Mask]:
        """Read records; tell of which it is not sure that the model gives the same."""
        events: list[EventStruct] = []
        texts, numbers, odd = [], [], []
        for start in range(0, len(values), _PART):
            part = self._decoded(values[start : start + _PART])
            texts += [event.event_time for event in part]
            numbers += known.of(part)
            odd += [start + index for check in self._checks for index in check(part)]
            events += part
        times, places = _times(texts), Column(known.leaves, np.array(numbers, np.int64))
        unsure = (times == UNREAD) | (places.numbers == NOWHERE)
        unsure[odd] = True
        return Read(events, np.arange(len(events)), times, places, []), unsure

    def _decoded(self, values: list[bytes]) -> list[EventStruct]:
        events: list[EventStruct] = []
        rest = iter(values)
        while len(events) < len(values):
            try:
                # What comes before a record that cannot be read is in the list then.
                events.extend(map(self._decode, rest))
            except (ValueError, RecursionError):
                events.append(self._decoded_otherwise(values[len(events)]))
        for index in _perhaps_skipped(values):
            events[index] = self._unread
        return events

    def _decoded_otherwise(self, raw: bytes) -> EventStruct:
        for decode in self._others:
            try:
                return decode(raw)
            except (ValueError, RecursionError):
                continue
        return self._unread


@cache
def _reader(event_type: EventType) -> _Reader:
    return _Reader(models_of(event_type))


@cache
def _derived(model: type[Event]) -> Derived:
    derived = derive(model, _SPECIAL)
    if model is not Impression and any(
        derived.patterns[name] != _derived(Impression).patterns[name] for name in FIELDS
    ):
        raise NotDerivableError(f"{model.__name__}: names its place otherwise than impressions do")
    return derived


@cache
def _places() -> Places:
    """Give the places that all types of events share."""
    return Places(_derived(Impression).patterns)


def _perhaps_skipped(values: list[bytes]) -> list[int]:
    """Find records in which msgspec may have skipped what pydantic refuses."""
    suspects = [i for i, raw in enumerate(values) if len(raw) > _SURELY_SHALLOW or not raw.isascii()]
    return [index for index in suspects if not _surely_read(values[index])]


def _surely_read(raw: bytes) -> bool:
    try:
        raw.decode()
    except ValueError:
        return False
    return len(raw) <= _LONGEST and raw.count(b"[") + raw.count(b"{") <= _DEEPEST


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


def _checks(model: type[Event], derived: Derived) -> Iterator[Check]:
    for name, pattern in derived.patterns.items():
        if name not in FIELDS:
            yield _matching(name, pattern)
    for part, nested in derived.nested.items():
        yield _within(part, [_matching(name, pattern) for name, pattern in nested.patterns.items()])
    if model is Conversion:
        yield _incomplete


def _matching(name: str, pattern: Pattern[str]) -> Check:
    """Give a check of one text of each event, which looks at each different text once."""
    text_of = attrgetter(name)

    def check(parts: Sequence[EventStruct]) -> list[int]:
        texts = set(map(text_of, parts)) - {None}
        odd = {text for text in texts if not pattern.fullmatch(text)}
        return [index for index, part in enumerate(parts) if text_of(part) in odd] if odd else []

    return check


def _within(name: str, checks: Sequence[Check]) -> Check:
    """Give the checks of what events hold under a name, where they hold it."""
    part_of = attrgetter(name)

    def check(events: Sequence[EventStruct]) -> list[int]:
        parts = list(map(part_of, events))
        there = [index for index, part in enumerate(parts) if part is not None]
        parts = [parts[index] for index in there]
        return [there[index] for check_part in checks for index in check_part(parts)]

    return check


_ever_asked_for = attrgetter(*asked_for("purchase", 0))


def _incomplete(conversions: Sequence[EventStruct]) -> list[int]:
    return [
        index
        for index, event in enumerate(conversions)
        if None in _ever_asked_for(event)
        and any(getattr(event, name) is None for name in asked_for(event.kind, event.revenue))
    ]
