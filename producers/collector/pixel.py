"""`/i.gif`: an event of a visitor in the address of an image, or several in the body of a page's snippet."""

import binascii
import json
from collections.abc import Iterable, Mapping
from typing import Any

from producers.collector.incoming import NotAccepted
from producers.collector.limits import VISITOR_EVENTS

GIF = binascii.a2b_base64("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""A transparent dot."""
SHORT: Mapping[str, str] = {
    "c": "campaign_id",
    "i": "influencer_id",
    "k": "content_id",
    "ch": "channel",
    "e": "event_id",
    "p": "person_id",
    "t": "event_time",
}
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
_WHOLE = ("count", "total", "ago")
_LISTED = "interests"
_AUDIENCE = "audience."


def parameters(query: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return an event's fields from an address: by long or short name, as the types that they have in JSON.

    `audience.country=FR` is a part of the audience; of a name that comes twice the first counts.
    """
    fields: dict[str, Any] = {}
    for given, value in query:
        name = SHORT.get(given, given)
        if name.startswith(_AUDIENCE):
            part = name.removeprefix(_AUDIENCE)
            audience = fields.setdefault("audience", {})
            audience.setdefault(part, value.split(",") if part == _LISTED else value)
        elif value != "":
            fields.setdefault(name, _typed(name, value))
    return fields


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _typed(name: str, value: str) -> object:
    """Return a field's value; a text that is not what it should be stays one, and is refused as such."""
    if name == "consent":
        return _TRUTHS.get(value.lower(), value)
    try:
        return int(value) if name in _WHOLE else float(value) if name == "revenue" else value
    except ValueError:
        return value


def snippet_events(body: bytes) -> list[Any]:
    """Return what the snippet sends: an event, or a list of them.

    Raises:
        NotAccepted: it is no JSON, or too much.

    """
    try:
        # It also takes half a character, of a text that was cut in the midst of an emoji.
        found = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise NotAccepted(400, "not_json") from None
    events = found if isinstance(found, list) else [found]
    if len(events) > VISITOR_EVENTS:
        raise NotAccepted(413, "too_many_events")
    return events
