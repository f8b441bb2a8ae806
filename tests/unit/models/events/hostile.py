"""Records that were events before somebody changed them: what parsing and decoding are held against."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from models.topics import EventType
from tests.strategies import ADDITIVE, EVENT_TYPES, json_values
from tests.unit.models.building import payload

AUDIENCE = {"country": "FR", "language": "fr-FR", "age_band": "18-24", "gender": "f", "interests": ["x"]}
EVERY = {"person_id": "p1", "consent": True, "source": "s", "format": "Reel"}
OPTIONAL = {**EVERY, "user_agent": "Firefox", "count": 2, "total": None}
FULL: dict[EventType, dict[str, Any]] = {
    "impression": {**OPTIONAL, "audience": AUDIENCE},
    "click": OPTIONAL,
    "engagement": {**OPTIONAL, "text": "lovely", "language": "en", "sentiment": "positive"},
    "conversion": {
        **EVERY,
        "revenue": 12.5,
        "currency": "EUR",
        "status": "confirmed",
        "attributed_by": "code",
        "count": 1,
    },
}
OF_TOTALS = {kind: {**FULL[kind], "count": None, "total": 1200} for kind in ADDITIVE}
FIELDS = sorted({name for kind in EVENT_TYPES for name in {**payload(kind), **FULL[kind]}} | {"surprise"})

Members = list[tuple[bytes, bytes]]
Mutation = Callable[[Members], Members]


def quoted(text: str) -> bytes:
    return json.dumps(text).encode()


NUMBERS = b"""0 -0 -0.0 1 1.0 1e0 1E2 1e400 -1e400 -1e-400 5e-324 0.1 1000000 1000001 1e9 1000000000
    1000000000.0000001 1000000001 0.30000000000000004 9007199254740993 9223372036854775808
    123456789012345678901234567890 123456789.123456789123456789 -1 01 1. .5 +1 0x1 1_0 NaN Infinity
    -Infinity""".split()
STRINGS = [
    *(quoted(text) for text in ["", "a", "A", "é", "😂", "a b", "a\n", "none", "TikTok", "İ", "K", "EUR"]),
    *(quoted("x" * length) for length in (16, 17, 32, 33, 35, 36, 64, 65, 128, 129, 1024, 1025, 5000, 5001)),
    *(quoted("😂" * length) for length in (64, 65, 128, 129)),
    *(quoted(kind) for kind in [*EVENT_TYPES, "purchase", "signup", "cancelled", "refunded", "like"]),
    *(quoted(tag) for tag in ["FR\n", "fr-", "fr-FR\n", "zh-Hant-TW", "eur", "EURO", "12", "true", "null"]),
    '"é"'.encode(),
    rb'"\u0041"',
    rb'"\ud83d\ude02"',
    rb'"\ud800"',
    rb'"\udc00\ud800"',
    rb'"\ud800\u0041"',
    rb'"\u0000"',
    rb'"\x41"',
    b'"\x00"',
    b'"\t"',
    b'"\xff"',
    b'"\xc0\x80"',
    b'"\xed\xa0\x80"',
    b'"\xf4\x90\x80\x80"',
    b'"open',
]
NESTED = [
    *(b"[" * depth + b"]" * depth for depth in (1, 190, 199, 200, 201, 202, 500)),
    *(b'{"a":' * depth + b"1" + b"}" * depth for depth in (1, 198, 199, 200, 201, 300)),
    b"[" * 300,
    b"[1,]",
    b'{"a":1,"a":2}',
    b'{"country":"FR","country":"x"}',
    b'{"country":null,"interests":[null]}',
    b'{"country":"FR","\xff":1}',
    b'{"interests":["\xff"]}',
    json.dumps({"interests": ["x"] * 65}).encode(),
    json.dumps({"interests": ["x" * 64] * 64, "age_band": ""}).encode(),
    json.dumps(AUDIENCE | {"gender": 1}).encode(),
]
LITERALS = [b"null", b"true", b"false", b"nul", b"", b"[]", b"{}", b"1" * 4300, b"1" * 4301, b"/**/1"]


def times() -> st.SearchStrategy[bytes]:
    """Draw times in every dialect, right and wrong."""
    dates = ["2026-11-10", "2000-01-01", "1999-12-31", "2000-12-31", "2001-01-01", "9999-12-31", "9998-12-31"]
    odd_dates = ["0001-01-01", "0000-01-01", "2026-02-29", "2028-02-29", "20261110", "2026-W46-2", "26-11-10"]
    clocks = ["12:00:00", "00:00:00", "23:59:59", "23:59:60", "24:00:00", "12:00", "120000", "12:60:00"]
    fractions = st.just("") | st.text("0123456789", min_size=0, max_size=12).map(lambda d: f".{d}")
    zones = ["Z", "z", "+00:00", "-00:00", "+01:00", "-01:00", "+14:00", "-23:59", "+23:59", "+0100", "+0000"]
    odd_zones = [
        "-0000",
        "+01",
        "+24:00",
        "+01:60",
        "+23:60",
        "",
        " Z",
        "Z ",
        "\n",
        "+01:00:30",
        "[UTC]",
        ",5Z",
    ]
    parts = st.tuples(
        st.sampled_from(dates * 3 + odd_dates),
        st.sampled_from(["T"] * 6 + ["t", " ", "_", "", "T "]),
        st.sampled_from(["12:00:00", "00:00:00", "23:59:59"] * 3 + clocks),
        fractions,
        st.sampled_from(zones * 3 + odd_zones),
    )
    written = parts.map("".join).map(quoted)
    escaped = written.map(lambda text: text.replace(b"Z", rb"\u005a").replace(b":00", rb"\u003a00"))
    return written | written | written | escaped


VALUES = st.sampled_from([*NUMBERS, *STRINGS, *NESTED, *LITERALS]) | json_values().map(
    lambda value: json.dumps(value, ensure_ascii=False).encode()
)
NAMES = st.sampled_from(FIELDS)


def member(name: str, value: bytes) -> tuple[bytes, bytes]:
    return quoted(name), value


def replaced(name: str, value: bytes) -> Mutation:
    return lambda members: [(key, value if key == quoted(name) else old) for key, old in members]


def dropped(name: str) -> Mutation:
    return lambda members: [(key, old) for key, old in members if key != quoted(name)]


def added(name: str, value: bytes, at_end: bool) -> Mutation:
    return lambda members: [*members, member(name, value)] if at_end else [member(name, value), *members]


def renamed(name: str, key: bytes) -> Mutation:
    return lambda members: [(key if old == quoted(name) else old, value) for old, value in members]


def in_another_way(name: str) -> bytes:
    return b'"' + rf"\u{ord(name[0]):04x}".encode() + name[1:].encode() + b'"'


MUTATIONS = st.one_of(
    st.builds(replaced, NAMES, VALUES),
    st.builds(replaced, st.just("event_time"), times()),
    st.builds(replaced, st.just("event_time"), times()),
    st.builds(added, NAMES, VALUES, st.booleans()),
    st.builds(added, st.just("event_time"), times(), st.booleans()),
    st.builds(dropped, NAMES),
    st.builds(lambda name: renamed(name, in_another_way(name)), NAMES),
    st.builds(
        renamed, NAMES, st.sampled_from([b'"\xff"', b'"\xed\xa0\x80"', rb'"\ud800"', b"count", b'"a', b'""'])
    ),
    st.builds(
        replaced,
        st.sampled_from(["status", "kind", "type", "revenue", "order_id", "currency"]),
        st.sampled_from(
            [b"null", b'"refunded"', b'"cancelled"', b'"confirmed"', b'"signup"', b'"purchase"', b"5"]
        ),
    ),
)
ENDS = [
    b"",
    b"",
    b"",
    b" ",
    b"\n\t\r ",
    b"\x00",
    b"x",
    b"{}",
    b",",
    b"\xff",
    b"\x0b",
    b"\xc2\xa0",
    b" " * 400,
]
BEGINNINGS = [*[b""] * 15, b" ", b"\r\n\t", b"\xef\xbb\xbf", b"\x00", b"[", b"\x0c"]


@st.composite
def hostile(draw: st.DrawFn) -> tuple[EventType, bytes]:
    """Draw a record that was an event before somebody changed it."""
    event_type = draw(st.sampled_from(EVENT_TYPES))
    fuller = draw(st.sampled_from([{}, FULL[event_type], OF_TOTALS.get(event_type, FULL[event_type])]))
    fields = payload(event_type, **fuller)
    members = [member(name, json.dumps(value).encode()) for name, value in fields.items()]
    for mutate in draw(st.lists(MUTATIONS, min_size=0, max_size=3)):
        members = mutate(members)
    gap = draw(st.sampled_from([b"", b" ", b" \n"]))
    body = b"{" + b",".join(key + gap + b":" + gap + value for key, value in members) + b"}"
    whole = draw(st.sampled_from(BEGINNINGS)) + body + draw(st.sampled_from(ENDS))
    cut = draw(st.none() | st.integers(0, len(whole))) if draw(st.integers(0, 9)) == 0 else None
    return event_type, whole[:cut]
