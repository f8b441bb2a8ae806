"""`/i.gif`: an event of a visitor in the address of an image, or several in the body of a page's snippet."""

import binascii
import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from producers.collector.incoming import NotAccepted
from producers.collector.limits import VISITOR_EVENTS
from producers.collector.untrusted import decimal_of

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
_DIGITS = re.compile(r"-?[0-9]{1,19}")
_LISTED = "interests"
_AUDIENCE = "audience."


def parameters(query: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return an event's fields from an address: by long or short name, as the types that they have in JSON.

    `audience.country=FR` is a part of the audience; of a name that comes twice the first counts.
    """
    fields: dict[str, Any] = {}
    audience: dict[str, Any] = {}
    for given, value in query:
        name = SHORT.get(given, given)
        if name.startswith(_AUDIENCE):
            part = name.removeprefix(_AUDIENCE)
            audience.setdefault(part, value.split(",") if part == _LISTED else value)
        elif value != "":
            fields.setdefault(name, _typed(name, value))
    return {**({"audience": audience} if audience else {}), **fields}


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _typed(name: str, value: str) -> object:
    """Return a field's value; a text that is not what it should be stays one, and is refused as such."""
    if name == "consent":
        return _TRUTHS.get(value.lower(), value)
    if name in _WHOLE:
        return int(value) if _DIGITS.fullmatch(value) else value
    amount = decimal_of(value) if name == "revenue" else None
    return value if amount is None else float(amount)


def _number(text: str) -> float | str:
    """Return a number; one beyond all stays a text: written as JSON it would be null, and no mistake."""
    number = float(text)
    return number if math.isfinite(number) else text


def snippet_events(body: bytes) -> list[Any]:
    """Return what the snippet sends: an event, or a list of them.

    Raises:
        NotAccepted: it is no JSON, or too much.

    """
    try:
        # It also takes half a character, of a text that was cut in the midst of an emoji.
        found = json.loads(body, parse_float=_number, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise NotAccepted(400, "not_json") from None
    events = found if isinstance(found, list) else [found]
    if len(events) > VISITOR_EVENTS:
        raise NotAccepted(413, "too_many_events")
    return events
