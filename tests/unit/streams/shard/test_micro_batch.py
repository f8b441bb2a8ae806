"""The micro-batch: what waits to be applied, by source, in order."""

from types import SimpleNamespace
from typing import Any

from streams.kafka.fetched import Fetched
from streams.shard.intake import MicroBatch

CLICKS, VIEWS = ("clicks", 0), ("impressions", 0)


def records(*offsets: int) -> list[Any]:
    return [SimpleNamespace(offset=offset) for offset in offsets]


def fetched(start: int, end: int, *offsets: int) -> Fetched:
    return Fetched(start, end, records(*offsets))


def test_an_empty_batch_holds_nothing() -> None:
    batch = MicroBatch()

    assert (bool(batch), batch.size, batch.next_offset(CLICKS), batch.take()) == (False, 0, 0, [])


def test_what_was_added_is_taken_by_source_in_order_with_its_end() -> None:
    batch = MicroBatch()
    batch.add(CLICKS, fetched(0, 3, 0, 2))
    batch.add(VIEWS, fetched(5, 6, 5))
    batch.add(CLICKS, fetched(3, 9, 4, 7))

    assert (batch.size, batch.next_offset(CLICKS), batch.next_offset(VIEWS)) == (5, 9, 6)
    assert batch.take() == [(CLICKS, records(0, 2, 4, 7), 9), (VIEWS, records(5), 6)]
    assert (bool(batch), batch.size, batch.next_offset(CLICKS)) == (False, 0, 0)


def test_a_stretch_without_records_waits_too() -> None:
    batch = MicroBatch()
    batch.add(CLICKS, fetched(3, 9))

    assert batch
    assert batch.take() == [(CLICKS, [], 9)]


def test_what_is_cleared_is_forgotten() -> None:
    batch = MicroBatch()
    batch.add(CLICKS, fetched(0, 1, 0))
    batch.clear()

    assert (bool(batch), batch.size, batch.take()) == (False, 0, [])
