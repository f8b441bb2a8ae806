"""Records with bytes that were changed, lost and mixed up are read as their models read them.

A hundred thousand of them: `pytest tests/unit/models/events/test_mutated.py --hypothesis-profile=soak`.
"""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from models.topics import EventType
from tests.strategies import EVENT_TYPES
from tests.unit.models.building import payload
from tests.unit.models.events.hostile import FULL, LITERALS, NESTED, NUMBERS, STRINGS
from tests.unit.models.events.reading import Reading, expected

BATCH = 20
PIECES = [
    *NUMBERS,
    *STRINGS,
    *(one for one in NESTED + LITERALS if len(one) < 100),
    b"\\",
    b'"',
    b",",
    b"{",
    b"}",
]
VALUES: list[Any] = [
    None,
    True,
    0,
    1.5,
    "",
    "é",
    "x" * 70,
    [],
    {},
    {"country": "FR"},
    "null",
    "0000",
    "\ud800",
    "\n",
]


def flipped(random: Random, record: bytes) -> bytes:
    at = random.randrange(len(record))
    return record[:at] + bytes([record[at] ^ 1 << random.randrange(8)]) + record[at + 1 :]


def replaced(random: Random, record: bytes) -> bytes:
    start, end = span(random, record)
    return record[:start] + random.choice(PIECES) + record[end:]


def dropped(random: Random, record: bytes) -> bytes:
    start, end = span(random, record)
    return record[:start] + record[end:]


def repeated(random: Random, record: bytes) -> bytes:
    start, end = span(random, record)
    return record[:end] + record[start:]


def cut(random: Random, record: bytes) -> bytes:
    return record[: random.randrange(len(record))]


def moved(random: Random, record: bytes) -> bytes:
    (start, end), at = span(random, record), random.randrange(len(record))
    return record[:at] + record[start:end] + record[at:]


def span(random: Random, record: bytes) -> tuple[int, int]:
    start = random.randrange(len(record) + 1)
    return start, min(len(record), start + int(random.paretovariate(0.5)) - 1)


DAMAGES: list[Callable[[Random, bytes], bytes]] = [flipped, replaced, dropped, repeated, cut, moved]


def mutated(random: Random, event_type: EventType) -> bytes:
    """Make a record: an event with fields that were changed, written somehow, and damaged."""
    fields = payload(event_type, **(FULL[event_type] if random.random() < 0.8 else {}))
    for name in random.sample(sorted(fields), random.choice([0, 0, 0, 1, 2])):
        fields[name] = random.choice(VALUES)
    members = list(fields.items())
    random.shuffle(members)
    separators = random.choice([(",", ":"), (", ", ": "), (" ,\n", "\t: ")])
    record = json.dumps(dict(members), separators=separators, ensure_ascii=random.random() < 0.7)
    written = record.encode("utf-8", "surrogatepass")
    for _ in range(random.choice([0, 1, 1, 1, 2, 4])):
        if written:
            written = random.choice(DAMAGES)(random, written)
    return written


@given(st.integers(0, 2**32), st.sampled_from(EVENT_TYPES))
def test_damaged_records_are_read_as_their_models_read_them(seed: int, event_type: EventType) -> None:
    random = Random(seed)
    records = [mutated(random, event_type) for _ in range(BATCH)]

    assert Reading().read_all(event_type, records) == [expected(event_type, one) for one in records]
