"""The Faust app: an agent over the input topics, one over what is forwarded, a table of the shards' logs."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

import faust
from aiokafka.errors import KafkaError
from faust.auth import SASLCredentials, SSLCredentials
from faust.types import TP

from connections.group_checks import SESSION_SECONDS
from connections.kafka import password, ssl_context
from connections.topics import changelog_topic, forwarded_topic
from models.settings import Settings
from streams.kafka.assignor import Assignor
from streams.kafka.halt import Halt
from streams.kafka.listener import Listener, LogReader
from streams.kafka.producer import Producer
from streams.kafka.refused import refusal, told
from streams.kafka.sources import SourceNames
from streams.kafka.table import LogTable
from streams.kafka.transport import Consumer, Transport, bootstrap_urls

TABLE = "tallies"
HEARTBEAT_SECONDS = 0.3
REBALANCE_SECONDS = 60.0
"""How long the group waits for a member to join again."""
REQUEST_SECONDS = 120.0
"""How long the producer tries to have a record acknowledged."""
_MOST_RECORDS_A_FETCH = 5_000
_QUEUED_ITEMS = 16
_LEAVE_SECONDS = 3.0


class App(faust.App):
    """A Faust app on our transport. Until `listen` it reads nothing; it sends once it is started."""

    listener: Listener

    def __init__(self, settings: Settings, partitions: int) -> None:
        self.names = SourceNames(settings)
        self.deployment = settings
        self.halt: Halt | None = None
        """What the app has met that must be mended before it can go on."""
        super().__init__(settings.group, **_options(settings, partitions))

    def listen(self, listener: Listener, reader: LogReader) -> None:
        """Read for a listener, and have a reader read the logs; to be called once, before the start.

        Every name that reaches Kafka is written out: a moved module must not rename a topic.
        """
        self.listener = listener
        changelog = changelog_topic(self.deployment)
        # Two records of up to a megabyte wait at most to be read: the default is a thousand.
        self.Table(
            TABLE,
            key_type=bytes,
            value_type=bytes,
            partitions=self.conf.topic_partitions,
            changelog_topic=self._raw_topic(changelog),
            recovery_buffer_size=2,
            listener=listener,
            reader=reader,
        )
        forwarded = forwarded_topic(self.deployment)
        inputs = [topic for topic in self.names.topics if topic != forwarded]
        for name, topics in {"events": inputs, "forwarded": [forwarded]}.items():
            agent = _hand_over_to(listener, self.names)
            self.agent(self._raw_topic(*topics), name=name, concurrency=1)(agent)

    async def log_starts(self, partitions: set[int]) -> dict[int, int]:
        """Return the offsets at which the table's logs start now.

        Raises:
            KafkaError: the broker does not answer.

        """
        topic = changelog_topic(self.deployment)
        found = await self.consumer.earliest_offsets(*(TP(topic, number) for number in partitions))
        return {tp.partition: offset for tp, offset in found.items()}

    async def send_record(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None = None,
        headers: Sequence[tuple[str, bytes | None]] = (),
    ) -> "asyncio.Future[Any]":
        """Send a record with the producer itself; return the future of its acknowledgement.

        Raises:
            RecordRefused: the producer does not take it; the future raises it where the broker does not.

        """
        producer = cast(Producer, await self.maybe_start_producer())
        size = len(key or b"") + len(value or b"")
        try:
            sent = await producer.send_record(topic, key, value, partition, headers)
        except KafkaError as error:
            raise refusal(self.deployment, topic, size, error) or error from None
        return told(sent, lambda error: refusal(self.deployment, topic, size, error))

    async def stop(self) -> None:
        """Leave the group first, so that others take over while the rest of this stops."""
        if self._member is not None:
            self.listener.leave()
            with contextlib.suppress(KafkaError, RuntimeError, TimeoutError):  # Its loop may have ended.
                async with asyncio.timeout(_LEAVE_SECONDS):
                    await self._member.leave_group()
        await super().stop()

    def has_unread_partitions(self) -> bool:
        """Return whether topics have more partitions than they had at the start."""
        counts = (self.consumer.topic_partitions(topic) or 0 for topic in self.names.topics)
        return any(count > self.conf.topic_partitions for count in counts)

    @property
    def coordinates(self) -> bool:
        """Whether the worker would hear of a rebalance; True before it has begun to."""
        return self._member is None or self._member.coordinates

    @property
    def joined(self) -> bool:
        """Whether the worker is a member of the group."""
        return self._member is not None and self._member.joined

    @property
    def refusal(self) -> str:
        """The error that kept the worker out of the group when it last tried; empty for none."""
        return self._member.refusal if self._member else ""

    @property
    def _member(self) -> Consumer | None:
        return cast("Consumer | None", self._consumer)

    def _create_directories(self) -> None:
        """Make none: the state is in memory and in Kafka, and a worker may have no place to write to."""

    def _raw_topic(self, *names: str) -> Any:
        return self.topic(*names, key_serializer="raw", value_serializer="raw", acks=False)

    def _new_transport(self) -> Transport:
        return Transport(self.conf.broker_consumer, self)

    def _new_producer_transport(self) -> Transport:
        return Transport(self.conf.broker_producer, self)


def _hand_over_to(listener: Listener, names: SourceNames) -> Callable[[Any], Awaitable[None]]:
    """Make the agents' body: it hands what was fetched to a listener, in the order of its partition.

    Nothing may escape it: Faust goes on behind an item whose handler raised. What is wrong with a record is a
    refusal, decided by the shard's state; anything else is a defect of ours, and the listener stops the
    worker.
    """

    async def accept(stream: Any) -> None:
        async for event in stream.events():
            await listener.wait_for_room()
            message = event.message
            listener.accept(names.source(message.tp), message.fetched)

    return accept


def _options(settings: Settings, partitions: int) -> dict[str, Any]:
    return {
        "broker": bootstrap_urls(settings.kafka),
        "broker_credentials": _credentials(settings),
        "store": "memory://",
        "Table": LogTable,
        "PartitionAssignor": Assignor,
        "topic_partitions": partitions,
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "table_standby_replicas": 0,
        "processing_guarantee": "at_least_once",
        "consumer_auto_offset_reset": "earliest",
        "consumer_group_instance_id": settings.instance or None,
        # A topic that was missing while the group rebalanced is left out, with all that go with it, until the
        # metadata are refreshed: by default 5 minutes, in which the worker would seem a standby.
        "consumer_metadata_max_age_ms": 10_000,
        "broker_session_timeout": SESSION_SECONDS,
        # Workers hear of a rebalance by their heartbeats, and the last that hears of it holds up all others.
        "broker_heartbeat_interval": HEARTBEAT_SECONDS,
        "broker_rebalance_timeout": REBALANCE_SECONDS,
        "producer_request_timeout": REQUEST_SECONDS,
        "producer_linger_ms": 5,
        "broker_max_poll_records": _MOST_RECORDS_A_FETCH,
        "stream_buffer_maxsize": _QUEUED_ITEMS,
        # Faust's acknowledgements count for nothing here: waiting for them holds up a rebalance, or the end.
        "stream_wait_empty": False,
        "stream_recovery_delay": 0.0,
        "web_enabled": False,
    }


def _credentials(settings: Settings) -> Any:
    secured = settings.kafka_security_protocol.endswith("SSL")
    context = ssl_context(settings) if secured else None
    if settings.kafka_security_protocol.startswith("SASL"):
        return SASLCredentials(
            username=settings.kafka_sasl_username,
            password=password(settings),
            ssl_context=context,
            mechanism=settings.kafka_sasl_mechanism,
        )
    return SSLCredentials(context) if secured else None
