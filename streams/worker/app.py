"""Build the Faust app: an agent over the input topics, one over what is forwarded, one table of shards."""

import asyncio
import os
import platform
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import faust
from faust.auth import SASLCredentials, SSLCredentials

from connections.kafka import password, ssl_context
from connections.topics import changelog_topic, dead_letters_topic, forwarded_topic, source_names
from models.settings import Settings
from streams.journal.store import JournalStore, ShardTable
from streams.journal.writer import JournalWriter
from streams.kafka.assignor import CommonAssignor
from streams.kafka.log_access import LogAccess
from streams.kafka.transport import Producer, Transport, bootstrap_urls
from streams.shard.dead_letters import DeadLetter
from streams.shard.forwarding import Outbox
from streams.shard.manager import FLUSH_DEADLINE_SECONDS, ShardManager
from streams.shard.restoring import Restorer
from streams.shard.storing import Storage
from streams.worker.agent import fold_fetched

TABLE = "tallies"
SESSION_SECONDS = 10.0
_MOST_RECORDS_A_FETCH = 5_000
_QUEUED_ITEMS = 16


Owner = Callable[[str], int]
Sent = asyncio.Future[Any]


class App(faust.App):
    """A Faust app on our transport, with the keeper that its consumer asks for positions."""

    keeper: ShardManager
    outbox: Outbox
    sources: tuple[str, ...]

    def _new_transport(self) -> Transport:
        return Transport(self.conf.broker_consumer, self)

    def _new_producer_transport(self) -> Transport:
        return Transport(self.conf.broker_producer, self)

    async def send_record(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None = None,
        headers: Sequence[tuple[str, bytes | None]] = (),
    ) -> Sent:
        """Send a record with the producer itself; give the future of its acknowledgement."""
        producer = cast(Producer, await self.maybe_start_producer())
        return await producer.send_record(topic, key, value, partition, headers)

    def has_unread_partitions(self) -> bool:
        """Tell whether topics have more partitions than they had at the start."""
        counts = (self.consumer.topic_partitions(topic) or 0 for topic in self.sources)
        return any(count > self.conf.topic_partitions for count in counts)


def build_app(settings: Settings, keeper: ShardManager, owner: Owner, partitions: int) -> App:
    """Build a worker's app; nothing is connected until it starts.

    Every name that reaches Kafka is written out: a moved module must not rename a topic.
    """
    app = _configured_app(settings, partitions)
    names = source_names(settings)
    forwarded = forwarded_topic(settings)
    app.sources = tuple(names)
    app.keeper = keeper
    changelog = app.topic(changelog_topic(settings), key_serializer="raw", value_serializer="raw", acks=False)
    # Two records of up to a megabyte wait at most to be read: the default is a thousand.
    table = app.Table(
        TABLE,
        key_type=bytes,
        value_type=bytes,
        partitions=partitions,
        changelog_topic=changelog,
        recovery_buffer_size=2,
        on_recover=keeper.restore,
    )
    for name, topics in {
        "events": [topic for topic in names if topic != forwarded],
        "forwarded": [forwarded],
    }.items():
        source = app.topic(*topics, key_serializer="raw", value_serializer="raw", acks=False)
        app.agent(source, name=name, concurrency=1)(fold_fetched(keeper))
    _connect(app, settings, owner, cast("JournalStore", table.data))
    return app


def _connect(app: App, settings: Settings, owner: Owner, store: JournalStore) -> None:
    """Wire the keeper to where its state comes from and where it goes."""
    changelog, forwarded = changelog_topic(settings), forwarded_topic(settings)
    letters, access = dead_letters_topic(settings), LogAccess(settings)

    async def send(partition: int, kind: bytes, value: bytes) -> Sent:
        return await app.send_record(changelog, kind, value, partition)

    async def forward(shard: int, value: bytes) -> Sent:
        return await app.send_record(forwarded, None, value, shard)

    async def send_letter(letter: DeadLetter) -> Sent:
        return await app.send_record(letters, letter.key, letter.value, headers=letter.headers)

    writer = JournalWriter(
        store,
        send,
        access.starts,
        access.read,
        access.truncate,
        worker=f"{platform.node()}-{os.getpid()}",
        snapshot_bytes=settings.snapshot_bytes,
    )
    outbox = Outbox(forward)
    restorer = Restorer(settings, owner, source_names(settings), store, writer, outbox)
    app.keeper.connect(app, restorer, Storage(writer, outbox, send_letter))
    app.outbox = outbox


def _configured_app(settings: Settings, partitions: int) -> App:
    return App(
        settings.group,
        broker=bootstrap_urls(settings.kafka),
        broker_credentials=_credentials(settings),
        store="memory://",
        Table=ShardTable,
        PartitionAssignor=CommonAssignor,
        topic_partitions=partitions,
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        processing_guarantee="at_least_once",
        consumer_auto_offset_reset="earliest",
        # A topic that was missing while the group rebalanced is left out, with all that go with it, until the
        # metadata are looked at anew: by default 5 minutes, in which the worker seemed a standby.
        consumer_metadata_max_age_ms=10_000,
        broker_session_timeout=SESSION_SECONDS,
        broker_heartbeat_interval=3.0,
        producer_request_timeout=FLUSH_DEADLINE_SECONDS,
        producer_linger_ms=5,
        broker_max_poll_records=_MOST_RECORDS_A_FETCH,
        stream_buffer_maxsize=_QUEUED_ITEMS,
        # Faust's acknowledgements count for nothing here: to wait for them holds up a rebalance, or the end.
        stream_wait_empty=False,
        stream_recovery_delay=0.0,
        web_enabled=False,
        datadir=str(Path(tempfile.gettempdir()) / f"{settings.group}-faust"),
    )


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
