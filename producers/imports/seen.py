"""What the rows of a file have said before: the same again is told from something else about the same."""

from typing import NamedTuple

from models.events.schema import Event, total_of

ABOUT = (
    "campaign_id",
    "influencer_id",
    "content_id",
    "channel",
    "format",
    "type",
    "kind",
    "source",
    "event_time",
)
"""The fields that say what an event is about: beside them is what it says of that."""


class First(NamedTuple):
    """The first event about something: the line that it came of, and its id."""

    line: int
    event_id: str


class Seen:
    """The totals and orders of a file so far, by hashes of what they are about: 300 bytes each."""

    def __init__(self) -> None:
        self._first: dict[int, First] = {}

    def first(self, event: Event, line: int) -> First:
        """Return the first event that is about the same as this one: this one, where it is the first."""
        said = (
            (event.event_id,)
            if total_of(event) is None
            else tuple(getattr(event, name, None) for name in ABOUT)
        )
        return self._first.setdefault(hash(said), First(line, event.event_id))
