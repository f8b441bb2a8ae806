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


class Counts:
    """Counts of unique events by cell, the ids seen, and people by campaign."""

    def __init__(self) -> None:
        self.cells: Counter[str] = Counter()
        self.duplicates = 0
        self._seen: set[str] = set()
        self._people: defaultdict[str, Any] = defaultdict(sketch)

    def count(self, event: Event) -> None:
        """Count an event unless its id was seen."""
        if event.event_id in self._seen:
            self.duplicates += 1
            return
        self._seen.add(event.event_id)
        self.cells[event.cell()] += 1
        if person := event.person():
            self._people[event.campaign_id].update(person)

    def stored(self) -> tuple[Any, ...]:
        """Return what can be stored, and does not change with this."""
        people = {who: people.serialize_compact() for who, people in self._people.items()}
        return self.cells.copy(), self.duplicates, self._seen.copy(), people

    def add_to(self, tally: Tally) -> None:
        """Add to what is told."""
        tally.cells += self.cells
        tally.duplicates += self.duplicates
        tally.people |= {who: people.get_estimate() for who, people in self._people.items()}


def sketch() -> Any:
    """Make an empty sketch of people."""
    return hll_sketch(_LOG_REGISTERS)
