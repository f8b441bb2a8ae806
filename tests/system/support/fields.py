"""The fields of events: what each may hold, by the contract's table alone."""

import re
from collections.abc import Callable
from typing import Any

from tests.system.support.document import microseconds

Fits = Callable[[Any], bool]


def text(shortest: int, longest: int, pattern: str = r"(?s:.*)") -> Fits:
    """Make the rule of a string: so many characters, of this pattern, no half of a surrogate pair."""

    def fits(value: Any) -> bool:
        if not (isinstance(value, str) and shortest <= len(value) <= longest):
            return False
        return not re.search("[\ud800-\udfff]", value) and bool(re.fullmatch(pattern, value))

    return fits


def number(least: float, most: float, *types: type) -> Fits:
    """Make the rule of a number; True is none."""
    return lambda value: type(value) in types and least <= value <= most


def one_of(*words: str) -> Fits:
    """Make the rule of a word from a list."""
    return lambda value: isinstance(value, str) and value in words


def is_time(value: Any) -> bool:
    """Return whether a value is an RFC 3339 time with a zone, not before 2000."""
    shape = r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)"
    if not (isinstance(value, str) and re.fullmatch(shape, value, re.ASCII)):
        return False
    try:
        return microseconds(value) >= microseconds("2000-01-01T00:00:00Z")
    except (ValueError, OverflowError):
        return False


def is_audience(value: Any) -> bool:
    """Return whether a value is an audience: words for four fields, a list of them for interests."""
    if not isinstance(value, dict):
        return False
    words = [value.get(name) for name in ("country", "language", "age_band", "gender")]
    interests = value.get("interests")
    if interests is None:
        interests = []
    return isinstance(interests, list) and all(
        word is None or isinstance(word, str) for word in [*words, *interests]
    )


ENGAGEMENTS = ("like", "comment", "share", "save", "follow", "mention", "reply", "video_view", "reaction")
SALES = ("purchase", "signup", "download", "quote_request", "other")
POLARITIES = ("positive", "neutral", "negative")
ADJUSTMENTS = ("cancelled", "refunded")

_NAME = text(1, 64, r"[A-Za-z0-9._:-]+")
_EVERY: dict[str, Fits] = {
    "event_id": text(1, 64),
    "event_time": is_time,
    "campaign_id": _NAME,
    "influencer_id": _NAME,
    "content_id": _NAME,
    "channel": _NAME,
    "format": _NAME,
    "person_id": text(1, 128),
    "consent": lambda value: isinstance(value, bool),
    "source": text(0, 64),
}
_SEEN: dict[str, Fits] = {"user_agent": text(0, 1024), "count": number(1, 1_000_000, int)}
RULES: dict[str, dict[str, Fits]] = {
    "impression": {**_EVERY, **_SEEN, "audience": is_audience},
    "click": {**_EVERY, **_SEEN},
    "engagement": {
        **_EVERY,
        **_SEEN,
        "kind": one_of(*ENGAGEMENTS),
        "text": text(0, 5000),
        "language": text(1, 64),
        "sentiment": one_of(*POLARITIES),
    },
    "conversion": {
        **_EVERY,
        "kind": one_of(*SALES),
        "order_id": text(1, 128),
        "revenue": number(0, 1e9, int, float),
        "currency": text(3, 3, "[A-Z]{3}"),
        "status": one_of("confirmed", *ADJUSTMENTS),
    },
}

_ALWAYS = ("type", "event_id", "event_time", "campaign_id")
_PLACE = ("influencer_id", "content_id", "channel")


def required(type_: str, fields: dict[str, Any]) -> list[str]:
    """Name the fields that an event must have, in the contract's order."""
    if type_ != "conversion":
        return [*_ALWAYS, *_PLACE, *["kind"] * (type_ == "engagement")]
    needed = [*_ALWAYS]
    if fields.get("status") in ADJUSTMENTS:
        needed += ["order_id"]
    else:
        needed += ["influencer_id", "kind", *["order_id"] * (fields.get("kind") == "purchase")]
    return needed + ["currency"] * (fields.get("revenue") is not None)
