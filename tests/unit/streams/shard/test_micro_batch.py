"""The inbox: what waits to be applied, by source, in order."""

from types import SimpleNamespace
from typing import Any

from faust.types import TP

from streams.kafka.fetched import Fetched
from streams.shard.micro_batch import MicroBatch

CLICKS, VIEWS = ("clicks", 0), ("impressions", 0)


def records(*offsets: int) -> list[Any]:
    return [SimpleNamespace(offset=offset) for offset in offsets]


def fetched(start: int, end: int, *offsets: int) -> Fetched:
    return Fetched(TP("clicks", 0), start, end, records(*offsets))


def test_an_empty_inbox_holds_nothing() -> None:
    inbox = MicroBatch()

    assert (bool(inbox), inbox.size, inbox.next_offset(CLICKS), inbox.take()) == (False, 0, 0, [])


def test_what_was_added_is_taken_by_source_in_order_with_its_end() -> None:
    inbox = MicroBatch()
    inbox.add(CLICKS, fetched(0, 3, 0, 2))
    inbox.add(VIEWS, fetched(5, 6, 5))
    inbox.add(CLICKS, fetched(3, 9, 4, 7))

    assert (inbox.size, inbox.next_offset(CLICKS), inbox.next_offset(VIEWS)) == (5, 9, 6)
    assert inbox.take() == [(CLICKS, records(0, 2, 4, 7), 9), (VIEWS, records(5), 6)]
    assert (bool(inbox), inbox.size, inbox.next_offset(CLICKS)) == (False, 0, 0)


def test_a_stretch_without_records_waits_too() -> None:
    inbox = MicroBatch()
    inbox.add(CLICKS, fetched(3, 9))

    assert inbox
    assert inbox.take() == [(CLICKS, [], 9)]


def test_what_is_cleared_is_forgotten() -> None:
    inbox = MicroBatch()
    inbox.add(CLICKS, fetched(0, 1, 0))
    inbox.clear()

    assert (bool(inbox), inbox.size, inbox.take()) == (False, 0, [])
