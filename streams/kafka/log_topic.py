"""The journals' topic beside Faust: append to a partition, read a stretch again, delete what is old."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import KafkaError

from connections.kafka import client_options
from connections.topics import changelog_topic
from models.settings import Settings

log = logging.getLogger(__name__)

Send = Callable[[str, bytes | None, bytes | None, int | None], Awaitable["asyncio.Future[Any]"]]
"""Send a record, by topic, key, value and partition; return the future of its acknowledgement."""
Starts = Callable[[set[int]], Awaitable[Mapping[int, int]]]
"""Ask where the logs of partitions start now: by a connection that is there, for shards that move wait."""


class LogTopic:
    """The journals' topic of one deployment."""

    def __init__(self, settings: Settings, send: Send, starts: Starts) -> None:
        self._settings = settings
        self._topic = changelog_topic(settings)
        self._send = send
        self._starts = starts
        self._refused = False

    async def append(self, partition: int, key: bytes, value: bytes) -> "asyncio.Future[Any]":
        """Send a record; return the future of its acknowledgement."""
        return await self._send(self._topic, key, value, partition)

    async def starts(self, partitions: set[int]) -> Mapping[int, int]:
        """Return the offsets at which the logs of partitions start now.

        Raises:
            KafkaError: the broker does not answer.

        """
        return await self._starts(partitions) if partitions else {}

    async def read(self, partition: int, start: int, end: int) -> Sequence[tuple[int, bytes]]:
        """Read the records between two offsets; with an `end` below 0, to the end of the log.

        Raises:
            KafkaError: the broker does not answer.

        """
        tp = TopicPartition(self._topic, partition)
        consumer = AIOKafkaConsumer(**client_options(self._settings), auto_offset_reset="earliest")
        await consumer.start()
        found: list[tuple[int, bytes]] = []
        try:
            consumer.assign([tp])
            consumer.seek(tp, start)
            end = end if end >= 0 else (await consumer.end_offsets([tp]))[tp]
            while await consumer.position(tp) < end:
                records = (await consumer.getmany(tp, timeout_ms=1000)).get(tp, [])
                found += [(record.offset, record.value) for record in records]
        finally:
            await consumer.stop()
        return [(offset, value) for offset, value in found if offset < end]

    async def truncate(self, partition: int, offset: int) -> None:
        """Delete the records before an offset; log it once if the broker refuses: the topic grows then."""
        admin = AIOKafkaAdminClient(**client_options(self._settings))
        try:
            await admin.start()
            wanted = {TopicPartition(self._topic, partition): RecordsToDelete(before_offset=offset)}
            await admin.delete_records(wanted)
        except (KafkaError, OSError) as error:
            if not self._refused:
                log.warning("old state stays in %s: it cannot be deleted (%r)", self._topic, error)
            self._refused = True
        finally:
            await admin.close()
