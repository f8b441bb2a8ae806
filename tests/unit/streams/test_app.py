"""The app before it starts: its names, its security, the offsets that it takes for missing."""

import pytest
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from connections.kafka import client_options
from connections.topics import changelog_topic, input_topics
from models.campaigns import Registry
from models.settings import Settings
from streams.app import TABLE, App, build_app
from streams.keeper import Keeper
from streams.transport import Consumer, Transport, bootstrap_urls
from tests.unit.streams.faking import Stopped

CLICKS = TP("clicks", 0)


def fail_stop(reason: str) -> None:
    raise Stopped(reason)


def build(**settings: str) -> App:
    named = Settings.model_validate({"group": "team", "topic_prefix": "team.", **settings})
    keeper = Keeper(named, Registry(), lambda: 0, fail_stop)  # type: ignore[arg-type]  # it does not return
    return build_app(named, keeper, 4)


def test_every_name_that_reaches_kafka_is_the_settings() -> None:
    settings = Settings(group="team", topic_prefix="team.")
    app = build()
    (agent,) = app.agents.values()

    assert app.conf.id == "team"
    assert sorted(agent.get_topic_names()) == sorted(input_topics(settings))
    assert app.tables[TABLE].changelog_topic_name == changelog_topic(settings)
    assert list(app.tables.changelog_topics) == [changelog_topic(settings)]
    assert app.conf.topic_allow_declare is False


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


@pytest.fixture
def consumer() -> Consumer:
    """Give a consumer that was not started, with its memory of gaps alone."""
    made = Consumer.__new__(Consumer)
    made._gaps, made._fetched = {}, {}
    return made


def test_a_missing_offset_is_known_by_the_offset_after_it(consumer: Consumer) -> None:
    consumer.note_fetched(CLICKS, 3, [3, 4, 7, 8, 12])

    assert [consumer.gap_start(CLICKS, offset) for offset in (3, 4, 7, 8, 12)] == [3, 4, 5, 8, 9]


def test_offsets_missing_at_the_start_of_a_fetch_are_known(consumer: Consumer) -> None:
    consumer.note_fetched(CLICKS, 3, [6])

    assert consumer.gap_start(TP("clicks", 1), 6) == 6
    assert consumer.gap_start(CLICKS, 6) == 3
    assert consumer.gap_start(CLICKS, 6) == 6, "a gap is judged once"


def test_a_seek_forgets_what_was_fetched_of_its_partitions_alone(consumer: Consumer) -> None:
    other = TP("clicks", 1)
    consumer.forget_fetched([CLICKS, other])
    for tp in (CLICKS, other):
        consumer.note_fetched(tp, 3, [3, 6])

    consumer.forget_fetched([CLICKS])

    assert (consumer.fetched(CLICKS), consumer.fetched(other)) == (0, 7)
    assert (consumer.gap_start(CLICKS, 6), consumer.gap_start(other, 6)) == (6, 4)


def test_before_a_seek_nothing_is_known_of_what_was_fetched(consumer: Consumer) -> None:
    consumer.note_fetched(CLICKS, 3, [3])

    assert consumer.fetched(CLICKS) > 10**18
