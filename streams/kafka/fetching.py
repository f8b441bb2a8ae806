"""Take what aiokafka has fetched as it came, and move aiokafka's position over it.

aiokafka makes an object of eleven fields of each record, which takes longer than all else that it does, and
cannot go on where a header's name is not UTF-8. This is its Fetcher.fetched_records, FetchResult.getall and
PartitionRecords._unpack_records (0.14) over raw batches; tests/integration/test_transport.py and
tests/unit/streams/kafka/test_fetching.py hold it to them.
"""

import asyncio
import time
from collections.abc import Collection
from typing import Any

from aiokafka.consumer.fetcher import FetchResult
from faust.types import TP

from streams.kafka.fetched import Fetched
from streams.kafka.unread import Unread

Taken = dict[TP, Fetched]


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
    """Take whole batches, and move aiokafka's position over them; nothing of what was fetched elsewhere."""
    tp = TP(*result._topic_partition)
    if not result.check_assignment(tp) or not result.has_more():
        return None
    unread = result._partition_records
    if not isinstance(unread, Unread):
        unread = result._partition_records = fetcher._client.take(tp, unread.next_fetch_offset)
    if unread is None:  # It is fetched again.
        return None
    fetched: Fetched | None = unread.take(most)
    result._update_position()
    if unread.ended:
        result._partition_records = None
    return fetched
