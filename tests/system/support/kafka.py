"""Kafka from outside: records sent by kcat and confluent-kafka, and read back as Kafka acknowledged them."""

import random
import shutil
import subprocess
import time
from collections.abc import Iterable, Sequence

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewPartitions, NewTopic

from tests.system.support.judging import TYPES, Record
from tests.system.support.traffic import Message as Outgoing

ANY = -1
"""The partition that librdkafka reads as: choose one by the key."""


def send_with_kcat(kafka: str, prefix: str, messages: list[Outgoing]) -> None:
    """Pipe each topic's messages, a line each, key before a tab, into one kcat."""
    kcat = shutil.which("kcat") or shutil.which("kafkacat")
    assert kcat, "kcat is not installed: `apt-get install kcat`"
    for topic in TYPES:
        lines = [(m.key or b"") + b"\t" + m.value + b"\n" for m in messages if m.topic == topic and m.value]
        command = [kcat, "-P", "-b", kafka, "-t", prefix + topic, "-D", "\\n", "-K", "\\t"]
        subprocess.run(command, input=b"".join(lines), check=True, timeout=60)


def fits_kcat(message: Outgoing) -> bool:
    """Return whether a message survives a format of lines and tabs."""
    return (
        bool(message.value)
        and message.partition is None
        and not set(b"\t\n") & set((message.key or b"") + (message.value or b""))
    )


class Sender:
    """A confluent-kafka producer with room for a test, which fails where a record is not acknowledged.

    With `partitions` each record goes to one of these, drawn by chance, whatever its key.
    """

    def __init__(
        self, kafka: str, prefix: str, partitions: Sequence[int] = (), chance: random.Random | None = None
    ) -> None:
        settings = {"bootstrap.servers": kafka, "linger.ms": 20, "enable.idempotence": True}
        self._producer = Producer(settings | {"queue.buffering.max.messages": 1_000_000})
        self._prefix = prefix
        self._partitions = partitions
        self._chance = chance or random.Random(0)
        self._errors: list[KafkaError] = []

    def send(self, messages: Iterable[Outgoing]) -> None:
        """Put messages on their topics."""
        for message in messages:
            self.put(message.topic, message.value, message.key, partition=message.partition)

    def put(
        self,
        topic: str,
        value: bytes | None,
        key: bytes | None = None,
        headers: Sequence[tuple[str, bytes | None]] = (),
        partition: int | None = None,
    ) -> None:
        """Put one record on a topic; on a partition where one is named."""
        drawn = self._chance.choice(self._partitions) if self._partitions else ANY
        self._producer.produce(
            self._prefix + topic,
            value=value,
            key=key,
            headers=list(headers),
            partition=drawn if partition is None else partition,
            on_delivery=self._delivered,
        )
        self._producer.poll(0)

    def flush(self, seconds: float = 60) -> None:
        """Wait for every acknowledgement."""
        missing = self._producer.flush(seconds)
        assert missing == 0, f"Kafka did not acknowledge {missing} records within {seconds:.0f} s"
        assert not self._errors, f"Kafka refused {len(self._errors)} records: {self._errors[0]}"

    def drop(self) -> None:
        """Forget what is not acknowledged yet, and let go of Kafka."""
        self._producer.purge()
        del self._producer

    def _delivered(self, error: KafkaError | None, _: Message) -> None:
        if error is not None:
            self._errors.append(error)


def read_back(kafka: str, prefix: str, topics: Iterable[str] = tuple(TYPES)) -> list[Record]:
    """Read whole topics, up to where they end now."""
    consumer = Consumer(
        {
            "bootstrap.servers": kafka,
            "group.id": f"{prefix}oracle",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
        }
    )
    try:
        return [record for topic in topics for record in _read_topic(consumer, prefix, topic)]
    finally:
        consumer.close()


def _read_topic(consumer: Consumer, prefix: str, topic: str) -> list[Record]:
    metadata = consumer.list_topics(prefix + topic, timeout=10).topics[prefix + topic]
    unread = set(metadata.partitions)
    consumer.assign([TopicPartition(prefix + topic, partition, OFFSET_BEGINNING) for partition in unread])
    records = []
    deadline = time.monotonic() + 60
    while unread:
        assert time.monotonic() < deadline, f"{topic}: {unread} not read to the end within 60 s"
        for message in consumer.consume(5000, timeout=0.2):
            error = message.error()
            if error is None:
                records.append(_record(topic, message))
            elif error.code() == KafkaError._PARTITION_EOF:
                unread.discard(message.partition())
            else:
                raise KafkaException(error)
    return records


def _record(topic: str, message: Message) -> Record:
    headers = message.headers() or []
    assert isinstance(headers, list), "confluent-kafka reads headers as a list"
    return Record(
        topic,
        int(message.partition() or 0),
        int(message.offset() or 0),
        message.timestamp()[1] * 1000,
        message.key(),
        message.value(),
        tuple((name, value.encode() if isinstance(value, str) else value) for name, value in headers),
    )


def create_topics(kafka: str, partitions: dict[str, int]) -> None:
    """Create topics with these numbers of partitions."""
    wanted = [
        NewTopic(topic, num_partitions=number, replication_factor=1) for topic, number in partitions.items()
    ]
    admin = AdminClient({"bootstrap.servers": kafka})
    for created in admin.create_topics(wanted).values():
        created.result(30)


def add_partitions(kafka: str, topics: Iterable[str], partitions: int) -> None:
    """Give topics this many partitions, as `kafka-topics --alter` does."""
    admin = AdminClient({"bootstrap.servers": kafka})
    for added in admin.create_partitions([NewPartitions(topic, partitions) for topic in topics]).values():
        added.result(30)


def delete_topics(kafka: str, start: str) -> None:
    """Delete the topics whose names begin so."""
    admin = AdminClient({"bootstrap.servers": kafka})
    topics = [topic for topic in admin.list_topics(timeout=10).topics if topic.startswith(start)]
    for deleted in admin.delete_topics(topics).values():
        deleted.result(30)
