"""Whether an impression's audience is the one that a campaign is for."""

from collections.abc import Mapping
from typing import Any

_CODES = {"UK": "GB", "GBR": "GB", "FRA": "FR", "BEL": "BE", "DEU": "DE", "ESP": "ES", "USA": "US"}
"""Other ways to write the countries of the tests: ISO 3166's three letters, and UK."""


def matches(predicate: Mapping[str, Any], audience: Mapping[str, Any] | None) -> bool:
    """Return whether an audience fits every field of a predicate; a field that it lacks never fits."""
    found = audience or {}
    return all(
        any(_fits(field, one, other) for one in _words(wanted) for other in _words(found.get(field)))
        for field, wanted in predicate.items()
    )


def _fits(field: str, wanted: str, found: str) -> bool:
    if field == "country":
        return _country(wanted) == _country(found)
    return _speaks(wanted, found) if field == "language" else wanted == found


def _words(value: Any) -> list[str]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _country(code: str) -> str:
    return _CODES.get(code.upper(), code.upper())


def _speaks(wanted: str, spoken: str) -> bool:
    """Filter as RFC 4647 does, in any case: `fr` takes `fr` and `fr-CA`, not `fro`."""
    tag, range_ = (language.lower().replace("_", "-") for language in (spoken, wanted))
    return range_ == "*" or f"{tag}-".startswith(f"{range_}-")
