"""Interim."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from models.parsing import Refusal, parse_event
from models.topics import EventType

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def decode(event_type: EventType, values: Sequence[bytes | None]) -> Iterator[Any]:
    """Read."""
    for raw in values:
        event = parse_event(event_type, raw)
        if isinstance(event, Refusal):
            yield event
        else:
            fields = {name: getattr(event, name) for name in type(event).model_fields}
            fields["event_time"] = _EPOCH + timedelta(microseconds=event.event_time)
            yield SimpleNamespace(**fields)


def micros(moment: datetime) -> int:
    """Give."""
    return (moment - _EPOCH) // timedelta(microseconds=1)
