"""What is scanned and what the models read are one: each verdict, each value in each column."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.core.columns import numbers
from models.events import decoder as decoder_module
from models.events import scanning
from models.events.batch import Events, RunningTotal
from models.events.reports import report_of
from models.events.schema import MAX_BYTES, STATUSES, models_of
from models.kinds import CONVERSIONS, names
from models.sentiment.folding import MOST_CHARACTERS
from models.times import parse_time
from models.topics import EventType
from tests.strategies import EVENT_TYPES
from tests.unit.models.building import NOON, payload, raw
from tests.unit.models.events.hostile import FULL, hostile, quoted, times
from tests.unit.models.events.reading import Reading, check


@pytest.fixture
def without_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no event be read by its model."""
    monkeypatch.setattr(decoder_module, "read_event", lambda *_: pytest.fail("the model was asked"))


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
def test_any_record_is_read_as_its_model_reads_it(record: tuple[EventType, bytes]) -> None:
    event_type, value = record
    check(event_type, value)


@given(st.sampled_from(EVENT_TYPES), st.lists(hostile(), max_size=8))
def test_records_of_a_batch_are_read_as_each_by_itself(event_type: EventType, records: list[Any]) -> None:
    check(event_type, *(value for _, value in records), None, raw(event_type))


PERSONS = [
    *("0", "00000000-0000-0000-0000-000000000000", "-", "NULL", "undefined", "None", "unknown", "Anonymous"),
    *(
        "(not set)",
        "NaN",
        "not set",
        " null ",
        "-none-",
        "null0",
        "p0",
        "nu",
        "anonymous42",
        "é",
        "un\u212anown",
    ),
    *("\x00null", "null\xa0", "naN", "n\x61n", "undefine\u0064", "@", "`", "n@n", "NAM"),
]


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_both_ways_know_nobody(event_type: EventType) -> None:
    persons = [*PERSONS, "0" * 128, "0" * 129, "", 5]
    values = [raw(event_type, person_id=person) for person in persons]

    check(event_type, *values, *(value[:-1] + b', "source": 1}' for value in values))


@pytest.mark.parametrize("kind", ["like", "video_view", "comment"])
def test_both_ways_ignore_a_rating_of_what_says_nothing(kind: str) -> None:
    check("engagement", raw("engagement", kind=kind, sentiment="positive"))
    check("engagement", raw("engagement", kind=kind, sentiment="lovely", person_id="null"))
    check("engagement", raw("engagement", kind=kind, sentiment="neutral", person_id="null"))


@given(st.lists(st.none() | st.text(max_size=30), max_size=6), st.booleans(), st.booleans())
def test_both_ways_read_the_same_text(texts: list[str | None], escaped: bool, by_model: bool) -> None:
    said = [{"text": text, "language": "fr"} if text is not None else {} for text in texts]
    values = [raw("engagement", kind="comment", **one) for one in said]
    if not escaped:
        values = [json.dumps(json.loads(value), ensure_ascii=False).encode() for value in values]

    check("engagement", *(value[:-1] + b', "source": 1}' if by_model else value for value in values))


def test_the_first_5000_characters_of_a_text_are_read() -> None:
    long = 'ÿ\n"😂' * 2000

    (said,) = check("engagement", raw("engagement", kind="comment", text=long, language="en_GB"))

    assert said["written"] == (long[:5000], "en_GB")
    assert scanning.LONGEST_EVENT <= MOST_CHARACTERS, "a text that is scanned would have to be cut, too"


def test_a_text_beside_a_total_is_not_read() -> None:
    values = [
        raw("engagement", kind="comment", text="lovely", count=None, total=total) for total in (None, 5)
    ]

    said = check("engagement", *values)

    assert [one["written"] for one in said] == [("lovely", None), None]


