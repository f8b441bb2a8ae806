"""The app before it starts: its names, its security, and how a producer of ours sends."""

import asyncio
from types import SimpleNamespace
from typing import Any

import faust
import pytest
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from connections.kafka import client_options
from connections.topics import changelog_topic, forwarded_topic, input_topics
from models.settings import Settings
from models.state.delta import Source
from streams.kafka.app import TABLE, App
from streams.kafka.fetched import Fetched
from streams.kafka.producer import Producer
from streams.kafka.shares import Holding
from streams.kafka.table import LogStore, LogTable
from streams.kafka.transport import Transport, bootstrap_urls


class Nobody:
    """Listens to an app, and holds nothing; as a reader it reads nothing."""

    def __init__(self) -> None:
        self.claimed: list[set[int]] = []

    async def release(self, *, member: bool) -> None: ...

    def holding(self, *, member: bool) -> Holding:
        return Holding((), member)

    async def keep(self, partitions: set[int]) -> None: ...

    async def replaced(self) -> None: ...

    def leave(self) -> None: ...

    behind = False

    async def claim(self, partitions: set[int]) -> None:
        self.claimed.append(partitions)

    async def restore(self) -> None: ...

    def positions(self) -> dict[Source, int]:
        return {}

    async def wait_for_room(self) -> None: ...

    def accept(self, source: Source, fetched: Fetched) -> None: ...

    def read(self, partition: int, offset: int, value: bytes) -> None: ...

    def next_offset(self, _: int) -> int:
        return 0


def build(**settings: str) -> App:
    return listening(Nobody(), **settings)


def listening(listener: Nobody, **settings: str) -> App:
    named = Settings.model_validate({"group": "team", "topic_prefix": "team.", **settings})
    app = App(named, 4)
    app.listen(listener, listener)
    return app


def test_every_name_that_reaches_kafka_is_the_settings() -> None:
    settings = Settings(group="team", topic_prefix="team.")
    app = build()
    read = {name: agent.get_topic_names() for name, agent in app.agents.items()}

    assert app.conf.id == "team"
    assert {name.split(".")[-1]: sorted(topics) for name, topics in read.items()} == {
        "events": sorted(input_topics(settings)),
        "forwarded": [forwarded_topic(settings)],
    }
    assert app.names.topics == (*input_topics(settings), forwarded_topic(settings))
    table = app.tables[TABLE]
    assert isinstance(table, LogTable)
    assert table.changelog_topic_name == changelog_topic(settings)
    assert list(app.tables.changelog_topics) == [changelog_topic(settings)]
    assert app.conf.topic_allow_declare is False


def test_it_makes_no_directories_where_a_worker_may_have_none() -> None:
    assert "_create_directories" in vars(faust.App), "Faust calls it when it starts"
    assert "_create_directories" in vars(App)


def test_its_table_is_one_of_journals_and_keeps_no_megabytes_to_be_read() -> None:
    table = build().tables[TABLE]

    assert isinstance(table, LogTable)
    assert isinstance(table.data, LogStore)
    assert (table.recovery_buffer_size, table.partitions) == (2, 4)


async def test_the_partitions_of_its_table_are_claimed_when_they_are_assigned() -> None:
    listener = Nobody()
    assigned = {TP(name, number) for name in ("team-tallies-changelog", "team.clicks") for number in (1, 3)}
    table = listening(listener).tables[TABLE]
    await table.on_rebalance(assigned, set(), assigned, 1)

    assert listener.claimed == [{1, 3}]


def test_it_runs_on_our_transport_to_all_brokers() -> None:
    app = build(kafka="a:9092, b:9093")

    assert isinstance(app.transport, Transport)
    assert [f"{url.host}:{url.port}" for url in app.conf.broker] == ["a:9092", "b:9093"]
    assert list(bootstrap_urls("[::1]:9092")) == ["kafka://[::1]:9092"]


@pytest.mark.parametrize("protocol", ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"])
@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_the_driver_is_secured_as_every_other_client(protocol: str, mechanism: str) -> None:
    settings = {
        "kafka_security_protocol": protocol,
        "kafka_sasl_username": "kpis",
        "kafka_sasl_password": "hush",
        "kafka_sasl_mechanism": mechanism,
    }
    credentials = build(**settings).conf.broker_credentials
    given = driver.credentials_to_aiokafka_auth(credentials)
    others = client_options(Settings.model_validate(settings))

    names = {"security_protocol", "sasl_mechanism", "sasl_plain_username", "sasl_plain_password"}
    assert {name: given[name] for name in names & given.keys()} == {
        name: others[name] for name in names & others.keys()
    }
    assert (given.get("ssl_context") is None) == ("ssl_context" not in others)
    assert "hush" not in repr(credentials)


class Kafka:
    """aiokafka's producer, which tells what it was given."""

    def __init__(self) -> None:
        self.sent: list[tuple[Any, ...]] = []

    async def send(self, *given: Any, headers: Any) -> str:
        self.sent.append((*given, headers))
        return "future"

    def create_batch(self) -> Any:
        return SimpleNamespace(append=lambda **given: self.sent.append(tuple(given.items())))

    async def partitions_for(self, _: str) -> set[int]:
        return {2, 1}

    async def send_batch(self, _: Any, topic: str, partition: int) -> str:
        self.sent.append((topic, partition))
        return "future"


@pytest.fixture
def kafka() -> Kafka:
    return Kafka()


class OfKafka(Producer):
    """A producer of ours on such a one of aiokafka."""

    def __init__(self, kafka: Kafka) -> None:
        self.kafka = kafka

    def _ensure_producer(self) -> Any:
        return self.kafka


def send(kafka: Kafka, *given: Any, **options: Any) -> Any:
    return asyncio.run(OfKafka(kafka).send_record(*given, **options))


def test_a_record_is_sent_as_it_is(kafka: Kafka) -> None:
    assert send(kafka, "log", b"k", None, 3, headers=(("a", b"1"),)) == "future"
    assert kafka.sent == [("log", None, b"k", 3, [("a", b"1")])]


def test_a_record_of_nothing_is_sent_all_the_same(kafka: Kafka) -> None:
    assert send(kafka, "letters", None, None, headers=[("a", None)]) == "future"
    assert kafka.sent == [
        (("key", None), ("value", None), ("timestamp", None), ("headers", [("a", None)])),
        ("letters", 1),
    ]


def test_a_producer_of_ours_waits_for_all_replicas_and_doubles_nothing() -> None:
    settings = Producer.__new__(Producer)._settings_extra()

    assert (settings["acks"], settings["enable_idempotence"]) == ("all", True)
