"""Whether an impression's audience is the one that a campaign is for."""

from collections.abc import Mapping
from typing import Any

ANY_CASE = ("country", "language")
"""ISO 3166 and BCP 47 know no case; every other word is taken as it is written."""


def matches(predicate: Mapping[str, Any], audience: Mapping[str, Any] | None) -> bool:
    """Return whether an audience fits every field of a predicate; a field that it lacks never fits."""
    found = audience or {}
    return all(_words(field, wanted) & _words(field, found.get(field)) for field, wanted in predicate.items())


def _words(field: str, value: Any) -> set[str]:
    words = value if isinstance(value, list) else [] if value is None else [value]
    return {word.lower() for word in words} if field in ANY_CASE else set(words)
