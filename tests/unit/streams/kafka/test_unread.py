"""What of an answer counts, up to where it reaches, and what in it is damaged."""

from collections.abc import Iterable

import pytest
from aiokafka.record.legacy_records import LegacyRecordBatchBuilder
from faust.types import TP

from models.core.record_batches import FARTHEST_MS
from streams.kafka.compression import Room
from streams.kafka.fetched import Fetched
from streams.kafka.unread import Answer, Damaged, Unread
from tests.unit.streams.kafka.written import (
    ABORT,
    BASE_OFFSET,
    COMMIT,
    CONTROL,
    LATEST,
    STAMPED,
    marker,
    sealed,
    sent,
    spoilt,
    written,
)

CLICKS = TP("clicks", 0)
_LENGTH, _LAST, _FIRST, _RECORDS = slice(8, 12), slice(23, 27), slice(27, 35), slice(57, 61)


def unread(*batches: bytes, start: int = 0, aborted: Iterable[tuple[int, int]] = ()) -> Unread:
    return Unread(CLICKS, Answer(start, b"".join(batches), aborted), Room())


def batch(*offsets: int, producer: int = -1) -> bytes:
    return written(
        [sent(offset, b"%d" % offset, headers=[("h", b"1")]) for offset in offsets], producer=producer
    )


def summary(item: Fetched | None) -> tuple[int, int, list[int]]:
    assert item is not None
    return item.start, item.end, [int(offset) for offset in item.records.records.offsets]


def changed(data: bytes, where: slice, number: int) -> bytes:
    """Write a number into a header, and the checksum that it has then."""
    data_ = bytearray(data)
    data_[where] = number.to_bytes(where.stop - where.start, "big", signed=True)
    return sealed(data_)


def test_whole_batches_are_taken_until_there_are_enough() -> None:
    rest = unread(batch(0, 1), batch(2, 3), batch(4))

    assert (summary(rest.take(3)), rest.ended) == ((0, 4, [0, 1, 2, 3]), False)
    assert (summary(rest.take(3)), rest.ended) == ((4, 5, [4]), True)
    assert rest.take(3) is None


def test_a_batch_that_has_not_come_whole_is_for_the_next_answer() -> None:
    rest = unread(batch(0), batch(1)[:-1])

    assert (summary(rest.take(9)), rest.ended) == ((0, 1, [0]), True)


@pytest.mark.parametrize("most", [1, 9])
def test_records_before_the_position_are_left_out(most: int) -> None:
    assert summary(unread(batch(0, 1, 2, 3), start=2).take(most)) == (2, 4, [2, 3])


def test_a_batch_that_ends_before_the_position_does_not_move_it_back() -> None:
    """Else what comes after it would be handed over a second time, in an item that begins too early."""
    rest = unread(batch(0, 1), batch(2), start=4)

    assert (rest.take(9), rest.next_fetch_offset, rest.ended) == (None, 4, True)


def test_what_compaction_has_removed_is_covered() -> None:
    gaps = changed(batch(3, 5), _LAST, 6)

    assert summary(unread(gaps, start=1).take(9)) == (1, 10, [3, 5])


def test_a_batch_that_compaction_has_emptied_is_covered() -> None:
    empty = bytearray(batch(3)[:61])
    empty[_LENGTH] = (49).to_bytes(4, "big")

    assert summary(unread(changed(bytes(empty), _RECORDS, 0)).take(9)) == (0, 4, [])


def test_markers_alone_are_covered_by_an_item_without_records() -> None:
    assert summary(unread(marker(4, 1, COMMIT), start=4).take(9)) == (4, 5, [])


def test_records_of_aborted_transactions_are_left_out_and_those_of_others_between_them_not() -> None:
    rest = unread(
        batch(0, producer=1), batch(1, producer=2), marker(2, 1, ABORT), batch(3, producer=1), batch(4),
        marker(5, 2, COMMIT), marker(6, 1, COMMIT), aborted=[(1, 0)],
    )  # fmt: skip

    assert summary(rest.take(9)) == (0, 7, [1, 3, 4])


def test_a_transaction_is_aborted_from_its_first_offset_on() -> None:
    rest = unread(batch(0, producer=1), marker(1, 1, COMMIT), batch(2, producer=1), aborted=[(1, 2)])

    assert summary(rest.take(9)) == (0, 3, [0])


