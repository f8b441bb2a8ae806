"""Topics read from their beginning to the end that they had, however they are cut, compacted or committed."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple, TypeAlias

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError
from aiokafka.structs import ConsumerRecord

from connections.admin import open_admin
from connections.kafka import KafkaUnavailable, begin, client_options, unavailable
from connections.topic_checks import TopicsMissing
from models.settings import Settings

Record: TypeAlias = ConsumerRecord[bytes | None, bytes | None]

_ANSWER_MS = 500
_FETCH_WAIT_MS = 20
"""How long the broker may hold a fetch that finds nothing: what is read is there already.

Whatever else is asked waits behind such a fetch: by default for half a second, 7 s in all where there was
nothing to send.
"""
_SILENT_SECONDS = 30.0


class Bounds(NamedTuple):
    """The first offset of a partition, and the one after its last."""

    first: int
    end: int


Extent = Mapping[TopicPartition, Bounds]


class Log:
    """Reads what is committed; `unreadable` counts records that aiokafka cannot read. Made by `open_log`."""

    def __init__(self, settings: Settings, consumer: AIOKafkaConsumer, partitions: Mapping[str, int]) -> None:
        self.unreadable = 0
        self._settings = settings
        self._consumer = consumer
        self._partitions = partitions

    async def extent(self, topic: str) -> Extent:
        """Return the bounds of each partition of a topic, as they are now.

        Raises:
            TopicsMissing: it does not exist, or we may not know.

        """
        if not self.has(topic):
            raise TopicsMissing(
                f"The broker at {self._settings.kafka} has no topic {topic}: `kpis topics apply` creates "
                "what is missing (or KPIS_TOPIC_PREFIX is another, or it lacks the right Describe)."
            )
        found = [TopicPartition(topic, number) for number in range(self._partitions[topic])]
        firsts, ends = await self._consumer.beginning_offsets(found), await self._consumer.end_offsets(found)
        return {tp: Bounds(firsts[tp], max(firsts[tp], ends[tp])) for tp in found}

    def has(self, topic: str) -> bool:
        """Return whether a topic existed when the log was opened."""
        return topic in self._partitions

    async def read(self, extent: Extent) -> AsyncIterator[Sequence[Record]]:
        """Yield the records within the bounds, a partition after the other.

        Raises:
            KafkaUnavailable: the broker does not answer, or does not let us read.

        """
        for tp, bounds in extent.items():
            self._consumer.assign([tp])
            self._consumer.seek(tp, bounds.first)
            async for records in self._read_partition(tp, bounds):
                yield records

    async def _read_partition(self, tp: TopicPartition, bounds: Bounds) -> AsyncIterator[Sequence[Record]]:
        heard, position = time.monotonic(), bounds.first
        at_once: int | None = None
        while position < bounds.end:
            try:
                records = await self._fetch(tp, at_once)
                moved = await self._consumer.position(tp)
            except UnicodeDecodeError:
                # A header's name may be any bytes to Kafka, but not to aiokafka. Workers spell such names.
                # What stands before it in its batch can be read one by one, what stands behind it cannot.
                moved, records = position + (at_once is not None), []
                self.unreadable += moved - position
                at_once = 1
                self._consumer.seek(tp, moved)
            if moved > position:
                heard, position = time.monotonic(), moved
            elif time.monotonic() - heard > _SILENT_SECONDS:
                raise KafkaUnavailable(
                    f"Kafka at {self._settings.kafka} gave nothing of {tp.topic}/{tp.partition} at offset "
                    f"{position} for {_SILENT_SECONDS:.0f} s, and it ends at {bounds.end}."
                )
            yield [record for record in records if record.offset < bounds.end]

    async def _fetch(self, tp: TopicPartition, most: int | None) -> Sequence[Record]:
        try:
            fetched = await self._consumer.getmany(tp, timeout_ms=_ANSWER_MS, max_records=most)
        except TopicAuthorizationFailedError:
            raise KafkaUnavailable(
                f"No right to read the topic {tp.topic}: grant Read (`kpis topics list` names the rights)."
            ) from None
        records: Sequence[Record] = fetched.get(tp, [])
        return records


@asynccontextmanager
async def open_log(settings: Settings) -> AsyncIterator[Log]:
    """Open a reader of topics.

    Raises:
        KafkaUnavailable: the broker does not answer, then or while the log is read.

    """
    async with open_admin(settings) as admin:
        topics = await admin.describe_topics()
    partitions = {topic["topic"]: len(topic["partitions"]) for topic in topics if not topic["error_code"]}
    consumer = AIOKafkaConsumer(
        **client_options(settings),
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        fetch_max_wait_ms=_FETCH_WAIT_MS,
    )
    try:
        await begin(consumer.start())
        yield Log(settings, consumer, partitions)
    except (KafkaError, OSError, TimeoutError) as error:
        raise await unavailable(settings, f"Kafka at {settings.kafka} stopped answering", error) from error
    finally:
        await consumer.stop()
