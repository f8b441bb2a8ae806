"""Read topics with a consumer that is not ours."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias

from aiokafka import AIOKafkaConsumer, TopicPartition

from connections.topics import dead_letters_topic
from models.settings import Settings

if TYPE_CHECKING:
    from aiokafka.structs import ConsumerRecord

Record: TypeAlias = "ConsumerRecord[bytes, bytes]"
_PATIENCE_SECONDS = 25.0


async def read_to_end(settings: Settings, *topics: str, committed: bool = False) -> list[Record]:
    """Read all that topics, named in full, hold now, or what of it is committed; by topic and place."""
    async with _consumer(settings, topics, committed=committed) as consumer:
        ends = await consumer.end_offsets(consumer.assignment())
        found: list[Record] = []
        # What a transaction leaves on a topic takes offsets, too, so records cannot be counted.
        while any([await consumer.position(tp) < end for tp, end in ends.items()]):
            found += await _more(consumer)
    return sorted(found, key=_place)


async def read_at_least(settings: Settings, count: int, *topics: str) -> list[Record]:
    """Wait for so many records on topics, named in full; return all that are there then."""
    async with _consumer(settings, topics) as consumer:
        found: list[Record] = []
        while len(found) < count:
            found += await _more(consumer)
    return sorted(found, key=_place)


async def read_dead_letters(settings: Settings, count: int) -> list[Record]:
    """Wait for so many dead letters; return all that are there then."""
    return await read_at_least(settings, count, dead_letters_topic(settings))


@asynccontextmanager
async def _consumer(
    settings: Settings, topics: Sequence[str], *, committed: bool = False
) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka,
        isolation_level="read_committed" if committed else "read_uncommitted",
        auto_offset_reset="earliest",
        # Whatever else is asked waits behind a fetch that the broker holds.
        fetch_max_wait_ms=20,
    )
    partitions = [TopicPartition(topic, number) for topic in topics for number in range(settings.partitions)]
    async with consumer, asyncio.timeout(_PATIENCE_SECONDS):
        consumer.assign(partitions)
        yield consumer


async def _more(consumer: AIOKafkaConsumer) -> list[Record]:
    batches = await consumer.getmany(timeout_ms=200)
    return [record for batch in batches.values() for record in batch]


def _place(record: Record) -> tuple[str, int, int]:
    return record.topic, record.partition, record.offset
