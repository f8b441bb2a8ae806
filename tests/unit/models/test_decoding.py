"""The fast decoder and the models give one verdict on every byte string, and the same values."""

import inspect
import json
import sys
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
from tests.strategies import EVENT_TYPES
from tests.unit.models.building import NOON, payload, raw
from tests.unit.models.hostile import FULL, hostile, quoted, times


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
@example(("impression", raw("impression", audience={"country": "F"})))
@example(("impression", raw("impression", audience={"language": "fr\n"})))
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


def test_a_deep_record_is_read_from_deep_within_a_program() -> None:
    """On Python 3.11 msgspec needs as many levels of the stack as the record has."""
    value = raw("click", surprise=0).replace(b"0}", b"[" * 300)

    def call(levels: int) -> Any:
        return call(levels - 1) if levels else read_event("click", value)

    left = sys.getrecursionlimit() - len(inspect.stack(0))
    assert call(left - 200) == parse_event("click", value)


def test_the_largest_record_is_read_and_one_byte_more_is_not() -> None:
    fits = raw("click").ljust(MAX_BYTES)

    assert judge_both("click", fits).type == "click"
    assert judge_both("click", fits + b" ").reason == "too_large"
