"""Reading and counting as engines in Python share it: msgspec, dicts, and a sketch of people by campaign."""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any, Literal

import msgspec
from datasketches import hll_sketch

from benchmarks.peers.apps.task import Tally

_LOG_REGISTERS = 12


class Event(msgspec.Struct, gc=False):
    """What is needed of an event; other fields are not looked at."""

    type: Literal["impression", "click", "engagement", "conversion"]
    event_id: str
    event_time: datetime
    campaign_id: str
    person_id: str | None = None
    consent: bool = False

    def cell(self) -> str:
        """Return campaign, kind and minute."""
        return f"{self.campaign_id}|{self.type}|{int(self.event_time.timestamp()) // 60}"

    def person(self) -> str | None:
        """Return whom an impression reached, where that may be known."""
        return self.person_id if self.consent and self.type == "impression" else None


_decode = msgspec.json.Decoder(Event).decode


def read(value: bytes | None) -> Event | None:
    """Read a record; None where it is no event."""
    try:
        return _decode(value or b"")
    except (msgspec.DecodeError, UnicodeDecodeError):  # A ValidationError is a DecodeError.
        return None


class Seen:
    """The ids seen, counts of unique events by cell, and people by campaign."""

    def __init__(self) -> None:
        self.cells: Counter[str] = Counter()
        self._duplicates = 0
        self._ids: set[str] = set()
        self._people: defaultdict[str, Any] = defaultdict(sketch)

    def is_new(self, event: Event) -> bool:
        """Return whether an event's id was not seen before, and see its person if so."""
        if event.event_id in self._ids:
            self._duplicates += 1
            return False
        self._ids.add(event.event_id)
        if person := event.person():
            self._people[event.campaign_id].update(person)
        return True

    def count(self, event: Event) -> None:
        """Count an event that is new."""
        if self.is_new(event):
            self.cells[event.cell()] += 1

    def stored(self) -> tuple[Any, ...]:
        """Return what can be stored, and does not change with this."""
        people = {who: people.serialize_compact() for who, people in self._people.items()}
        return self.cells.copy(), self._duplicates, self._ids.copy(), people

    def add_to(self, tally: Tally) -> None:
        """Add duplicates and people to what is told."""
        tally.duplicates += self._duplicates
        tally.people |= {who: people.get_estimate() for who, people in self._people.items()}


def sketch() -> Any:
    """Make an empty sketch of people."""
    return hll_sketch(_LOG_REGISTERS)