def test_a_marker_that_compaction_has_emptied_ends_no_aborted_transaction() -> None:
    empty = bytearray(marker(1, 1, ABORT)[:61])
    empty[_LENGTH] = (49).to_bytes(4, "big")
    rest = unread(
        batch(0, producer=1),
        changed(bytes(empty), _RECORDS, 0),
        batch(2, producer=1),
        aborted=[(1, 0)],
    )

    assert summary(rest.take(9)) == (0, 3, [])


def test_a_marker_that_says_nothing_is_damaged() -> None:
    broken = written([sent(0, None, key=b"\x00")], producer=1, attributes=CONTROL)

    with pytest.raises(Damaged, match="at offset 0"):
        unread(broken).take(9)


def test_a_header_whose_name_is_no_utf8_changes_nothing_and_is_spelled_with_backslashes() -> None:
    item = unread(batch(0), spoilt(batch(1)), batch(2)).take(9)

    assert summary(item) == (0, 3, [0, 1, 2])
    assert item is not None
    assert [record.headers for record in item.records] == [
        [("h", b"1")],
        [("\\xff", b"1")],
        [("h", b"1")],
    ]


def test_an_odd_batch_of_an_aborted_transaction_is_left_out() -> None:
    rest = unread(spoilt(batch(0, producer=5)), marker(1, 5, ABORT), aborted=[(5, 0)])

    assert summary(rest.take(9)) == (0, 2, [])


def test_the_time_that_the_broker_gave_is_that_of_each_record() -> None:
    data = bytearray(written([sent(0, None), sent(1, None)], attributes=STAMPED))
    data[LATEST] = (7).to_bytes(8, "big")
    item = unread(sealed(data)).take(9)

    assert item is not None
    assert item.records.records.arrivals.tolist() == [7000, 7000]


@pytest.mark.parametrize(("time", "arrival"), [(-1, -1), (2**63 - 1, FARTHEST_MS), (-(2**63), -FARTHEST_MS)])
@pytest.mark.parametrize("attributes", [0, STAMPED])
def test_times_that_no_clock_shows_are_brought_to_the_end_of_time(
    time: int, arrival: int, attributes: int
) -> None:
    data = changed(written([sent(0, None)], attributes=attributes), _FIRST, time)
    item = unread(changed(data, LATEST, time)).take(9)

    assert item is not None
    assert item.records.records.arrivals.tolist() == [arrival * 1000]


def test_a_batch_of_an_earlier_version_among_others_is_read() -> None:
    builder = LegacyRecordBatchBuilder(1, 0, 1 << 20)
    builder.append(0, timestamp=5, key=b"k", value=b"v")

    assert summary(unread(bytes(builder.build()), batch(1)).take(9)) == (0, 2, [0, 1])


def damaged_ones() -> dict[str, bytes]:
    whole = batch(2, 3)
    return {
        "a checksum": whole[:-1] + b"?",
        "a compression": sealed(whole[:22] + b"\x07" + whole[23:]),
        "what is not compressed": sealed(whole[:22] + b"\x03" + whole[23:]),
        "a negative offset": changed(whole, BASE_OFFSET, -1),
        "an offset beyond all": changed(whole, BASE_OFFSET, 2**63 - 1),
        "a negative number": changed(whole, _RECORDS, -1),
        "more records than there are": changed(whole, _RECORDS, 3),
        "fewer": changed(whole, _RECORDS, 1),
        "more than memory holds": changed(whole, _RECORDS, 2**31 - 1),
        "a last offset before that of a record": changed(whole, _LAST, 0),
        "a negative last offset": changed(whole, _LAST, -2),
        "a size of nothing": changed(whole, _LENGTH, 0),
        "a negative size": changed(whole, _LENGTH, -12),
        "a size within the header": changed(whole[:50], _LENGTH, 38),
        "offsets that do not ascend": sealed(whole.replace(b"\x02\x01\x023", b"\x00\x01\x023")),
    }


@pytest.mark.parametrize("what", damaged_ones())
def test_what_is_damaged_is_told_when_it_comes_first_and_what_stands_before_is_given(what: str) -> None:
    data = damaged_ones()[what]
    rest = unread(batch(0, 1), data, batch(4), start=1)

    assert (summary(rest.take(9)), rest.ended) == ((1, 2, [1]), True)
    with pytest.raises(Damaged, match="clicks/0 is damaged at offset 2") as caught:
        unread(data, batch(4), start=2).take(9)
    assert caught.value.end >= 3
