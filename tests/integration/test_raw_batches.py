"""Batches of a real broker, written by other clients: read raw as aiokafka reads them."""

from collections.abc import Iterator
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from confluent_kafka import Producer

from connections.topic_admin import create_missing_topics
from models.settings import Settings
from streams.kafka.answers import KeepingClient
from streams.kafka.fetching import take_fetched
from streams.kafka.raw_records import Record

CODECS = ("none", "gzip", "snappy", "lz4", "zstd")
# Any: each client types headers as it likes.
RECORDS: list[tuple[bytes | None, bytes | None, list[Any]]] = [
    (b"k", b"value", [("a", b"1"), ("a", None)]),
    (None, b"", []),
    (b"", None, [("é", b"")]),
    (b"k", b"long" * 20_000, []),
]


@pytest.fixture
async def clicks(kafka: str, unique_name: str) -> TopicPartition:
    """Return a partition of this test's own."""
    settings = Settings(kafka=kafka, topic_prefix=f"{unique_name}.", group=unique_name, partitions=1)
    await create_missing_topics(settings)
    return TopicPartition(f"{unique_name}.clicks", 0)


def write_with_confluent(kafka: str, tp: TopicPartition, codec: str) -> None:
    producer = Producer({"bootstrap.servers": kafka, "compression.type": codec, "linger.ms": 100})
    for key, value, headers in RECORDS:
        producer.produce(tp.topic, value, key, partition=0, headers=headers)
    assert producer.flush(10) == 0


def write_transactions(kafka: str, tp: TopicPartition) -> None:
    producer = Producer({"bootstrap.servers": kafka, "transactional.id": tp.topic})
    producer.init_transactions(10)
    for commits in (True, False, True):
        producer.begin_transaction()
        producer.produce(tp.topic, b"committed" if commits else b"aborted", partition=0)
        producer.flush(10)
        if commits:
            producer.commit_transaction(10)
        else:
            producer.abort_transaction(10)


async def write_with_aiokafka(kafka: str, tp: TopicPartition, codec: str) -> None:
    compression = None if codec == "none" else codec
    async with AIOKafkaProducer(
        bootstrap_servers=kafka, compression_type=compression, max_batch_size=1_000_000
    ) as producer:
        batch = producer.create_batch()
        for key, value, headers in RECORDS:
            batch.append(key=key, value=value, timestamp=None, headers=headers)
        await (await producer.send_batch(batch, tp.topic, partition=0))


def plain(records: list[Any]) -> Iterator[Record]:
    for one in records:
        yield Record(one.offset, 1000 * one.timestamp, one.key, one.value, list(one.headers))


async def read_both_ways(kafka: str, tp: TopicPartition) -> tuple[list[Record], list[Record]]:
    """Read all that a partition holds raw, and as aiokafka reads it."""
    ours: list[Record] = []
    theirs: list[Record] = []
    for raw in (True, False):
        async with AIOKafkaConsumer(bootstrap_servers=kafka, isolation_level="read_committed") as consumer:
            consumer.assign([tp])
            end = (await consumer.end_offsets([tp]))[tp]
            consumer.seek(tp, 0)
            fetcher: Any = consumer._fetcher
            if raw:
                fetcher._client = KeepingClient(fetcher._client)
            while await consumer.position(tp) < end:
                if raw:
                    taken = await take_fetched(fetcher, {tp}, 1.0, 1000)
                    ours += [record for item in taken.values() for record in item.records]
                else:
                    found = await consumer.getmany(tp, timeout_ms=1000)
                    theirs += [record for some in found.values() for record in plain(some)]
    return ours, theirs


@pytest.mark.parametrize("codec", CODECS)
async def test_what_other_clients_write_is_read_as_aiokafka_reads_it(
    kafka: str, clicks: TopicPartition, codec: str
) -> None:
    write_with_confluent(kafka, clicks, codec)
    await write_with_aiokafka(kafka, clicks, codec)

    ours, theirs = await read_both_ways(kafka, clicks)

    assert ours == theirs
    assert [record[2:] for record in ours] == RECORDS * 2


async def test_of_transactions_those_that_were_committed_are_read(kafka: str, clicks: TopicPartition) -> None:
    write_transactions(kafka, clicks)

    ours, theirs = await read_both_ways(kafka, clicks)

    assert ours == theirs
    assert [record.value for record in ours] == [b"committed"] * 2
