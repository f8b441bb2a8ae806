"""The options of every Kafka client, and whether a broker answers."""

import asyncio
import ssl
from collections.abc import Coroutine
from typing import Any

from aiokafka import AIOKafkaClient
from aiokafka.errors import KafkaError

from connections.client_certificate import CertificateUnusable, load_certificate
from connections.kafka_fault import find_fault
from models.settings import Settings

_REQUEST_TIMEOUT_MS = 5000
_START_SECONDS = 1.0


class KafkaUnavailable(Exception):
    """No broker can be used; the message says where, why and what to do."""


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
    """Build the TLS context: it trusts the configured CA, or the system's, and shows our certificate, if any.

    Raises:
        KafkaUnavailable: a file cannot be read, or does not hold what it should.

    """
    try:
        context = ssl.create_default_context(cafile=settings.kafka_ca_file)
    except OSError as error:
        reason = error.strerror or error
        raise KafkaUnavailable(
            f"KPIS_KAFKA_CA_FILE: {settings.kafka_ca_file} holds no certificates that can be read ({reason})."
        ) from None
    if settings.kafka_cert_file:
        try:
            load_certificate(context, settings.kafka_cert_file, settings.kafka_key_file)
        except CertificateUnusable as error:
            raise KafkaUnavailable(str(error)) from None
    return context


def password(settings: Settings) -> str | None:
    """Return the SASL password in plain text."""
    return settings.kafka_sasl_password.get_secret_value() if settings.kafka_sasl_password else None


async def require_kafka(settings: Settings) -> None:
    """Make sure that the brokers can be used.

    One of several that is away is none of its business, if that may pass by itself.

    Raises:
        KafkaUnavailable: no broker can be used, or one of them never will; the message says why.

    """
    options = client_options(settings)
    client = AIOKafkaClient(**options, request_timeout_ms=_REQUEST_TIMEOUT_MS)
    try:
        await begin(client.bootstrap())
        brokers = [broker.nodeId for broker in client.cluster.brokers()]
        ready = await asyncio.gather(*(client.ready(broker) for broker in brokers))
    except (KafkaError, OSError, TimeoutError) as error:
        raise await unavailable(settings, f"No Kafka broker answers at {settings.kafka}", error) from None
    finally:
        await client.close()
    if not all(ready):
        fault = await find_fault(options)
        if fault and not (fault.passing and any(ready)):
            raise KafkaUnavailable(fault.sentence)


async def begin(start: Coroutine[Any, Any, None], within: float = _START_SECONDS) -> None:
    """Await the start of a client; where that is cancelled, let it come to its end if that takes no longer.

    aiokafka leaves a connection open whose first answer it does not wait for.
    """
    starting = asyncio.create_task(start)
    try:
        await asyncio.shield(starting)
    except asyncio.CancelledError:
        await asyncio.wait([starting], timeout=within)
        starting.cancel()
        raise


async def unavailable(settings: Settings, what: str, error: Exception) -> KafkaUnavailable:
    """Find out why a client failed; return what to raise, which says `what` where nothing is found.

    Raises:
        KafkaUnavailable: a file of certificates cannot be used.

    """
    fault = await find_fault(client_options(settings))
    if fault:
        return KafkaUnavailable(fault.sentence)
    return KafkaUnavailable(f"{what} ({type(error).__name__}). Is it running? KPIS_KAFKA names it.")
