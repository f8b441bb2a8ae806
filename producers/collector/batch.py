"""`/v1/events`: a body of events of ours, one, a list or one a line, and what is answered of each."""

from collections.abc import Sequence
from typing import Any

import msgspec

from producers.collector.incoming import NotAccepted
from producers.collector.limits import EVENTS
from producers.collector.sorting import Sorted

_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_ONE = msgspec.json.Decoder(msgspec.Raw)


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


def summary(found: Sorted) -> dict[str, Any]:
    """Say what became of a request's events."""
    return {
        "accepted": len(found.records),
        "duplicate": found.duplicates,
        "invalid": found.invalid,
        "refused": found.refused,
    }


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
