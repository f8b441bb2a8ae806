"""`kpis schema` and `kpis validate` agree: the JSON Schema takes what a worker takes, and nothing else."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from models.events.json_schema import json_schema
from models.events.parsing import Refusal, parse_event
from models.topics import EventType
from tests.strategies import EVENT_TYPES, json_values
from tests.unit.models.building import payload
from tests.unit.models.events.hostile import FIELDS, FULL, OF_TOTALS

Event = dict[str, Any]

TIMES = [
         "2026-11-10T12:00:00Z", "2026-11-10t12:00:00.123456789z", "2026-11-10T12:00:00+01:00",
    "2026-11-10T12:00:00-23:59", "2026-11-10T12:00:00+24:00", "2026-11-10T12:00:00+0100",
    "2026-11-10T12:00:00", "2026-11-10", "2026-02-29T12:00:00Z", "2028-02-29T12:00:00Z",
    "2100-02-29T12:00:00Z", "2400-02-29T12:00:00Z", "2026-04-31T12:00:00Z",
    "2026-13-01T12:00:00Z", "2026-00-10T12:00:00Z", "2026-11-00T12:00:00Z",
    "2026-11-10T24:00:00Z", "2026-11-10T12:60:00Z", "2026-11-10T23:59:60Z",
    "2026-12-31T23:59:60Z", "2026-11-10T12:00:60Z", "2026-11-10T12:00:61Z",
    "1999-12-31T00:00:00Z", "1970-01-01T00:00:00Z", "2026-11-10T12:00:00.Z",
    "20261110T120000Z", "2026-W46-2T12:00:00Z", "yesterday",
]  # fmt: skip
TEXTS = [
    "", "a", "none", "TikTok", "é", "a b", "a\n", "\n", "FR", "FR\n", "eur", "EUR", "EURO", "12", "true",
    "en-US", "en_US", "18-24", "like", "purchase", "signup", "confirmed", "cancelled", "refunded",
    "impression", "click", "positive", "2026-11-10 12:00:00Z",
    *("x" * size for size in (16, 17, 64, 65, 128, 129, 1024, 1025, 5001)),
    *("😂" * size for size in (64, 65)),
]  # fmt: skip
NUMBERS = [
    0,
    1,
    2,
    -1,
    3.0,
    0.5,
    -0.0,
    1e9,
    1e9 + 1,
    1e12,
    1e12 + 1,
    10**12,
    1_000_000,
    1_000_001,
    2**63,
    10**40,
]
ODD: list[Any] = [
    None, True, False, [], {}, [None], {"country": None}, {"country": "France"}, {"country": "FR", "?": 1},
    {"interests": ["x"] * 65}, {"interests": [1]}, {"age_band": ""}, *TIMES, *TEXTS, *NUMBERS,
]  # fmt: skip
FIELDS_OF: dict[EventType, Event] = {kind: payload(kind) | FULL[kind] for kind in EVENT_TYPES}
ADJUSTMENT: Event = {
    "type": "conversion", "event_id": "e", "event_time": TIMES[0], "campaign_id": "c", "order_id": "o",
    "status": "refunded",
}  # fmt: skip
BASES: list[tuple[EventType, Event]] = [
    *FIELDS_OF.items(),
    ("engagement", payload("engagement") | OF_TOTALS["engagement"]),
    ("conversion", ADJUSTMENT),
    ("conversion", payload("conversion", kind="signup")),
]
_LONG = 60_000


@cache
def validator(event_type: EventType) -> Any:
    """Return a validator whose patterns end as in ECMA's dialect, which JSON Schema asks for.

    Python's own `$` also matches before a line feed at the end.
    """

    def matches(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[ValidationError]:
        if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), instance):
            yield ValidationError("does not match")

    made = extend(Draft202012Validator, {"pattern": matches})
    return made(json_schema(event_type), format_checker=FormatChecker())


def is_beyond_a_schema(event: Event) -> bool:
    """Return whether an event is refused for what no JSON Schema can tell."""
    numbers = event.get("count"), event.get("total")
    whole_but_no_integer = any(isinstance(number, float) and number.is_integer() for number in numbers)
    time = event.get("event_time")
    # In these hours the offset decides whether the year is one that is read.
    at_an_edge = isinstance(time, str) and time.startswith(("1999-12-31", "2000-01-01", "9999-12-31"))
    return whole_but_no_integer or at_an_edge or len(json.dumps(event)) > _LONG


def assert_agreed(event_type: EventType, event: Event) -> None:
    """Hold the schema against a worker's reader."""
    if is_beyond_a_schema(event):
        return
    refusal = parse_event(event_type, json.dumps(event).encode())
    taken = not isinstance(refusal, Refusal)
    assert validator(event_type).is_valid(event) == taken, (event, refusal)


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_the_schema_is_one_of_2020_12_and_takes_an_event_of_all_fields(event_type: EventType) -> None:
    Draft202012Validator.check_schema(json_schema(event_type))
    validator(event_type).validate(FIELDS_OF[event_type])
    assert_agreed(event_type, FIELDS_OF[event_type])


@pytest.mark.parametrize(("event_type", "base"), BASES)
def test_they_agree_on_every_field_with_every_odd_value_and_without_it(
    event_type: EventType, base: Event
) -> None:
    for name in FIELDS:
        assert_agreed(event_type, {key: value for key, value in base.items() if key != name})
        for value in ODD:
            assert_agreed(event_type, base | {name: value})


@given(
    st.sampled_from(BASES),
    st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(ODD) | json_values(), max_size=4),
    st.sets(st.sampled_from(FIELDS), max_size=3),
)
def test_they_agree_on_any_event(base: tuple[EventType, Event], changes: Event, without: set[str]) -> None:
    event_type, event = base
    changed = {name: value for name, value in (event | changes).items() if name not in without}
    assert_agreed(event_type, changed)


@given(st.sampled_from(EVENT_TYPES), json_values())
@example("click", None)
def test_they_agree_on_what_is_no_event(event_type: EventType, value: Any) -> None:
    refusal = parse_event(event_type, json.dumps(value).encode())
    assert validator(event_type).is_valid(value) == (not isinstance(refusal, Refusal))


@given(st.dates().filter(lambda day: 2000 < day.year < 9999), st.integers(0, 40), st.integers(0, 14))
def test_they_agree_on_which_days_there_are(day: Any, number: int, month: int) -> None:
    for date in (day.isoformat(), f"{day.year}-{month:02}-{number:02}"):
        assert_agreed("click", payload("click", event_time=f"{date}T12:00:00Z"))


@pytest.mark.parametrize(
    ("event", "taken_by_the_schema", "taken_by_a_worker"),
    [
        (payload("click", count=3.0), True, False),  # to JSON Schema 3.0 is an integer
        (payload("click", event_time="2000-01-01T00:30:00+01:00"), True, False),  # 1999 in UTC
        (payload("click", event_time="1999-12-31T23:30:00-01:00"), False, True),  # 2000 in UTC
        (payload("click", event_time="9999-12-31T23:30:00-01:00"), True, False),  # a year 10000
        (payload("click", surprise="x" * 70_000), True, False),  # too large
    ],
)
def test_what_a_schema_cannot_tell_is_known(
    event: Event, taken_by_the_schema: bool, taken_by_a_worker: bool
) -> None:
    assert is_beyond_a_schema(event)
    assert validator("click").is_valid(event) == taken_by_the_schema
    refusal = parse_event("click", json.dumps(event).encode())
    assert (not isinstance(refusal, Refusal)) == taken_by_a_worker
