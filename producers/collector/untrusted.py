"""Values of requests, as far as they are what they should be: nothing is believed about their types."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NoReturn

from models.times import parse_time
from producers.collector.incoming import NotAccepted

JsonObject = dict[str, Any]

_LONGEST = 2048
_DECIMAL = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,9})?")


def read_object(body: bytes) -> JsonObject:
    """Read a body that is a JSON object; its numbers with a point are exact decimals.

    Raises:
        NotAccepted: it is no JSON, or no object.

    """
    try:
        found = json.loads(body, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, ArithmeticError, RecursionError):
        raise NotAccepted(400, "not_json") from None
    if not isinstance(found, dict):
        raise NotAccepted(400, "not_an_object")
    return found


def object_in(data: JsonObject, name: str) -> JsonObject:
    """Return a member that is an object; empty where it is none."""
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def objects_in(data: JsonObject, name: str) -> Iterator[JsonObject]:
    """Yield the objects of a member that is a list."""
    found = data.get(name)
    yield from (one for one in found if isinstance(one, dict)) if isinstance(found, list) else ()


def text_in(data: JsonObject, name: str) -> str | None:
    """Return a member that is a text, or a whole number as one; None where it is neither, or is empty."""
    found = data.get(name)
    if isinstance(found, int) and not isinstance(found, bool) and abs(found) < 1 << 63:
        return str(found)
    return found if isinstance(found, str) and is_plain(found) else None


def required_in(data: JsonObject, *names: str) -> str:
    """Return the first of some members that is a text, or a whole number as one.

    Raises:
        NotAccepted: none is.

    """
    found = next((text for name in names if (text := text_in(data, name))), None)
    if found is None:
        raise NotAccepted(400, "missing_field", names[0])
    return found


def time_of(text: str, field: str) -> int:
    """Read a time that stands in a field.

    Raises:
        NotAccepted: it is none.

    """
    try:
        return parse_time(text)
    except ValueError:
        raise NotAccepted(400, "invalid_field", field) from None


def is_plain(text: str) -> bool:
    """Return whether a text has anything to say, is not too long, and holds no half of a character."""
    return 0 < len(text) <= _LONGEST and not any("\ud800" <= sign <= "\udfff" for sign in text)


def whole_in(data: JsonObject, name: str) -> int | None:
    """Return a member that is a whole number; None where it is none."""
    found = data.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) and abs(found) < 1 << 63 else None


def decimal_in(data: JsonObject, name: str) -> Decimal | None:
    """Return a member that is a number, or a text that is one; None where it is neither."""
    found = data.get(name)
    if isinstance(found, Decimal):
        # Written out, a number with an exponent of a billion would fill the memory.
        found = format(found, "f") if abs(found.adjusted()) < 15 else None
    elif isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    return decimal_of(found) if isinstance(found, str) else None


def decimal_of(text: str) -> Decimal | None:
    """Read digits with or without a point; None for anything else: signs of thousands, commas, exponents."""
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
