"""Events whose personal fields hold marks that can be found again, however the events come."""

import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from tests.system.support.judging import TYPES

CAMPAIGN = "glow"
MISPLACED = "another field"
FIELDS = (
    "person_id", "text", "user_agent", "audience", "language", "sentiment",
    "email", MISPLACED, "key", "header",
)  # fmt: skip
"""What is marked: fields, one that no event has, what is in a wrong one, the record's key and a header."""
OF_A_VISIT = ("visitor", "Referer", "Cookie", "X-Forwarded-For")
"""What is marked in requests: who it is, and what is on no topic either."""
_MARK = re.compile(rb"zqmark([0-9a-f]*)", re.IGNORECASE)
_PART = "a part of a mark"
Fields = dict[str, Any]
Way = Callable[[Fields, Callable[[str], str]], Fields | bytes]


class Marked(NamedTuple):
    """A record to send."""

    topic: str
    key: bytes
    value: bytes
    header: bytes


class Marks:
    """Marks by what they stand for: the field, and how it came."""

    def __init__(self) -> None:
        self._meant: dict[str, tuple[str, str]] = {}

    def new(self, field: str, how: str) -> str:
        """Make a mark."""
        mark = secrets.token_hex(8)
        self._meant[mark] = field, how
        return f"zqmark{mark}"

    def found(self, said: bytes, field: str | None = None) -> set[tuple[str, str]]:
        """Return the field and way of the marks in some bytes, of one field or all, and parts of marks."""
        found = {match.group(1).decode().lower() for match in _MARK.finditer(said)}
        meant = {self._meant.get(mark, (_PART, mark)) for mark in found}
        return {one for one in meant if field is None or one[0] in (field, _PART)}


def records(marks: Marks) -> Iterator[Marked]:
    """Write events of every type that come in every way, each with every personal field."""
    for topic, event_type in TYPES.items():
        for how, way in WAYS.items():
            name = f"{event_type} {how}"

            def mark(field: str, name: str = name) -> str:
                return marks.new(field, name)

            fields = way(marked(event_type, mark), mark)
            value = fields if isinstance(fields, bytes) else json.dumps(fields).encode()
            yield Marked(topic, mark("key").encode(), value, mark("header").encode())


def marked(event_type: str, mark: Callable[[str], str]) -> Fields:
    """Write a good event with a mark in every personal field."""
    fields: Fields = {
        "type": event_type,
        "event_id": secrets.token_hex(8),
        "event_time": datetime.now(UTC).isoformat(),
        "campaign_id": CAMPAIGN,
        "influencer_id": "ana",
        "content_id": "reel-1",
        "channel": "instagram",
        "consent": True,
        "person_id": mark("person_id"),
        "user_agent": f"Mozilla/5.0 {mark('user_agent')}",
        "text": f"je t'adore {mark('text')}",
        "language": mark("language"),
        "sentiment": mark("sentiment"),
        "audience": {"country": "FR", "interests": [mark("audience")]},
        "email": mark("email"),
    }
    if event_type == "engagement":
        fields["kind"] = "comment"
    if event_type == "conversion":
        fields |= {"kind": "purchase", "order_id": secrets.token_hex(8), "revenue": 9.5, "currency": "EUR"}
    return fields


def _with(**changes: Any) -> Way:
    return lambda fields, _: {**fields, **changes}


def _without(name: str) -> Way:
    return lambda fields, _: {key: value for key, value in fields.items() if key != name}


def _misfit(field: str, wrong: Callable[[str], Any]) -> Way:
    return lambda fields, mark: {**fields, field: wrong(mark(field))}


def _long(field: str, length: int) -> Way:
    return _misfit(field, lambda mark: mark + length * "x")


def _cut(fields: Fields, _: Callable[[str], str]) -> bytes:
    return json.dumps(fields).encode()[:-2]


def _days(number: int) -> str:
    return (datetime.now(UTC) + timedelta(days=number)).isoformat()


WAYS: Mapping[str, Way] = {
    "counted": _with(),
    "without consent": _with(consent=False),
    "as an aggregate": _with(count=3),
    "as a total": lambda fields, _: (
        {key: one for key, one in fields.items() if key != "kind"} | {"total": 500, "kind": "like"}
    ),
    "of a bot": _misfit("user_agent", lambda mark: f"Mozilla/5.0 (compatible; Googlebot/2.1; {mark})"),
    "late": _with(event_time=_days(-2)),
    "cancelled": _with(status="cancelled"),
    "with a list for a text": _misfit("text", lambda mark: [mark]),
    "with a text in a text": _misfit("text", lambda mark: {mark: mark}),
    "with a long agent": _long("user_agent", 1100),
    "with a number of agents": _misfit("user_agent", lambda mark: [mark, 7]),
    "with a text for an audience": _misfit("audience", str),
    "with a strange audience": _misfit(
        "audience", lambda mark: {"country": mark, mark: [mark], "gender": [mark]}
    ),
    "with a list of languages": _misfit("language", lambda mark: [mark]),
    "with a long language": _long("language", 300),
    "with an object for a sentiment": _misfit("sentiment", lambda mark: {"is": mark}),
    "with a long person": _long("person_id", 200),
    "with a list of persons": _misfit("person_id", lambda mark: [mark]),
    "with an object for a person": _misfit("person_id", lambda mark: {mark: mark}),
    "with a person for a consent": lambda fields, mark: {**fields, "consent": mark(MISPLACED)},
    "with a person for an id": lambda fields, mark: {**fields, "event_id": 70 * mark(MISPLACED)},
    "with a text for a channel": lambda fields, mark: {**fields, "channel": f"! {mark(MISPLACED)}"},
    "with an agent for a time": lambda fields, mark: {**fields, "event_time": mark(MISPLACED)},
    "with a text for a type": lambda fields, mark: {**fields, "type": mark(MISPLACED)},
    "with a person for a count": lambda fields, mark: {**fields, "count": mark(MISPLACED)},
    "without a time": _without("event_time"),
    "in the future": _with(event_time=_days(2)),
    "of an unknown campaign": _with(campaign_id="draft"),
    "of an unknown influencer": _with(influencer_id="nobody"),
    "of another month": _with(event_time=_days(-40)),
    "in an unknown currency": _with(revenue=1.0, currency="XTS"),
    "cut short": _cut,
    "in a list": lambda fields, _: json.dumps([fields]).encode(),
    "as a text": lambda fields, _: json.dumps(json.dumps(fields)).encode(),
    "too large": _with(debug=70_000 * "x"),
}
"""How events come: counted and not, with fields that fit and do not, refused for every reason."""
