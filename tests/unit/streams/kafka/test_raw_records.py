"""One record of many, from the bytes that came."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.raw_records import Record, joined
from tests.unit.models.building import NOON
from tests.unit.streams.kafka.written import raw_records, sent

BYTES = st.none() | st.binary(max_size=9) | st.just(b"long" * 99)
HEADERS = st.lists(st.tuples(st.text(max_size=3), BYTES), max_size=3)
CONTENT = st.lists(st.tuples(BYTES, st.integers(0, 2**41), BYTES, HEADERS), max_size=6)


def records_of(content: list[Any], start: int = 0) -> list[Record]:
    return [
        sent(start + number, value, time * 1000, key, headers)
        for number, (value, time, key, headers) in enumerate(content)
    ]


@given(CONTENT)
def test_each_record_is_as_it_was_sent(content: list[Any]) -> None:
    records = records_of(content)

    assert list(raw_records(records)) == records


@given(CONTENT, st.integers(0, 9))
def test_those_from_an_offset_on_are_the_same_records(content: list[Any], offset: int) -> None:
    records = records_of(content, 3)

    later = raw_records(records).since(offset)

    assert list(later) == [record for record in records if record.offset >= offset]
    assert len(later) == len(list(later))


@given(st.lists(CONTENT, min_size=1, max_size=4))
def test_what_is_joined_is_all_of_it_in_order(contents: list[list[Any]]) -> None:
    parts = [records_of(content, 10 * number) for number, content in enumerate(contents)]

    whole = joined([raw_records(part) for part in parts])

    assert list(whole) == [record for part in parts for record in part]
    assert all(column.flags.c_contiguous and column.flags.writeable for column in whole.records)


def test_a_part_without_those_before_an_offset_can_be_joined() -> None:
    parts = [raw_records([sent(0, b"a"), sent(1, b"b")]).since(1), raw_records([sent(2, None)])]

    assert [(record.offset, record.value) for record in joined(parts)] == [(1, b"b"), (2, None)]
    assert [record.arrival for record in joined(parts)] == [NOON, NOON]
