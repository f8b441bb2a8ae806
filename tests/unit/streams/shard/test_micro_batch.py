"""The micro-batch: what waits to be applied, by source, in order."""

from models.state.delta import Source
from streams.kafka.fetched import Fetched
from streams.shard.intake import MicroBatch
from tests.unit.streams.kafka.written import raw_records, sent

CLICKS, VIEWS = ("clicks", 0), ("impressions", 0)


def fetched(start: int, end: int, *offsets: int) -> Fetched:
    return Fetched(start, end, raw_records(sent(offset, b"%d" % offset, key=b"k") for offset in offsets))


def taken(batch: MicroBatch) -> list[tuple[Source, list[int], int]]:
    """Take what waits, and look that each record is still the one of its offset."""
    found = batch.take()
    for _, records, _ in found:
        assert [record.value for record in records] == [b"%d" % record.offset for record in records]
    return [(source, [record.offset for record in records], end) for source, records, end in found]


def test_an_empty_batch_holds_nothing() -> None:
    batch = MicroBatch()

    assert (bool(batch), batch.size, batch.next_offset(CLICKS), batch.take()) == (False, 0, 0, [])


def test_what_was_added_is_taken_by_source_in_order_with_its_end() -> None:
    batch = MicroBatch()
    batch.add(CLICKS, fetched(0, 3, 0, 2))
    batch.add(VIEWS, fetched(5, 6, 5))
    batch.add(CLICKS, fetched(3, 9, 4, 7))

    assert (batch.size, batch.next_offset(CLICKS), batch.next_offset(VIEWS)) == (5, 9, 6)
    assert taken(batch) == [(CLICKS, [0, 2, 4, 7], 9), (VIEWS, [5], 6)]
    assert (bool(batch), batch.size, batch.next_offset(CLICKS)) == (False, 0, 0)


def test_a_stretch_without_records_waits_too() -> None:
    batch = MicroBatch()
    batch.add(CLICKS, fetched(3, 9))

    assert batch
    assert taken(batch) == [(CLICKS, [], 9)]


def test_what_is_cleared_is_forgotten() -> None:
    batch = MicroBatch()
    batch.add(CLICKS, fetched(0, 1, 0))
    batch.clear()

    assert (bool(batch), batch.size, batch.take()) == (False, 0, [])
