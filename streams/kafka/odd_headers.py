"""Read on where aiokafka cannot: Kafka takes any bytes as a header's name, aiokafka's parser UTF-8 alone.

A parser that has failed can neither go on nor return its bytes. So what it was to read is fetched again, and
a parser that takes any name replaces it. `fetching.py` takes the records from it and says what they cover:
nothing here moves a position.
"""

import asyncio
import logging
from typing import Any

from aiokafka.consumer.fetcher import PartitionRecords
from aiokafka.errors import CorruptRecordException, KafkaError, UnknownError, for_code
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.record.default_records import DefaultRecordBatch, _DefaultRecordBatchPy, _DefaultRecordPy
from aiokafka.record.memory_records import _MemoryRecordsPy
from aiokafka.record.util import decode_varint

log = logging.getLogger(__name__)

Content = tuple[list[tuple[int, int]], bytes]
"""Aborted transactions, and record batches as they came."""


class _Awaited:
    """Stands where a parser stood that has failed: there is more, and it is being fetched."""

    def has_next(self) -> bool:
        return True


def is_awaited(result: Any) -> bool:
    """Return whether what comes next of a partition is being fetched again."""
    return type(result._partition_records._records) is _Awaited


def fetch_again(fetcher: Any, result: Any) -> None:
    """Begin to fetch again what comes next of a partition, of which aiokafka has this result.

    It runs as one of the fetcher's own tasks: they end with the assignment, and wake whoever waits for
    records. Meanwhile aiokafka fetches nothing of the partition, because it has a result for it.
    """
    failed = result._partition_records
    failed._records = _Awaited()
    fetcher._pending_tasks.add(asyncio.create_task(_replace(fetcher, result, failed)))
    fetcher._notify(fetcher._wait_consume_future)


async def _replace(fetcher: Any, result: Any, failed: Any) -> bool:
    try:
        aborted, data = await _fetch(fetcher, failed)
    except asyncio.CancelledError:
        return False  # As aiokafka's own tasks do: it awaits them after it has cancelled them.
    # If the result was dropped meanwhile because of a seek, nobody looks at it any more.
    result._partition_records = PartitionRecords(
        failed._tp, LenientRecords(data), aborted, failed.next_fetch_offset, None, None,
        failed._check_crcs, failed._isolation_level,
    )  # fmt: skip
    return True


async def _fetch(fetcher: Any, parts: Any) -> Content:
    """Fetch as aiokafka does; return nothing if that fails: then aiokafka fetches, and meets the error."""
    (topic, partition), start = parts._tp, parts.next_fetch_offset
    request = FetchRequest(
        fetcher._fetch_max_wait_ms, fetcher._fetch_min_bytes, fetcher._fetch_max_bytes,
        parts._isolation_level, [(topic, [(partition, start, fetcher._max_partition_fetch_bytes)])],
    )  # fmt: skip
    try:
        return _content(await fetcher._client.send(fetcher._select_read_replica(parts._tp), request))
    except KafkaError as error:
        log.warning("%s/%d was not fetched again from offset %d: %r", topic, partition, start, error)
        await asyncio.sleep(fetcher._retry_backoff)
        return [], b""


def _content(response: Any) -> Content:
    """Return what a response holds of the one partition that was asked for.

    Raises:
        KafkaError: it holds an error instead.

    """
    for _, partitions in response.topics:
        for _, code, _, *fields in partitions:
            if code:
                raise for_code(code)
            aborted = fields[2] if response.API_VERSION >= 11 else fields[-2]
            return aborted or [], fields[-1] or b""
    raise UnknownError("nothing was answered")


class LenientRecords(_MemoryRecordsPy):  # type: ignore[misc]  # has no types
    """aiokafka's parser in Python, with batches that take any name."""

    def next_batch(self) -> Any:
        """Return the next batch."""
        data = self._next_slice
        batch = super().next_batch()
        return LenientBatch(data) if isinstance(batch, DefaultRecordBatch) else batch


class LenientBatch(_DefaultRecordBatchPy):  # type: ignore[misc]  # has no types
    """aiokafka's batch in Python; bytes of names that are not UTF-8 are spelled with backslashes."""

    _pos: int

    def __iter__(self) -> Any:
        """Return the records of aiokafka's fast parser or, if that fails too, those read here."""
        try:
            return iter(list(DefaultRecordBatch(bytes(self._buffer))))
        except UnicodeDecodeError:
            return super().__iter__()

    def _read_msg(self) -> Any:
        length, start = decode_varint(self._buffer, self._pos)
        _, at = decode_varint(self._buffer, start)  # Attributes: none are defined yet.
        later, at = decode_varint(self._buffer, at)
        further, at = decode_varint(self._buffer, at)
        key, at = _read_bytes(self._buffer, at)
        value, at = _read_bytes(self._buffer, at)
        headers, self._pos = _read_headers(self._buffer, at)
        if self._pos != start + length:
            raise CorruptRecordException(f"a record of {length} bytes has {self._pos - start}")
        timestamp = self.max_timestamp if self.timestamp_type else self.first_timestamp + later
        return _DefaultRecordPy(
            self.base_offset + further, timestamp, self.timestamp_type, key, value, headers
        )


def _read_headers(buffer: bytearray, at: int) -> tuple[list[tuple[str, bytes | None]], int]:
    count, at = decode_varint(buffer, at)
    headers = []
    for _ in range(count):
        name, at = _read_bytes(buffer, at)
        value, at = _read_bytes(buffer, at)
        headers.append(((name or b"").decode(errors="backslashreplace"), value))
    return headers, at


def _read_bytes(buffer: bytearray, at: int) -> tuple[bytes | None, int]:
    size, at = decode_varint(buffer, at)
    if size < 0:
        return None, at
    return bytes(buffer[at : at + size]), at + size
