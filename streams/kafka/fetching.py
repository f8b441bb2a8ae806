"""Take what aiokafka has fetched by the record batch, as its parser returns it.

aiokafka makes an object of eleven fields of each record, which takes longer than all else that it does. This
is its Fetcher.fetched_records, FetchResult.getall and PartitionRecords._unpack_records (0.14) without that;
tests/integration/test_transport.py and tests/unit/streams/kafka/test_fetching.py hold it to them.
"""

import asyncio
import time
from collections.abc import Collection
from typing import Any

from aiokafka.consumer.fetcher import READ_COMMITTED, FetchResult
from aiokafka.errors import CorruptRecordException
from faust.types import TP

from streams.kafka.fetched import Fetched
from streams.kafka.odd_headers import fetch_again, is_awaited

Taken = dict[TP, Fetched]


class Damaged(Exception):
    """What stands in a log from an offset on, as far as its header says, has a wrong checksum or form."""

    def __init__(self, tp: TP, offset: int, end: int) -> None:
        super().__init__(f"{tp.topic}/{tp.partition} is damaged at offset {offset}")
        self.tp, self.offset, self.end = tp, offset, end


async def take_fetched(fetcher: Any, partitions: Collection[TP], timeout: float | None, most: int) -> Taken:
    """Wait for what is fetched of some partitions, and take about `most` records of it.

    Each item covers what was parsed for it, and nothing else: where it starts and ends is read off the parser
    itself, with nothing awaited in between. A position that is asked for beside the records may belong to
    another fetch; an item would then cover records that nobody was handed.

    Raises:
        KafkaError: the broker answered with an error.
        Damaged: it answered with corrupt records.

    """
    deadline = time.monotonic() + (timeout or 0)
    while True:
        if fetcher._subscriptions.reassignment_in_progress:
            await fetcher._subscriptions.wait_for_assignment()
        taken = _take_waiting(fetcher, partitions, most)
        rest = deadline - time.monotonic()
        if taken or rest <= 0 or not await _more(fetcher, rest):
            return taken


async def _more(fetcher: Any, timeout: float) -> bool:
    waiter = fetcher._create_fetch_waiter()
    done, pending = await asyncio.wait([waiter], timeout=timeout)
    if not done or fetcher._closed:
        for one in pending:
            one.cancel()
        return False
    waiter.result()  # It may be that we have no right to read.
    return True


def _take_waiting(fetcher: Any, partitions: Collection[Any], most: int) -> Taken:
    taken: Taken = {}
    for tp in list(fetcher._records):
        if tp not in partitions:
            if not fetcher._subscriptions.is_assigned(tp):
                del fetcher._records[tp]
            continue
        result = fetcher._records[tp]
        if type(result) is not FetchResult:
            if taken:
                break  # The error is for the next call.
            _let_fetch(fetcher, tp)
            result.check_raise()
            continue
        fetched = _take_result(fetcher, result, most)
        if not result.has_more():
            _let_fetch(fetcher, tp)
        if fetched is not None:
            taken[TP(*tp)] = fetched
            most -= len(fetched.records)
            if most <= 0:
                break
    return taken


def _let_fetch(fetcher: Any, tp: Any) -> None:
    """Drop what was fetched of a partition, so that more is fetched."""
    del fetcher._records[tp]
    fetcher._notify(fetcher._wait_consume_future)


def _take_result(fetcher: Any, result: Any, most: int) -> Fetched | None:
    """Parse whole batches, and move aiokafka's position over them; nothing of what was fetched elsewhere."""
    if not result.check_assignment(result._topic_partition) or not result.has_more() or is_awaited(result):
        return None
    parts = result._partition_records
    start = parts.next_fetch_offset
    records, damaged = _next_records(fetcher, result, most)
    result._update_position()
    if damaged or not parts._records.has_next():
        result._partition_records = None
    return Fetched(start, parts.next_fetch_offset, records) if parts.next_fetch_offset > start else None


def _next_records(fetcher: Any, result: Any, most: int) -> tuple[list[Any], bool]:
    """Return the records of whole batches, up to one that aiokafka cannot read: that is for a later call.

    Also whether that one is damaged: it is fetched again then, and told when it comes first.
    """
    parts = result._partition_records
    records: list[Any] = []
    try:
        while parts._records.has_next() and len(records) < most:
            records += _next_batch(parts)
    except UnicodeDecodeError:  # A header's name: nothing else is decoded.
        fetch_again(fetcher, result)
    except Damaged:
        if not records:
            raise
        return records, True
    return records, False


def _next_batch(parts: Any) -> list[Any]:
    try:
        batch = parts._records.next_batch()
    except CorruptRecordException as error:
        start = parts.next_fetch_offset
        raise Damaged(TP(*parts._tp), start, start + 1) from error
    start = parts.next_fetch_offset
    if parts._check_crcs and not batch.validate_crc():
        raise Damaged(TP(*parts._tp), start, max(start + 1, batch.next_offset))
    records = [record for record in batch if record.offset >= start] if _counts(parts, batch) else []
    # Never back: records would be handed over a second time, and nobody would know.
    parts.next_fetch_offset = max(start, batch.next_offset)
    return records


def _counts(parts: Any, batch: Any) -> bool:
    """Return whether a batch holds records that count; note where aborted transactions end."""
    if parts._isolation_level == READ_COMMITTED and batch.producer_id is not None:
        parts._consume_aborted_up_to(batch.base_offset)
        if batch.is_control_batch and parts._contains_abort_marker(batch):
            parts._aborted_producers.discard(batch.producer_id)
        if batch.is_transactional and batch.producer_id in parts._aborted_producers:
            return False
    return not batch.is_control_batch
