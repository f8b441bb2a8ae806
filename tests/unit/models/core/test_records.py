"""Records as columns: each value stands where its columns say."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.core.octets import PADDING
from models.core.records import NO_VALUE, Records, records_of

VALUES = st.lists(st.none() | st.binary(max_size=5), max_size=6)


def values(records: Records) -> list[bytes | None]:
    return [records.value(index) for index in range(len(records.offsets))]


@given(VALUES)
def test_each_value_is_found_again_and_none_is_not_taken_for_an_empty_one(sent: list[bytes | None]) -> None:
    records = records_of(sent, range(len(sent)), [7] * len(sent))

    assert values(records) == sent
    assert [length == NO_VALUE for length in records.lengths] == [value is None for value in sent]
    assert not records.buffer[-PADDING:].any()


@given(VALUES, st.integers(0, 7))
def test_those_from_an_index_on_are_columns_over_the_same_bytes(sent: list[bytes | None], index: int) -> None:
    records = records_of(sent, range(3, 3 + len(sent)), range(len(sent)))

    later = records.since(index)

    assert later.buffer is records.buffer
    assert values(later) == sent[index:]
    assert later.offsets.tolist() == list(range(3, 3 + len(sent)))[index:]
    assert later.arrivals.tolist() == list(range(len(sent)))[index:]


def test_columns_are_as_compiled_loops_ask_for_them() -> None:
    for records in (records_of([], [], []), records_of([b"a"], [0], [0]).since(1)):
        assert [column.dtype for column in records] == [np.uint8, *[np.int64] * 4]
        assert all(column.flags.c_contiguous and column.flags.writeable for column in records)