@given(st.sampled_from(EVENT_TYPES), times())
@example("click", quoted("2026-11-10T12:00:00"))
@example("click", quoted("2026-11-10T12:00:00+0000"))
@example("click", quoted("2026-11-10T12:00:00.5-0000"))
@example("click", quoted("2026-11-10T12:00:00.1234565+01:00"))
@example("click", quoted("1999-12-31T23:59:59.9999999Z"))
@example("click", quoted("2000-01-01T00:30:00+01:00"))
@example("click", quoted("9999-12-31T23:59:59-01:00"))
@example("click", rb'"2026-11-10T12:00:00+01\u003a00"')
@example("click", b'""')
@example("click", b"5")
def test_the_verdict_on_any_time_is_that_of_the_models(event_type: EventType, text: bytes) -> None:
    check(event_type, raw(event_type, event_time="?").replace(b'"?"', text))


@given(st.sampled_from(["conversion", "refund"]), st.floats(0, 1e13) | st.integers(0, 10**13), st.booleans())
@example("conversion", 0.1, False)
@example("conversion", 1e12, False)
@example("conversion", 999999999999.999, False)
@example("conversion", 1000000000000.01, False)
@example("conversion", 0.30000000000000004, False)
def test_revenue_is_the_number_that_every_reader_reads(kind: str, revenue: float, short: bool) -> None:
    number = round(revenue, 2) if short else revenue
    status = "confirmed" if kind == "conversion" else "refunded"

    check("conversion", raw("conversion", status=status, currency="EUR", revenue=number))


def test_what_a_conversion_asks_for_is_asked_for() -> None:
    changes: list[dict[str, Any]] = [
        *({"kind": kind, "order_id": order} for kind in names(CONVERSIONS) for order in (None, "o1")),
        *(
            {"revenue": revenue, "currency": currency}
            for revenue in (None, 0, 5)
            for currency in (None, "EUR")
        ),
        *({"status": status, "order_id": None} for status in STATUSES),
        *({"status": status, "kind": kind, "revenue": 5} for status in STATUSES for kind in (None, "signup")),
        *(
            {"status": status, "influencer_id": None, "channel": None, "format": "Reel"}
            for status in STATUSES
        ),
    ]

    check("conversion", *(raw("conversion", **change) for change in changes))


def test_audiences_are_read_as_within_their_event() -> None:
    said: list[Any] = [
        {}, {"country": "FR"}, {"country": "france"}, {"country": 1, "language": "fr_FR", "gender": ""},
        {"interests": ["a"] * 65}, {"interests": ["a", 1]}, {"interests": []}, {"surprise": [{}]}, [], "x", 1,
    ]  # fmt: skip
    values = [raw("impression", audience=one, person_id="0") for one in said]
    twice = [
        value.replace(b'"audience": ', b'"audience": {"country": "BE", "country": "FR"}, "x": ')
        for value in values
    ]

    check("impression", *values, *twice)


def test_an_event_that_its_model_reads_is_of_the_same_leaves_as_the_others() -> None:
    reading = Reading()
    odd = raw("click", content_id="b", surprise=[[]] * 2000)

    events, *_ = reading.decode("click", [raw("click", content_id="a"), odd, raw("click", content_id="b")])

    assert [leaf.content for leaf in reading.leaves.named(events.leaves)] == ["a", "b", "b"]
    assert events.leaves[1] == events.leaves[2]


def test_a_large_batch_is_read_as_its_records_are() -> None:
    values = [raw("click", event_id=f"e{number}", count=number % 7) for number in range(2500)]

    events, refused, *_ = Reading().decode("click", values)

    assert events.indices.tolist() == [n for n in range(2500) if n % 7]
    assert events.counts.tolist() == [n % 7 for n in range(2500) if n % 7]
    assert [at for at, _ in refused] == [n for n in range(2500) if n % 7 == 0]


@pytest.mark.usefixtures("without_models")
@pytest.mark.parametrize("event_type", EVENT_TYPES)
@pytest.mark.parametrize("full", [False, True])
def test_a_usual_event_is_read_without_its_model(event_type: EventType, full: bool) -> None:
    events, *_ = Reading().decode(event_type, [raw(event_type, **(FULL[event_type] if full else {}))])

    assert events.times.tolist() == [NOON]


