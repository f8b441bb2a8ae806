"""What is known of each record of a batch while it is decoded: as scanned, or as its model read it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from models.core.columns import Ints, numbers
from models.core.compiling import Int, compiled
from models.core.octets import Octets, padded
from models.core.records import Records
from models.events.batch import Events, Floats, Reports, RunningTotal, Smalls
from models.events.fields import Derived
from models.events.forms import FIELD
from models.events.scanning import ABSENT, Scanned
from models.events.schema import STATUSES, Event, total_of
from models.events.written import Written
from models.kinds import ATTRIBUTIONS, CONVERSIONS, ENGAGEMENTS, POLARITIES, names
from models.sentiment.folding import MOST_CHARACTERS
from models.topics import EventType

_KINDS = {"engagement": names(ENGAGEMENTS), "conversion": names(CONVERSIONS)}
_POLARITIES, _ATTRIBUTIONS = names(POLARITIES), names(ATTRIBUTIONS)
_TEXTS = ("event_id", "person_id", "language")
_WORDS = ("kind", "sentiment", "status")
_NUMBERS = ("consent", "count")

ELSEWHERE = -2
"""In place of the number of a form: the event is of another shard's campaign, and for that to look at."""


@dataclass(slots=True)
class Sheet:
    """Columns by record: what was scanned, times, amounts, numbers of texts; and what models read."""

    type: EventType
    forms: Sequence[Derived]
    records: Records
    scanned: Scanned
    times: Ints
    leaves: Ints
    agents: Ints
    audiences: Ints
    currencies: Ints
    revenues: Floats
    read: dict[int, Event] = field(default_factory=dict)
    _added: bytearray = field(default_factory=bytearray)

    def fitting(self) -> Ints:
        """Return the records that are events as far as is known, and not of ELSEWHERE."""
        return np.flatnonzero(self.scanned.forms >= 0)

    def of_form(self, number: int) -> Ints:
        """Return those of them that fit a form."""
        return np.flatnonzero(self.scanned.forms == number)

    def with_field(self, name: str) -> Ints:
        """Return those of them that have a field."""
        fitting = self.fitting()
        given: Ints = fitting[self.scanned.values[fitting, FIELD[name]] != ABSENT]
        return given

    def column(self, name: str, lines: Ints, absent: int = ABSENT) -> Ints:
        """Return what a field says at some lines: for texts their lengths."""
        return _column(self.scanned.values, name, lines, absent)

    def texts(self, name: str, lines: Ints) -> Iterator[str | None]:
        """Return the texts of a field that were scanned at some lines, None where there is none."""
        octets = self.records.buffer.data
        starts, lengths = _column(self.scanned.starts, name, lines), self.column(name, lines)
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
            yield str(octets[start : start + length], "utf-8") if length >= 0 else None

    def write(self, at: int, event: Event) -> None:
        """Write what a model read of a record where the scanner would have, but for numbers of texts."""
        starts, values, forms = self.scanned
        forms[at] = [derived.model for derived in self.forms].index(type(event))
        values[at] = ABSENT
        self.times[at] = event.event_time
        listed = self.forms[forms[at]].rules.values
        for name in _TEXTS:
            text = getattr(event, name, None)
            # Whoever is named beside a total is not all whom it counts.
            if text is not None and not (name == "person_id" and total_of(event) is not None):
                starts[at, FIELD[name]], values[at, FIELD[name]] = self._append(text.encode())
        self._write_text(at, event)
        for name in _WORDS:
            word = getattr(event, name, None)
            if word is not None:
                values[at, FIELD[name]] = listed[name].index(word)
        for name in _NUMBERS:
            number = getattr(event, name)
            if number is not None:
                values[at, FIELD[name]] = number
        self.currencies[at], self.revenues[at] = ABSENT, ABSENT
        self.read[at] = event

    def _write_text(self, at: int, event: Event) -> None:
        """Write what somebody said as JSON does; what is said beside a total is not all that it counts."""
        text = getattr(event, "text", None)
        if text is not None and total_of(event) is None:
            starts, values, _ = self.scanned
            # An event that is scanned is too short for a text that would have to be cut.
            escaped = json.dumps(text[:MOST_CHARACTERS], ensure_ascii=False)[1:-1]
            starts[at, FIELD["text"]], values[at, FIELD["text"]] = self._append(escaped.encode())

    def _append(self, text: bytes) -> tuple[int, int]:
        start = len(self.records.buffer) + len(self._added)
        self._added += text
        return start, len(text)

    def events(self) -> Events:
        """Return the events among the records."""
        lines, starts = self.fitting(), self.scanned.starts
        return Events(
            type=self.type,
            buffer=self._buffer(),
            indices=lines,
            times=self.times[lines],
            arrivals=self.records.arrivals[lines],
            leaves=self.leaves[lines],
            counts=self.column("count", lines, absent=int(self.forms[0].rules.defaults["count"])),
            id_starts=_column(starts, "event_id", lines),
            id_lengths=self.column("event_id", lines),
            person_starts=_column(starts, "person_id", lines),
            person_lengths=self.column("person_id", lines),
            consents=self.column("consent", lines).astype(np.int8),
            kinds=self._numbered("kind", lines, _KINDS.get(self.type, ())),
            ratings=self._numbered("sentiment", lines, _POLARITIES),
            agents=self.agents[lines],
            audiences=self.audiences[lines],
            statuses=self._numbered("status", lines, STATUSES, absent=0),
            reports=self._reports(lines) if self.type == "conversion" else None,
            totals=self._totals(lines),
            written=self._written(lines) if self.type == "engagement" else None,
        )

    def _written(self, lines: Ints) -> Written | None:
        lengths, starts = self.column("text", lines), self.scanned.starts
        if not (lengths >= 0).any():
            return None
        return Written(
            _column(starts, "text", lines),
            lengths,
            _column(starts, "language", lines),
            self.column("language", lines),
        )

    def _totals(self, lines: Ints) -> dict[int, RunningTotal]:
        read = ((at, event, total_of(event)) for at, event in self.read.items())
        return {
            int(np.searchsorted(lines, at)): RunningTotal(total, event.source or "")
            for at, event, total in read
            if total is not None
        }

    def _reports(self, lines: Ints) -> Reports:
        read = {int(np.searchsorted(lines, at)): event for at, event in self.read.items()}
        return Reports(
            _column(self.scanned.starts, "order_id", lines),
            self.column("order_id", lines),
            self.revenues[lines],
            self.currencies[lines],
            self._numbered("attributed_by", lines, _ATTRIBUTIONS),
            read,
        )

    def _numbered(self, name: str, lines: Ints, words: Sequence[str], absent: int = ABSENT) -> Smalls:
        """Return the number, among these words, of what a field says, or of its default, or `absent`."""
        if not any(name in derived.rules.values for derived in self.forms):
            return np.full(len(lines), absent, np.int8)
        column, forms = self.column(name, lines), self.scanned.forms[lines]
        for number, derived in enumerate(self.forms):
            default = derived.rules.defaults.get(name)
            listed = [*derived.rules.values.get(name, ()), default]
            chosen = forms == number
            new = [absent if word is None else words.index(str(word)) for word in listed]
            # As an index −1 is the last one: that of the default.
            column[chosen] = numbers(new)[column[chosen]]
        return column.astype(np.int8)

    def _buffer(self) -> Octets:
        buffer = self.records.buffer
        return np.concatenate([buffer, padded(bytes(self._added))]) if self._added else buffer


def _column(table: npt.NDArray[Any], name: str, lines: Ints, absent: int = ABSENT) -> Ints:
    column = np.empty(len(lines), np.int64)
    _take(table, FIELD[name], lines, absent, column)
    return column


@compiled
def _take(table: npt.NDArray[Any], field: Int, lines: Ints, absent: Int, taken: npt.NDArray[Any]) -> None:
    """Take a column of a table at these lines; `absent` stands for what is not there."""
    for index in range(len(lines)):
        value = table[lines[index], field]
        taken[index] = absent if value < 0 else value
