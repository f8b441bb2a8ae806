"""The fast decoder and the models give one verdict on every byte string, and the same values."""

import inspect
import json
import sys
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel

from models.core.columns import Ints
from models.core.records import records_of
from models.events import decoding
from models.events.batch import Batch
from models.events.decoding import Decoded, decode
from models.events.leaf_index import LeafIndex
from models.events.parsing import Refusal, parse_event, read_event
from models.events.schema import LEAF_FIELDS, MAX_BYTES, models_of
from models.scopes import Leaf
from models.times import parse_time
from models.topics import EventType, topic_of
from tests.strategies import EVENT_TYPES
from tests.unit.models.building import NOON, leaf_index, payload, raw
from tests.unit.models.events.hostile import FULL, hostile, quoted, times


def plain(found: Any) -> Any:
    """Return what a model or a Struct holds, in a form in which -0.0, 1 and True differ from 0, 1.0 and 1."""
    if isinstance(found, msgspec.Struct):
        values = {name: getattr(found, name) for name in found.__struct_fields__}
    elif isinstance(found, BaseModel):
        values = dict(found)
    else:
        return repr(found)
    return type(found).__name__, {name: plain(value) for name, value in values.items()}


def read_events(
    event_type: EventType, values: Sequence[bytes | None], leaves: LeafIndex | None = None
) -> Decoded:
    """Decode values as records of the type's topic."""
    count = len(values)
    batch = Batch(topic_of(event_type), 0, records_of(values, range(count), [NOON] * count))
    return decode(batch, leaf_index() if leaves is None else leaves)


def leaves_of(leaves: LeafIndex, numbers: Ints) -> list[Leaf]:
    """Return leaves by their numbers, in an index that has no rows yet."""
    listed: list[Leaf] = []

    def row_of(leaf: Leaf) -> int:
        listed.append(leaf)
        return len(listed) - 1

    return [listed[row] for row in leaves.rows(numbers, row_of)]


def read_all(event_type: EventType, *values: bytes | None) -> list[Any]:
    """Read a batch; give of each record the refusal, or the event's type and its fields."""
    leaves = leaf_index()
    events, refused, ignored = read_events(event_type, values, leaves)
    found: list[Any] = [None] * len(values)
    for index, refusal in refused:
        found[index] = refusal
    named = leaves_of(leaves, events.leaves)
    columns = zip(events.indices, events.payloads, events.times.tolist(), named, strict=True)
    for index, event, time, leaf in columns:
        kind, values_of = plain(event)
        named_by = dict(zip(LEAF_FIELDS, map(repr, leaf), strict=True))
        values_of |= {"event_time": repr(time), "ignored": sorted(ignored.get(int(index), []))}
        found[index] = kind, values_of | named_by
    return found


def judge_both(event_type: EventType, value: bytes | None) -> Any:
    expected = read_event(event_type, value)
    [found] = read_all(event_type, value)
    if isinstance(expected, Refusal):
        assert found == expected
        return expected
    kind, values = plain(expected.event)
    assert found == (kind, values | {"ignored": sorted(expected.ignored)})
    return expected.event


