"""The fields of events: what each may hold, by the contract's table alone."""

import re
from collections.abc import Callable
from typing import Any

from tests.system.support.document import microseconds

Fits = Callable[[Any], bool]


def text(shortest: int, longest: float, pattern: str = r"(?s:.*)") -> Fits:
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


def is_list_of_words(value: Any) -> bool:
    """Return whether a value is a list of strings."""
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


ENGAGEMENTS = ("like", "comment", "share", "save", "follow", "mention", "reply", "video_view", "reaction")
RATED = ("comment", "mention", "reply")
"""The kinds of engagement that say something: of these alone a rating counts."""
SALES = ("purchase", "signup", "download", "quote_request", "other")
POLARITIES = ("positive", "neutral", "negative")
ADJUSTMENTS = ("cancelled", "refunded")
ATTRIBUTIONS = ("click_id", "code", "last_click", "last_view", "declared")

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
    "count": number(1, 1_000_000, int),
}
_TOTALLED = {**_EVERY, "total": number(0, 10**12, int)}
RULES: dict[str, dict[str, Fits]] = {
    "impression": _TOTALLED,
    "click": _TOTALLED,
    "engagement": {**_TOTALLED, "kind": one_of(*ENGAGEMENTS)},
    "conversion": {
        **_EVERY,
        "kind": one_of(*SALES),
        "order_id": text(1, 128),
        "revenue": number(0, 1e12, int, float),
        "currency": text(3, 3, "[A-Z]{3}"),
        "status": one_of("confirmed", *ADJUSTMENTS),
        "attributed_by": one_of(*ATTRIBUTIONS),
    },
}
"""What costs the event where it does not fit."""

_LANGUAGE = text(2, 64, r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*")
_SOURCE = {"source": text(0, 64)}
_SEEN = {**_SOURCE, "user_agent": text(0, 1024)}
DESCRIBING: dict[str, dict[str, Fits]] = {
    "impression": {**_SEEN, "audience": lambda value: isinstance(value, dict)},
    "click": _SEEN,
    "engagement": {
        **_SEEN,
        "text": text(0, float("inf")),
        "language": _LANGUAGE,
        "sentiment": one_of(*POLARITIES),
    },
    "conversion": _SOURCE,
}
"""What only describes: where it does not fit, it is taken as absent."""
AUDIENCE: dict[str, Fits] = {
    "country": text(2, 3, "[A-Za-z]+"),
    "language": _LANGUAGE,
    "age_band": text(1, 16),
    "gender": text(1, 32),
    "interests": is_list_of_words,
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
        needed += ["kind", *["order_id"] * (fields.get("kind") == "purchase")]
    return needed + ["currency"] * (fields.get("revenue") is not None)


def misfit(type_: str, fields: dict[str, Any]) -> str | None:
    """Name the first field that does not fit and decides something, None where all fit."""
    for name, fits in RULES[type_].items():
        if fields.get(name) is not None and not fits(fields[name]):
            return name
    both = "total" in RULES[type_] and fields.get("total") is not None and fields.get("count") is not None
    return "total" if both else None


def described(type_: str, fields: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Take out what only describes and does not fit; return what is left, and the names of what is not."""
    kept, ignored = _fitting(DESCRIBING[type_], fields)
    if type_ == "impression" and "audience" in kept:
        kept["audience"], parts = _fitting(AUDIENCE, kept["audience"])
        ignored += [f"audience.{part}" for part in parts]
    says_nothing = type_ == "engagement" and (kept["kind"] not in RATED or "total" in kept)
    if says_nothing and kept.pop("sentiment", None):
        ignored.append("sentiment")
    return kept, ignored


def _fitting(rules: dict[str, Fits], fields: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    present = {name: value for name, value in fields.items() if value is not None}
    ignored = [name for name, fits in rules.items() if name in present and not fits(present[name])]
    return {name: value for name, value in present.items() if name not in ignored}, ignored


def is_nobody(person: str) -> bool:
    """Return whether a person's id stands for nobody: zeros and signs alone, or a word for that."""
    words = ("null", "undefined", "none", "unknown", "anonymous", "(not set)", "nan")
    return person.lower() in words or not any(sign.isalnum() and sign != "0" for sign in person)
