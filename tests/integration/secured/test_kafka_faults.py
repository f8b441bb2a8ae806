"""Each way in which a broker cannot be used is told by its own sentence, with the remedy."""

import asyncio
import contextlib
import logging
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from commands.main import main
from connections.kafka import KafkaUnavailable, require_kafka
from connections.redis import connect
from connections.topic_admin import create_missing_topics
from connections.topics import input_topics
from models.settings import Settings
from tests.integration.running import producing, register, running, send
from tests.integration.secured.broker import PASSWORD, SecuredKafka

WRONG = "not-this-one"
PROTOCOL = "KPIS_KAFKA_SECURITY_PROTOCOL"
At = Callable[[SecuredKafka], Settings]


@pytest.fixture(autouse=True)
def quiet() -> None:
    """Let aiokafka say nothing, as the commands do."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


def place(kafka: SecuredKafka, listener: str) -> str:
    return f"127.0.0.1:{kafka.ports[listener]}"


def at(listener: str, other_port: str = "", **fields: object) -> At:
    """Settle for a listener, but at another's port, or with other fields."""

    def settle(kafka: SecuredKafka) -> Settings:
        other = {"kafka": place(kafka, other_port)} if other_port else {}
        return kafka.at(listener, **(other | fields))

    return settle


def with_ca(listener: str) -> At:
    return lambda kafka: kafka.at(listener, kafka_ca_file=kafka.certificates.other_ca)


def showing(name: str) -> At:
    return lambda kafka: kafka.at(
        "CLIENTS",
        kafka_cert_file=kafka.certificates.certificate(name),
        kafka_key_file=kafka.certificates.key(name),
    )


@pytest.mark.parametrize(
    "fitting",
    [at("PLAIN"), at("TLS"), at("LOGIN"), at("TLSLOGIN"), at("TLSLOGIN", kafka_sasl_mechanism="PLAIN"),
     showing("client"), lambda kafka: at("PLAIN", kafka=f"127.0.0.1:9,{place(kafka, 'PLAIN')}")(kafka)],
)  # fmt: skip
async def test_what_fits_is_taken(secured: SecuredKafka, fitting: At) -> None:
    await require_kafka(fitting(secured))


