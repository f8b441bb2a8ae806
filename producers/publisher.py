"""Send records to Kafka so that each is acknowledged, or fail and say how far it got."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from functools import partial

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, KafkaTimeoutError

from connections.kafka import client_options, require_kafka
from connections.topic_checks import TopicsMissing
from connections.topics import partition_of
from models.settings import Settings
from models.topics import INPUT_TOPICS
from producers.refusals import in_words

_MAX_IN_FLIGHT = 20_000
_LET_OTHERS_RUN_EVERY = 100
_STALLED_AFTER = 60.0
_CLOSE_WITHIN = 5.0


class DeliveryFailed(Exception):
    """Kafka did not acknowledge everything; the message says why, and the publisher has the counts."""


class Publisher:
    """Sends to the input topics; `acknowledged` counts by topic without prefix. Made by `open_publisher`.

    It fails after `stalled_after` seconds in which acknowledgements were awaited and none came (an idempotent
    producer would try for ever).
    """

    def __init__(
        self, producer: AIOKafkaProducer, partitions: dict[str, int], prefix: str, stalled_after: float
    ) -> None:
        self.acknowledged: Counter[str] = Counter()
        self._producer = producer
        self._partitions = partitions
        self._prefix = prefix
        self._stalled_after = stalled_after
        self._sent = 0
        self._pending: dict[int, object] = {}
        self._progress = asyncio.Event()
        self._last_progress = 0.0
        self._failure = ""

    @property
    def total(self) -> int:
        """Return how many records were acknowledged on all topics."""
        return self.acknowledged.total()

    @property
    def first_unacknowledged(self) -> object | None:
        """Return the position of the earliest record that was sent and not acknowledged, if any."""
        return next(iter(self._pending.values()), None)

    async def send(self, topic: str, key: bytes | None, value: bytes, position: object = None) -> None:
        """Send one record, waiting while too many are in flight. `topic` is without prefix.

        Raises:
            DeliveryFailed: this or an earlier record cannot be delivered.

        """
        if not self._pending:
            self._last_progress = time.monotonic()
        number = self._sent
        self._sent += 1
        self._pending[number] = position
        self._raise_failure()
        future = await self._enqueue(topic, key, value)
        future.add_done_callback(partial(self._settle, number, topic))
        if number % _LET_OTHERS_RUN_EVERY == 0:
            await asyncio.sleep(0)
        if len(self._pending) > _MAX_IN_FLIGHT:
            await self._wait_for_at_most(_MAX_IN_FLIGHT)

    async def flush(self) -> None:
        """Wait until everything that was sent is acknowledged.

        Raises:
            DeliveryFailed: some of it cannot be delivered.

        """
        await self._wait_for_at_most(0)
        self._raise_failure()

    async def _enqueue(self, topic: str, key: bytes | None, value: bytes) -> "asyncio.Future[object]":
        partition = None if key is None else partition_of(key, self._partitions[topic])
        while True:
            try:
                future: asyncio.Future[object] = await self._producer.send(
                    self._prefix + topic, value, key, partition
                )
                return future
            except KafkaTimeoutError:
                self._raise_failure()
            except KafkaError as error:
                self._failure = self._failure or in_words(error, self._prefix + topic)
                self._raise_failure()

    async def _wait_for_at_most(self, in_flight: int) -> None:
        while len(self._pending) > in_flight and not self._failure:
            self._progress.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._progress.wait(), self._stalled_after / 10)
            self._raise_failure()

    def _settle(self, number: int, topic: str, future: "asyncio.Future[object]") -> None:
        if future.cancelled():
            return
        error = future.exception()
        if error is not None:
            self._failure = self._failure or in_words(error, self._prefix + topic)
        else:
            del self._pending[number]
            self.acknowledged[topic] += 1
            self._last_progress = time.monotonic()
        self._progress.set()

    def _raise_failure(self) -> None:
        if self._failure:
            raise DeliveryFailed(self._failure)
        if self._pending and time.monotonic() - self._last_progress > self._stalled_after:
            raise DeliveryFailed(f"Kafka acknowledged nothing for over {self._stalled_after:.0f} s.")


@asynccontextmanager
async def open_publisher(
    settings: Settings, stalled_after: float = _STALLED_AFTER
) -> AsyncIterator[Publisher]:
    """Connect a publisher; when the block ends without an exception, everything sent is acknowledged.

    Raises:
        KafkaUnavailable: no broker answers.
        TopicsMissing: an input topic does not exist.
        DeliveryFailed: the broker accepts no producer, or at the end something cannot be delivered.

    """
    await require_kafka(settings)
    producer = AIOKafkaProducer(
        **client_options(settings),
        acks="all",
        enable_idempotence=True,
        compression_type="lz4",
        linger_ms=10,
        max_batch_size=262_144,
    )
    try:
        await start_producer(producer, stalled_after)
        partitions = await _input_partitions(producer, settings)
        publisher = Publisher(producer, partitions, settings.topic_prefix, stalled_after)
        yield publisher
        await publisher.flush()
    finally:
        await close_producer(producer)


async def start_producer(producer: AIOKafkaProducer, within: float) -> None:
    """Start a producer.

    Raises:
        DeliveryFailed: Kafka does not let it produce, or says nothing for so many seconds.

    """
    try:
        await asyncio.wait_for(producer.start(), within)
    except TimeoutError:
        raise DeliveryFailed(f"Kafka gave no producer id within {within:.0f} s.") from None
    except KafkaError as error:
        raise DeliveryFailed(in_words(error, "")) from error


async def _input_partitions(producer: AIOKafkaProducer, settings: Settings) -> dict[str, int]:
    """Count the partitions of the input topics; only asking for all topics never creates one."""
    cluster = await producer.client.fetch_all_metadata()
    names = {topic: settings.topic_prefix + topic for topic in INPUT_TOPICS}
    found = {topic: len(cluster.partitions_for_topic(name) or ()) for topic, name in names.items()}
    missing = [names[topic] for topic, count in found.items() if not count]
    if missing:
        raise TopicsMissing(_missing_sentence(missing, settings))
    return found


def _missing_sentence(missing: Iterable[str], settings: Settings) -> str:
    return (
        f"The broker at {settings.kafka} has no topic {', '.join(missing)}. "
        "Create what is missing with `kpis topics apply`, or set KPIS_TOPIC_PREFIX."
    )


async def close_producer(producer: AIOKafkaProducer) -> None:
    """Stop the producer without waiting long for a broker that is gone."""
    try:
        await asyncio.wait_for(producer.stop(), _CLOSE_WITHIN)
    except TimeoutError:
        await producer.client.close()
