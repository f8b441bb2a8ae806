"""Transactions that producers have open on topics: until they end, nothing behind them can be read."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from connections.admin import open_admin
from connections.kafka import begin, client_options
from connections.kafka_requests import open_producers, transactional_ids
from models.settings import Settings
from models.times import format_time

LONG_SECONDS = 60
"""Longer than most producers take: Kafka's own limit, where they set none."""
_READ_MS = 5_000


class Writer(NamedTuple):
    """A producer with an open transaction: its transactional id is empty where nobody tells it."""

    producer: int
    start: int
    name: str

    def __str__(self) -> str:
        """Name the producer as its owner knows it."""
        number = f"producer {self.producer}"
        return f"the transactional id {self.name!r} ({number})" if self.name else f"the {number}"


class OpenTransaction(NamedTuple):
    """A partition that is readable up to an offset, ends later, and has been so since a time (microseconds).

    There are no writers where we may not see them.
    """

    topic: str
    partition: int
    readable: int
    end: int
    since: int
    writers: list[Writer]

    def sentence(self, settings: Settings) -> str:
        """Say what is held back, by whom, and how it is ended."""
        who = " and ".join(map(str, self.writers)) or "some producer"
        start = min((writer.start for writer in self.writers), default=self.readable)
        return (
            f"{self.topic}/{self.partition} can be read up to offset {self.readable} and ends at {self.end}: "
            f"a transaction of {who} has been open since {format_time(self.since)}. Have that producer end "
            f"it, or abort it: kafka-transactions.sh --bootstrap-server {settings.kafka} abort "
            f"--topic {self.topic} --partition {self.partition} --start-offset {start}"
        )


async def open_transactions(settings: Settings, topics: Collection[str]) -> list[OpenTransaction]:
    """Return what open transactions hold back on topics.

    Raises:
        KafkaUnavailable: the broker does not answer.

    """
    async with open_admin(settings) as admin, _reading(settings, "read_uncommitted") as reader:
        leaders = {
            TopicPartition(topic["topic"], partition["partition"]): partition["leader"]
            for topic in await admin.describe_topics()
            if topic["topic"] in topics
            for partition in topic["partitions"]
        }
        if not leaders:
            # A consumer that is stopped before it did anything raises CancelledError.
            return []
        async with _reading(settings, "read_committed") as committed:
            readable = await committed.end_offsets(list(leaders))
        ends = await reader.end_offsets(list(leaders))
        return [
            OpenTransaction(
                tp.topic,
                tp.partition,
                readable[tp],
                ends[tp],
                await _arrival(reader, tp, readable[tp]),
                await _writers(admin, leaders[tp], tp),
            )
            for tp in sorted(leaders)
            if readable[tp] < ends[tp]
        ]


@asynccontextmanager
async def _reading(settings: Settings, level: str) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(**client_options(settings), isolation_level=level)
    try:
        await begin(consumer.start())
        yield consumer
    finally:
        await consumer.stop()


async def _arrival(reader: AIOKafkaConsumer, tp: TopicPartition, offset: int) -> int:
    """Return when the record at an offset arrived, where the transaction began; 0 if it cannot be read."""
    reader.assign([tp])
    reader.seek(tp, offset)
    records = (await reader.getmany(tp, timeout_ms=_READ_MS, max_records=1)).get(tp)
    return 1000 * int(records[0].timestamp) if records else 0


async def _writers(admin: AIOKafkaAdminClient, leader: int, tp: TopicPartition) -> list[Writer]:
    found = await open_producers(admin, leader, *tp)
    brokers = [broker["node_id"] for broker in (await admin.describe_cluster())["brokers"]]
    names = await transactional_ids(admin, brokers, [number for number, _ in found]) if found else {}
    return [Writer(number, start, names.get(number, "")) for number, start in found]
