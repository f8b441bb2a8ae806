"""Build the Faust app: one agent over the four input topics, one table with its changelog."""

import tempfile
from pathlib import Path
from typing import Any

import faust
from faust.auth import SASLCredentials, SSLCredentials

from connections.kafka import password, ssl_context
from connections.topics import changelog_topic
from models.settings import Settings
from models.topics import DEAD_LETTERS, INPUT_TOPICS
from streams.agent import fold_events
from streams.changelog import Changelog
from streams.keeper import FLUSH_DEADLINE_SECONDS, Keeper
from streams.transport import Transport, bootstrap_urls

TABLE = "tallies"


class App(faust.App):
    """A Faust app on our transport, with the keeper that its consumer asks for positions."""

    keeper: Keeper
    sources: tuple[str, ...]

    def _new_transport(self) -> Transport:
        return Transport(self.conf.broker_consumer, self)

    def _new_producer_transport(self) -> Transport:
        return Transport(self.conf.broker_producer, self)


def build_app(settings: Settings, keeper: Keeper, partitions: int) -> App:
    """Build a worker's app; nothing is connected until it starts.

    Every name that reaches Kafka is written out: a moved module must not rename a topic.
    """
    app = _configured_app(settings, partitions)
    app.sources = tuple(settings.topic_prefix + topic for topic in INPUT_TOPICS)
    sources = app.topic(
        *app.sources,
        key_serializer="raw",
        value_serializer="raw",
        acks=False,
    )
    changelog = app.topic(changelog_topic(settings), key_serializer="raw", value_serializer="raw", acks=False)
    table = app.Table(
        TABLE,
        key_type=bytes,
        value_type=bytes,
        partitions=partitions,
        changelog_topic=changelog,
        on_recover=keeper.restore,
    )
    app.agent(sources, name="events", concurrency=1)(fold_events(keeper))
    app.keeper = keeper
    keeper.connect(app, Changelog(app, table, settings.topic_prefix + DEAD_LETTERS))
    return app


def _configured_app(settings: Settings, partitions: int) -> App:
    return App(
        settings.group,
        broker=bootstrap_urls(settings.kafka),
        broker_credentials=_credentials(settings),
        store="memory://",
        topic_partitions=partitions,
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        processing_guarantee="at_least_once",
        consumer_auto_offset_reset="earliest",
        # A topic that was missing while the group rebalanced is left out, with all that go with it, until the
        # metadata are looked at anew: by default 5 minutes, in which the worker seemed a standby.
        consumer_metadata_max_age_ms=10_000,
        broker_session_timeout=10.0,
        broker_heartbeat_interval=3.0,
        producer_request_timeout=FLUSH_DEADLINE_SECONDS,
        producer_linger_ms=5,
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
