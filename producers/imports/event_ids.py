"""The id of an imported event, made from what it says: whenever a row is read, it gives the same id."""

import hashlib
import json
from typing import Any

from producers.imports.seen import ABOUT

_SAYS = (*ABOUT, "total", "order_id", "revenue", "currency", "status")
_LENGTH = 32


def event_id(event: dict[str, Any]) -> str:
    """Return 32 hexadecimal digits: the first of the SHA-256 of a JSON list of what an event says."""
    said = json.dumps([event.get(name) for name in _SAYS], separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()[:_LENGTH]