@pytest.fixture
def without_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no event be read by its model."""
    monkeypatch.setattr(decoding, "read_event", lambda *_: pytest.fail("the model was asked"))


def with_extra(text: bytes) -> tuple[EventType, bytes]:
    return "click", raw("click")[:-1] + b', "surprise": ' + text + b"}"


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_every_field_of_the_models_is_among_those_that_are_spoiled(event_type: EventType) -> None:
    known = {name for model in models_of(event_type) for name in model.model_fields}

    assert known - {*payload(event_type), *FULL[event_type]} == set(), "add it to FULL in hostile.py"


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


PERSONS = [
    "p1",
    "0",
    " 0000-0000 ",
    "-",
    "NULL",
    "undefined",
    "None",
    "unknown",
    "Anonymous",
    "(not set)",
    "NaN",
]


@pytest.mark.parametrize("event_type", EVENT_TYPES)
@pytest.mark.parametrize("person", [*PERSONS, "0" * 128, "0" * 129, "", 5])
def test_both_readers_know_nobody(event_type: EventType, person: object) -> None:
    judge_both(event_type, raw(event_type, person_id=person))
    judge_both(event_type, raw(event_type, person_id=person, source=1))


@pytest.mark.parametrize("kind", ["like", "video_view", "comment"])
def test_both_readers_ignore_a_rating_of_what_says_nothing(kind: str) -> None:
    judge_both("engagement", raw("engagement", kind=kind, sentiment="positive"))
    judge_both("engagement", raw("engagement", kind=kind, sentiment="lovely", person_id="null"))


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


def test_an_event_that_its_model_reads_is_of_the_same_leaves_as_the_others() -> None:
    perhaps_deep = raw("click", content_id="b", surprise=[[]] * 300)
    values = [raw("click", content_id="a"), perhaps_deep, raw("click", content_id="c")]
    leaves = leaf_index()

    events, *_ = read_events("click", values, leaves)

    assert [leaf.content for leaf in leaves_of(leaves, events.leaves)] == ["a", "b", "c"]


def test_a_large_batch_is_read_as_its_records_are() -> None:
    values = [raw("click", event_id=f"e{number}", count=number % 7) for number in range(2500)]

    read = read_events("click", values)

    assert [event.event_id for event in read.events.payloads] == [f"e{n}" for n in range(2500) if n % 7]
    assert read.events.indices.tolist() == [n for n in range(2500) if n % 7]
    assert [index for index, _ in read.refused] == [n for n in range(2500) if n % 7 == 0]


@given(st.sampled_from(EVENT_TYPES), st.data())
def test_records_of_a_batch_do_not_change_one_another(event_type: EventType, data: st.DataObject) -> None:
    records = hostile().filter(lambda record: record[0] == event_type).map(lambda record: record[1])
    usual = st.just(raw(event_type))
    values = data.draw(st.lists(usual | records | st.just(b"") | st.none(), max_size=8))

    assert read_all(event_type, *values) == [read_all(event_type, value)[0] for value in values]


@pytest.mark.usefixtures("without_models")
@pytest.mark.parametrize("event_type", EVENT_TYPES)
@pytest.mark.parametrize("full", [False, True])
def test_a_usual_event_is_read_without_its_model(event_type: EventType, full: bool) -> None:
    read = read_events(event_type, [raw(event_type, **(FULL[event_type] if full else {}))])

    assert read.events.times.tolist() == [NOON]


@pytest.mark.usefixtures("without_models")
@pytest.mark.parametrize("written", ["Z", "+00:00", "-00:00", "+05:30"])
def test_times_as_producers_write_them_are_read_without_the_model(written: str) -> None:
    time = f"2026-11-10T12:00:00.123456{written}"
    read = read_events("click", [raw("click", event_time=time)])

    assert read.events.times.tolist() == [parse_time(time)]


@pytest.mark.usefixtures("without_models")
@pytest.mark.parametrize(
    "changed", [{"channel": "TikTok"}, {"user_agent": "é"}, {"audience": {"interests": ["x" * 60] * 20}}]
)
def test_what_is_usual_though_odd_is_read_without_the_model(changed: dict[str, Any]) -> None:
    assert len(read_events("impression", [raw("impression", **changed)]).events.payloads) == 1


@pytest.mark.usefixtures("without_models")
@pytest.mark.parametrize("status", ["cancelled", "refunded"])
def test_an_adjustment_is_read_without_its_model(status: str) -> None:
    needed = ("type", "event_id", "event_time", "campaign_id", "order_id")
    fields = {name: payload("conversion")[name] for name in needed} | {"status": status}

    [found] = read_events("conversion", [json.dumps(fields).encode()]).events.payloads

    assert (found.status, found.channel, found.order_id) == (status, None, "o1")


def test_digits_below_the_microsecond_are_cut_off() -> None:
    read = read_events("click", [raw("click", event_time="2026-11-10T12:00:00.999999999Z")])

    assert read.events.times.tolist() == [NOON + 999_999]


def test_a_channel_is_lower_cased() -> None:
    leaves = leaf_index()
    events, *_ = read_events("click", [raw("click", channel="TikTok")], leaves)

    assert [leaf.channel for leaf in leaves_of(leaves, events.leaves)] == ["tiktok"]


def test_a_text_that_matched_once_matches_again_and_one_that_did_not_is_refused_again() -> None:
    for _ in range(2):
        assert not isinstance(judge_both("click", raw("click", content_id="a.b:c-d_e")), Refusal)
        assert isinstance(judge_both("click", raw("click", content_id="a b")), Refusal)


def test_a_deep_record_is_read_from_deep_within_a_program() -> None:
    """On Python 3.11 msgspec needs as many levels of the stack as the record has."""
    value = raw("click", surprise=0).replace(b"0}", b"[" * 300)

    def call(levels: int) -> Any:
        return call(levels - 1) if levels else read_events("click", [value]).refused

    left = sys.getrecursionlimit() - len(inspect.stack(0))
    assert call(left - 200) == [(0, parse_event("click", value))]


def test_the_largest_record_is_read_and_one_byte_more_is_not() -> None:
    fits = raw("click").ljust(MAX_BYTES)

    assert judge_both("click", fits).type == "click"
    assert judge_both("click", fits + b" ").reason == "too_large"