def test_a_total_is_read_by_the_model_and_is_of_nobody() -> None:
    person = {"person_id": "p", "consent": True, "source": "insights"}
    values = [raw("click", **person), raw("click", total=40, **person), raw("click", total=0)]
    events, *_ = Reading().decode("click", values)

    assert events.totals == {1: RunningTotal(40, "insights"), 2: RunningTotal(0, "")}
    assert events.person_lengths.tolist() == [1, -1, -1]
    assert events.at(numbers([0, 2])).totals == {1: RunningTotal(0, "")}


@pytest.mark.usefixtures("without_models")
@pytest.mark.parametrize("written", ["Z", "+00:00", "-00:00", "+05:30"])
def test_times_as_producers_write_them_are_read_without_the_model(written: str) -> None:
    time = f"2026-11-10T12:00:00.123456{written}"

    assert Reading().decode("click", [raw("click", event_time=time)]).events.times == parse_time(time)


@pytest.mark.usefixtures("without_models")
@pytest.mark.parametrize(
    "changed",
    [
        {"channel": "TikTok"},
        {"user_agent": 'é \\/ "'},
        {"audience": {"interests": ["x" * 60] * 20}},
        {"audience": {"country": "France"}},
        {"properties": {"list": [1, {"deep": [None, "\\", "\ud83d\ude02"]}]}},
        {"person_id": "00000000-0000-0000-0000-000000000000"},
        {"campaign_id": "unknown"},
        {"source": None, "format": None},
    ],
)
def test_what_is_usual_though_odd_is_read_without_the_model(changed: dict[str, Any]) -> None:
    assert Reading().decode("impression", [raw("impression", **changed)]).events.indices == [0]


@pytest.mark.usefixtures("without_models")
@pytest.mark.parametrize("status", ["cancelled", "refunded"])
def test_an_adjustment_is_read_without_its_model(status: str) -> None:
    needed = ("type", "event_id", "event_time", "campaign_id", "order_id")
    fields = {name: payload("conversion")[name] for name in needed} | {"status": status}
    reading = Reading()

    events, *_ = reading.decode("conversion", [json.dumps(fields).encode()])

    report = reports_of(reading, events)[0]
    assert (report.status, report.influencer_id, report.order_id) == (status, None, "o1")
    assert list(reading.leaves.named(events.leaves)[0]) == ["glow", None, None, None, None]


def test_an_agent_is_judged_once_however_it_is_read() -> None:
    reading = Reading()
    usual = raw("click", user_agent="A/1 \\")
    odd = raw("click", user_agent="A/1 \\", event_id="\u00e9")

    for _ in range(2):
        events, *_ = reading.decode("click", [usual, odd, usual.replace(b"A/1", b"A\\/1"), raw("click")])
        assert events.agents.tolist() == [0, 0, 1, -1]
    assert reading.agents == ["A/1 \\"] * 2


def reports_of(reading: Reading, events: Events) -> list[Any]:
    assert events.reports is not None
    named = enumerate(reading.leaves.named(events.leaves))
    return [report_of(events, events.reports, index, leaf) for index, leaf in named]


def test_chosen_events_keep_their_order_reports() -> None:
    values = [
        raw("conversion", order_id=f"o{number}", currency=["eur", "EUR"][number % 2]) for number in range(6)
    ]
    values[3] = values[3].replace(b"o3", b"o\\u0033")
    reading = Reading()
    events, refused, *_ = reading.decode("conversion", values)

    chosen = events.where(events.indices > 1)

    assert [one.at for one in refused] == [0, 2, 4]
    assert [one.order_id for one in reports_of(reading, events)] == ["o1", "o3", "o5"]
    assert [one.order_id for one in reports_of(reading, chosen)] == ["o3", "o5"]
    assert events.where(events.indices > 0) is events


def test_the_largest_record_is_read_and_one_byte_more_is_not() -> None:
    fits = raw("click").ljust(MAX_BYTES)

    found = check("click", fits, fits + b" ", b"", None)

    assert [getattr(one, "reason", None) for one in found] == [None, "too_large", "not_json", "not_json"]
