"""The options of every Kafka client, and whether a broker answers."""

import ssl
from typing import Any

from aiokafka import AIOKafkaClient
from aiokafka.errors import KafkaError

from models.settings import Settings


class KafkaUnavailable(Exception):
    """No broker answers; the message says where and what to do."""


def client_options(settings: Settings) -> dict[str, Any]:
    """Return the options of every aiokafka client: servers and security."""
    options: dict[str, Any] = {
        "bootstrap_servers": settings.kafka,
        "security_protocol": settings.kafka_security_protocol,
    }
    if settings.kafka_security_protocol.endswith("SSL"):
        options["ssl_context"] = ssl_context(settings)
    if settings.kafka_security_protocol.startswith("SASL"):
        options["sasl_mechanism"] = settings.kafka_sasl_mechanism
        options["sasl_plain_username"] = settings.kafka_sasl_username
        options["sasl_plain_password"] = password(settings)
    return options


def ssl_context(settings: Settings) -> ssl.SSLContext:
    """Build the TLS context that trusts the configured CA, or the system's.

    Raises:
        KafkaUnavailable: the CA file cannot be read.

    """
    try:
        return ssl.create_default_context(cafile=settings.kafka_ca_file)
    except OSError as error:
        reason = error.strerror or error
        raise KafkaUnavailable(
            f"KPIS_KAFKA_CA_FILE: {settings.kafka_ca_file} holds no certificates that can be read ({reason})."
        ) from None


def password(settings: Settings) -> str | None:
    """Return the SASL password in plain text."""
    return settings.kafka_sasl_password.get_secret_value() if settings.kafka_sasl_password else None


async def require_kafka(settings: Settings) -> None:
    """Make sure that a broker answers.

    Raises:
        KafkaUnavailable: nothing that speaks Kafka answers at the configured address.

    """
    client = AIOKafkaClient(**client_options(settings), request_timeout_ms=5000)
    try:
        await client.bootstrap()
    except (KafkaError, OSError) as error:
        raise KafkaUnavailable(
            f"No Kafka broker answers at {settings.kafka} ({type(error).__name__}). "
            "Start one (`kpis up` brings its own) or set KPIS_KAFKA."
        ) from error
    finally:
        await client.close()
