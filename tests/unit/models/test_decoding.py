"""The fast decoder and the models give one verdict on every byte string, and the same values."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel

from models.decoding import decoder, read_event
from models.events import MAX_BYTES
from models.parsing import Refusal, parse_event
from models.times import micros
from models.topics import EventType
from tests.strategies import EVENT_TYPES, json_values
from tests.unit.models.building import NOON, payload, raw

AUDIENCE = {"country": "FR", "language": "fr-FR", "age_band": "18-24", "gender": "f", "interests": ["x"]}
OPTIONAL = {"person_id": "p1", "consent": True, "source": "s", "user_agent": "Firefox", "count": 2}
FULL: dict[EventType, dict[str, Any]] = {
    "impression": {**OPTIONAL, "audience": AUDIENCE},
    "click": OPTIONAL,
    "engagement": {**OPTIONAL, "text": "lovely", "language": "en", "sentiment": "positive"},
    "conversion": {"person_id": "p1", "revenue": 12.5, "currency": "EUR", "status": "confirmed"},
}
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
BEGINNINGS = [b"", b"", b"", b" ", b"\r\n\t", b"\xef\xbb\xbf", b"\x00", b"[", b"\x0c"]


@st.composite
def hostile(draw: st.DrawFn) -> tuple[EventType, bytes]:
    """Draw a record that was an event before somebody changed it."""
    event_type = draw(st.sampled_from(EVENT_TYPES))
    fields = payload(event_type, **(FULL[event_type] if draw(st.booleans()) else {}))
    members = [member(name, json.dumps(value).encode()) for name, value in fields.items()]
    for mutate in draw(st.lists(MUTATIONS, min_size=0, max_size=3)):
        members = mutate(members)
    gap = draw(st.sampled_from([b"", b" ", b" \n"]))
    body = b"{" + b",".join(key + gap + b":" + gap + value for key, value in members) + b"}"
    whole = draw(st.sampled_from(BEGINNINGS)) + body + draw(st.sampled_from(ENDS))
    cut = draw(st.none() | st.integers(0, len(whole))) if draw(st.integers(0, 9)) == 0 else None
    return event_type, whole[:cut]


def plain(found: Any) -> Any:
    """Give what a model or a Struct holds, in a form in which -0.0, 1 and True differ from 0, 1.0 and 1."""
    if isinstance(found, msgspec.Struct):
        values = {name: getattr(found, name) for name in found.__struct_fields__}
        values = {name: micros(one) if isinstance(one, datetime) else one for name, one in values.items()}
    elif isinstance(found, BaseModel):
        values = dict(found)
    else:
        return repr(found)
    return type(found).__name__, {name: plain(value) for name, value in values.items()}


def judge_both(event_type: EventType, value: bytes | None) -> Any:
    expected, found = parse_event(event_type, value), read_event(event_type, value)
    assert plain(found) == plain(expected)
    return found


def with_extra(text: bytes) -> tuple[EventType, bytes]:
    return "click", raw("click")[:-1] + b', "surprise": ' + text + b"}"


@given(hostile())
@example(with_extra(b'"\xff"'))
@example(with_extra(b'"\xed\xa0\x80"'))
@example(with_extra(b'1, "\xff": 1'))
@example(with_extra(b"1" * 4301))
@example(with_extra(b"[" * 201 + b"]" * 201))
@example(with_extra(b'{"a":' * 200 + b"1" + b"}" * 200))
@example(with_extra(b"[" * 900 + b"]" * 900))
@example(with_extra(b"[" * 20_000))
@example(with_extra(b'1, "count": 5, "count": null'))
@example(("conversion", raw("conversion", status="refunded")[:-1] + b', "status": "confirmed"}'))
@example(("conversion", raw("conversion", status="cancelled", channel=None, content_id=None)))
@example(("conversion", raw("conversion", status="refunded", order_id=None)))
@example(("conversion", raw("conversion", order_id=None)))
@example(("conversion", raw("conversion", order_id=None, kind="signup")))
@example(("conversion", raw("conversion", revenue=0)))
@example(("click", raw("click", campaign_id="glow\n")))
@example(("click", raw("click", channel="\N{KELVIN SIGN}")))
@example(("click", raw("click", user_agent="é" * 40_000)))
@example(("impression", b""))
@example(("impression", None))
def test_the_verdict_on_any_record_is_that_of_the_models(record: tuple[EventType, bytes]) -> None:
    judge_both(*record)


@given(st.sampled_from(EVENT_TYPES), times())
@example("click", quoted("2026-11-10T12:00:00"))
@example("click", quoted("2026-11-10T12:00:00+0000"))
@example("click", quoted("2026-11-10T12:00:00.5-0000"))
@example("click", quoted("2026-11-10T12:00:00+0100"))
@example("click", quoted("2026-11-10T12:00:00.1234565Z"))
@example("click", quoted("2026-11-10T12:00:00.1234565+01:00"))
@example("click", quoted("1999-12-31T23:59:59.9999999Z"))
@example("click", quoted("2000-01-01T00:30:00+01:00"))
@example("click", quoted("1999-12-31T23:30:00-01:00"))
@example("click", quoted("9999-12-31T23:59:59-01:00"))
@example("click", quoted("9999-12-31T23:59:59.9999999Z"))
@example("click", rb'"2026-11-10T12:00:00+01\u003a00"')
@example("click", b'""')
@example("click", b"5")
def test_the_verdict_on_any_time_is_that_of_the_models(event_type: EventType, text: bytes) -> None:
    judge_both(event_type, raw(event_type, event_time="?").replace(b'"?"', text))


@pytest.mark.parametrize("event_type", EVENT_TYPES)
@pytest.mark.parametrize("full", [False, True])
def test_a_usual_event_is_read_without_its_model(event_type: EventType, full: bool) -> None:
    found = decoder(event_type)(raw(event_type, **(FULL[event_type] if full else {})))

    assert micros(found.event_time) == NOON


@pytest.mark.parametrize("written", ["Z", "+00:00", "-00:00", "+05:30"])
def test_times_as_producers_write_them_are_read_without_the_model(written: str) -> None:
    found = decoder("click")(raw("click", event_time=f"2026-11-10T12:00:00.123456{written}"))

    assert found.event_time.utcoffset() is not None


@pytest.mark.parametrize(
    "changed", [{"channel": "TikTok"}, {"user_agent": "é"}, {"audience": {"interests": ["x" * 60] * 20}}]
)
def test_what_is_usual_though_odd_is_read_without_the_model(changed: dict[str, Any]) -> None:
    assert decoder("impression")(raw("impression", **changed)).type == "impression"


@pytest.mark.parametrize("status", ["cancelled", "refunded"])
def test_an_adjustment_is_read_without_its_model(status: str) -> None:
    needed = ("type", "event_id", "event_time", "campaign_id", "order_id")
    fields = {name: payload("conversion")[name] for name in needed} | {"status": status}

    found = decoder("conversion")(json.dumps(fields).encode())

    assert (found.status, found.channel, found.order_id) == (status, None, "o1")


def test_digits_below_the_microsecond_are_cut_off() -> None:
    found = read_event("click", raw("click", event_time="2026-11-10T12:00:00.999999999Z"))

    assert found.event_time == datetime(2026, 11, 10, 12, 0, 0, 999_999, tzinfo=UTC)


def test_a_channel_is_lower_cased() -> None:
    assert read_event("click", raw("click", channel="TikTok")).channel == "tiktok"


def test_a_text_that_matched_once_matches_again_and_one_that_did_not_is_refused_again() -> None:
    for _ in range(2):
        assert not isinstance(judge_both("click", raw("click", content_id="a.b:c-d_e")), Refusal)
        assert isinstance(judge_both("click", raw("click", content_id="a b")), Refusal)


def test_the_largest_record_is_read_and_one_byte_more_is_not() -> None:
    fits = raw("click").ljust(MAX_BYTES)

    assert judge_both("click", fits).type == "click"
    assert judge_both("click", fits + b" ").reason == "too_large"