CASES = {
    "wrong password": (at("TLSLOGIN", kafka_sasl_password=WRONG),
                       "does not let the user worker in", "KPIS_KAFKA_SASL_PASSWORD"),
    "wrong password, PLAIN": (at("TLSLOGIN", kafka_sasl_password=WRONG, kafka_sasl_mechanism="PLAIN"),
                              "does not let the user worker in", "KPIS_KAFKA_SASL_PASSWORD"),
    "unknown user": (at("LOGIN", kafka_sasl_username="nobody"),
                     "does not let the user nobody in", "KPIS_KAFKA_SASL_USERNAME"),
    "mechanism off": (at("LOGIN", kafka_sasl_mechanism="SCRAM-SHA-256"),
                      "does not offer the SASL mechanism SCRAM-SHA-256, but SCRAM-SHA-512",
                      "KPIS_KAFKA_SASL_MECHANISM"),
    "other CA": (with_ca("TLS"), "a CA that is not trusted here", "KPIS_KAFKA_CA_FILE"),
    "other CA, with a login": (with_ca("TLSLOGIN"), "a CA that is not trusted here", "KPIS_KAFKA_CA_FILE"),
    "no CA": (at("TLS", kafka_ca_file=None), "a CA that is not trusted here", "KPIS_KAFKA_CA_FILE"),
    "other host": (at("ELSEWHERE"), "a certificate of another host", "set KPIS_KAFKA to a name"),
    "expired": (at("EXPIRED"), "a certificate that has expired", "renew it"),
    "no client certificate": (at("CLIENTS"), "ends the TLS handshake", "KPIS_KAFKA_CERT_FILE"),
    "a stranger's certificate": (showing("stranger"), "ends the TLS handshake", "KPIS_KAFKA_CERT_FILE"),
    "plain text to TLS": (at("PLAIN", "TLS"), "speaks TLS only", f"{PROTOCOL} to SSL,"),
    "plain login to TLS": (at("LOGIN", "TLSLOGIN"), "speaks TLS only", f"{PROTOCOL} to SASL_SSL,"),
    "TLS to plain text": (at("TLS", "PLAIN"), "speaks no TLS", f"{PROTOCOL} to PLAINTEXT,"),
    "TLS login to plain": (at("TLSLOGIN", "LOGIN"), "speaks no TLS", f"{PROTOCOL} to SASL_PLAINTEXT,"),
    "login to plain text": (at("LOGIN", "PLAIN"), "takes no login", f"{PROTOCOL} to PLAINTEXT,"),
    "login to TLS": (at("TLSLOGIN", "TLS"), "takes no login", f"{PROTOCOL} to SSL,"),
    "no login": (at("PLAIN", "LOGIN"), "asks for a login (SASL: SCRAM-SHA-512)",
                 f"{PROTOCOL} to SASL_PLAINTEXT,"),
    "no login to TLS": (at("TLS", "TLSLOGIN"), "asks for a login", f"{PROTOCOL} to SASL_SSL,"),
    "unknown name": (at("PLAIN", kafka="kafka.invalid:9092"), "The name kafka.invalid does not resolve",
                     "correct KPIS_KAFKA"),
    "nobody": (at("PLAIN", "NOBODY"), "No Kafka broker answers at", "(connection refused)"),
    "advertised name": (at("UNNAMED"), "sends its clients on to broker.invalid:9092, a name that does not",
                        "advertised.listeners"),
    "advertised port": (at("UNHEARD"), "where no broker answers (connection refused)",
                        "advertised.listeners"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
async def test_each_fault_has_its_sentence_and_its_remedy(secured: SecuredKafka, case: str) -> None:
    wrong, said, remedy = CASES[case]

    with pytest.raises(KafkaUnavailable) as caught:
        await require_kafka(wrong(secured))

    sentence = str(caught.value)
    assert said in sentence
    assert remedy in sentence
    assert PASSWORD not in sentence
    assert WRONG not in sentence


async def test_of_several_servers_the_one_is_told_of_with_which_a_client_comes_furthest(
    secured: SecuredKafka,
) -> None:
    servers = ["kafka.invalid:9092", place(secured, "NOBODY"), place(secured, "LOGIN")]
    with pytest.raises(KafkaUnavailable, match="does not let the user worker in"):
        await require_kafka(secured.at("LOGIN", kafka=",".join(servers), kafka_sasl_password=WRONG))


@pytest.mark.parametrize(
    ("key", "said"),
    [("server", "is not the key of the certificate"), ("encrypted", "holds an encrypted key")],
)
async def test_a_key_that_does_not_open_the_certificate_is_told_of(
    secured: SecuredKafka, key: str, said: str
) -> None:
    certificates = secured.certificates
    certificates.encrypt("client", "encrypted")
    files = {"kafka_cert_file": certificates.certificate("client"), "kafka_key_file": certificates.key(key)}
    with pytest.raises(KafkaUnavailable, match=f"KPIS_KAFKA_KEY_FILE: .* {said}"):
        await require_kafka(secured.at("CLIENTS", **files))


@asynccontextmanager
async def answering(reply: bytes, *, stay: bool) -> AsyncIterator[str]:
    """Listen, answer every connection with the same bytes, and then close it or stay silent."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(reply)
        while stay and await reader.read(1000):
            pass
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1")
    try:
        yield "127.0.0.1:{1}".format(*server.sockets[0].getsockname())
    finally:
        server.close()
        await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    ("reply", "stay", "said"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", False, "is no Kafka"),
        (b"-ERR unknown command\r\n", False, "is no Kafka"),
        (b"", False, "ends the connection at the first request"),
        (b"", True, "takes connections and answers nothing"),
    ],
)
async def test_what_listens_and_is_no_broker_is_told_of(reply: bytes, stay: bool, said: str) -> None:
    async with answering(reply, stay=stay) as address:
        with pytest.raises(KafkaUnavailable, match=said) as caught:
            await require_kafka(Settings(kafka=address))
    assert address in str(caught.value)


@pytest.mark.parametrize("command", [["check"], ["topics", "list"], ["simulate", "--duration", "1s"]])
def test_commands_say_it_and_fail(secured: SecuredKafka, redis_url: str, command: list[str]) -> None:
    environment = {
        "KPIS_KAFKA": place(secured, "LOGIN"),
        PROTOCOL: "SASL_PLAINTEXT",
        "KPIS_KAFKA_SASL_USERNAME": "worker",
        "KPIS_KAFKA_SASL_PASSWORD": WRONG,
        "KPIS_REDIS_URL": redis_url,
    }
    done = CliRunner().invoke(main, command, env=environment)

    assert done.exit_code == 1, done.output
    assert "does not let the user worker in" in done.output
    assert WRONG not in done.output


async def test_a_worker_says_what_is_wrong_and_goes_on_once_it_is_mended_with_every_client_certified(
    secured: SecuredKafka, redis_url: str, unique_name: str, tmp_path: Path
) -> None:
    certificates = secured.certificates
    trusted = tmp_path / "ca.pem"
    own = {"topic_prefix": f"{unique_name}.", "group": unique_name, "partitions": 2}
    own |= {"redis_url": redis_url, "redis_prefix": f"{unique_name}:", "kafka_ca_file": trusted}
    settings = showing("client")(secured).model_copy(update=own)
    plain = secured.at("PLAIN", topic_prefix=f"{unique_name}.", group=unique_name, partitions=2)
    await create_missing_topics(plain)
    shutil.copy(certificates.other_ca, trusted)
    redis = connect(settings)
    await register(settings, redis)

    async with running(settings, redis) as worker, producing(plain) as producer:
        await worker.until(lambda: "a CA that is not trusted here" in worker.worker.readiness().reason)
        shutil.copy(certificates.ca, trusted)
        await worker.ready()
        await send(producer, input_topics(plain)[0], 5)
        await worker.until(lambda: worker.impressions == 5)
    await redis.aclose()
