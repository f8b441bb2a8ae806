"""Producers of aiokafka, as the sender's connections."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from connections.kafka import begin, client_options, unavailable
from connections.topic_checks import TopicsMissing
from models.settings import Settings
from models.topics import INPUT_TOPICS
from producers.collector.records import Numbered
from producers.collector.sender import Connect
from producers.refusals import RIGHTS

_START_SECONDS = 5.0
_HAND_OVER_SECONDS = 1.0
_GIVE_UP_SECONDS = 1.0
_BATCH_BYTES = 256 * 1024
_REQUEST_MS = 30_000


class KafkaConnection:
    """A producer that waits for all replicas, and that the broker knows doubles by."""

    def __init__(self, producer: AIOKafkaProducer, prefix: str, partitions: Mapping[str, int]) -> None:
        self.partitions = partitions
        self._producer = producer
        self._prefix = prefix

    async def send(
        self, topic: str, partition: int, records: Sequence[Numbered]
    ) -> "tuple[int, asyncio.Future[object]]":
        """Send as many of the first records as a batch holds; return how many, and what comes of it."""
        batch = self._producer.create_batch()
        taken = 0
        for record in records:
            headers = record.headers()
            if batch.append(timestamp=None, key=record.key, value=record.value, headers=headers) is None:
                break
            taken += 1
        # Whole: it does not linger, and nothing is added to it.
        batch.close()
        async with asyncio.timeout(_HAND_OVER_SECONDS):
            outcome = await self._producer.send_batch(batch, self._prefix + topic, partition=partition)
        return taken, outcome

    def fault(self) -> str:
        """Name the topics that are gone: what is sent there fails only after half a minute."""
        cluster = self._producer.client.cluster
        known = cluster.topics()
        gone = [self._prefix + topic for topic in self.partitions if self._prefix + topic not in known]
        return _missing(gone) if gone else ""

    async def close(self, within: float) -> None:
        """Close it; what it has not delivered within some seconds is given up."""
        await _close(self._producer, within)


def connecting(settings: Settings) -> Connect:
    """Return what connects to Kafka.

    Raises:
        KafkaUnavailable: a file of certificates cannot be used.

    """
    # Told now, to whoever named the file: later it would be a Kafka that is away.
    client_options(settings)
    return partial(_connect, settings)


async def _connect(settings: Settings) -> KafkaConnection:
    """Open a producer.

    Raises:
        KafkaUnavailable: no broker answers, or none lets us produce.
        TopicsMissing: an input topic does not exist.

    """
    producer = AIOKafkaProducer(
        **client_options(settings),
        acks="all",
        enable_idempotence=True,
        compression_type="lz4",
        max_batch_size=_BATCH_BYTES,
        request_timeout_ms=_REQUEST_MS,
    )
    try:
        async with asyncio.timeout(_START_SECONDS):
            await begin(producer.start())
            partitions = await _partitions(producer, settings)
    except (KafkaError, OSError, TimeoutError) as error:
        await _close(producer, 0.0)
        if isinstance(error, RIGHTS):
            raise
        raise await unavailable(settings, f"Kafka at {settings.kafka} cannot be used", error) from None
    except BaseException:
        await _close(producer, 0.0)
        raise
    return KafkaConnection(producer, settings.topic_prefix, partitions)


async def _partitions(producer: AIOKafkaProducer, settings: Settings) -> dict[str, int]:
    """Count the partitions of the input topics; only asking for all topics never creates one."""
    cluster = await producer.client.fetch_all_metadata()
    names = {topic: settings.topic_prefix + topic for topic in INPUT_TOPICS}
    found = {topic: len(cluster.partitions_for_topic(name) or ()) for topic, name in names.items()}
    missing = [names[topic] for topic, count in found.items() if not count]
    if missing:
        raise TopicsMissing(_missing(missing))
    await producer.client.set_topics(list(names.values()))
    return found


def _missing(topics: Sequence[str]) -> str:
    return (
        f"Kafka has no topic {', '.join(topics)}, or does not let the collector see it. "
        "Create what is missing with `kpis topics apply`, or set KPIS_TOPIC_PREFIX."
    )


async def _close(producer: AIOKafkaProducer, within: float) -> None:
    """Stop a producer, at a broker that does not answer, too.

    aiokafka waits for every acknowledgement, for ever, and has no public way to give up.
    """
    with suppress(KafkaError, OSError):
        try:
            async with asyncio.timeout(within):
                await producer.flush()
        except TimeoutError:
            await _give_up(producer)
        else:
            await producer.stop()


async def _give_up(producer: AIOKafkaProducer) -> None:
    producer._closed = True
    task = producer._sender.sender_task
    task.cancel()
    await producer.client.close()
    await asyncio.wait([task], timeout=_GIVE_UP_SECONDS)
