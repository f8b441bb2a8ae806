"""Why no broker can be used: look step by step, as a client does, and name the first step that fails.

aiokafka says the same of a wrong password, a foreign certificate and a name that does not resolve: that it
could not bootstrap. So once it has failed, each server is looked at: its name, the connection, the TLS
handshake, the first request, the login, and the address that each broker gives for itself.
"""

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiokafka.conn import AIOKafkaConnection, collect_hosts
from aiokafka.errors import (
    IllegalSaslStateError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
from aiokafka.protocol.admin import SaslHandShakeRequest
from aiokafka.protocol.metadata import MetadataRequest

from connections.kafka_words import Fault, Found, Place, Words

_PATIENCE_SECONDS = 5.0
_CLOSE_SECONDS = 1.0
# ApiVersions, version 0, correlation 1, no client id: a broker answers it before any login.
_FIRST_REQUEST = struct.pack(">ihhih", 10, 18, 0, 1, -1)
_FIRST_ANSWER = struct.Struct(">ii")
_SIZES = range(1_000_000)
_CUT_OFF = (OSError, EOFError, TimeoutError, KafkaError)


async def find_fault(options: Mapping[str, Any]) -> Fault | None:
    """Say what keeps a client with these options (connections.kafka) from its brokers; None if nothing.

    Of several servers, it is the one with which a client comes furthest that is told of.
    """
    servers = [
        Place(host, port) for host, port, _ in collect_hosts(options["bootstrap_servers"], randomize=False)
    ]
    looked = await asyncio.gather(*(_look(server, options) for server in servers))
    faults = [fault for fault in looked if fault]
    return max(faults, key=lambda fault: fault.step) if len(faults) == len(servers) else None


async def _look(server: Place, options: Mapping[str, Any]) -> Fault | None:
    try:
        brokers = await _Client(server, options).brokers()
        others = (broker for broker in brokers if broker[:2] != server[:2])
        await asyncio.gather(*(_Client(broker, options).log_in() for broker in others))
    except Found as found:
        return found.fault
    return None


class _Client:
    """The steps of a client, in their order; each raises Found with what is wrong."""

    def __init__(self, place: Place, options: Mapping[str, Any]) -> None:
        self._place = place
        self._options = options
        self._words = Words(place, options)
        self._tls: ssl.SSLContext | None = options.get("ssl_context")
        self._unlogged = "SSL" if self._tls else "PLAINTEXT"

    async def brokers(self) -> list[Place]:
        """Take all steps, and return the addresses of the brokers, as they give them."""
        connection = await self.log_in(keep=True)
        assert connection
        try:
            answer = await connection.send(MetadataRequest([]))
        except _CUT_OFF:
            offered = await self._offered_mechanisms()
            raise self._words.asks_for_login(offered) if offered else self._words.hangs_up() from None
        finally:
            await connection.close()
        return [Place(host, port, self._place) for _, host, port, *_ in answer.brokers]

    async def log_in(self, *, keep: bool = False) -> AIOKafkaConnection | None:
        """Take all steps up to the login; return the connection if it is to be kept."""
        await self._resolve()
        await self._reach()
        await self._greet()
        connection = await self._log_in()
        if keep:
            return connection
        await connection.close()
        return None

    async def _resolve(self) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await asyncio.get_running_loop().getaddrinfo(self._place.host, self._place.port)
        except (OSError, UnicodeError, TimeoutError) as error:
            raise self._words.unresolved(error) from None

    async def _reach(self) -> None:
        try:
            async with _opened(self._place, None):
                pass
        except (OSError, TimeoutError) as error:
            raise self._words.unreachable(error, _PATIENCE_SECONDS) from None

    async def _greet(self) -> None:
        """Shake hands, and see that a broker answers the first request."""
        try:
            if not await _greeted(self._place, self._tls):
                raise self._words.no_kafka()
        except ssl.SSLCertVerificationError as error:
            raise self._words.certificate(error) from None
        except _CUT_OFF as error:
            alert = getattr(error, "reason", None) or ""
            if "ALERT" in alert:
                raise self._words.unwelcome(alert) from None
            if self._tls and await _quietly_greeted(self._place, None):
                raise self._words.plain_port() from None
            if not self._tls and await _speaks_tls(self._place):
                raise self._words.tls_port() from None
            silent = isinstance(error, TimeoutError) and not error.errno
            raise self._words.falls_silent() if silent else self._words.hangs_up() from None

    async def _log_in(self) -> AIOKafkaConnection:
        try:
            return await self._connect(self._options["security_protocol"])
        except UnsupportedSaslMechanismError:
            raise self._words.mechanism_off(await self._offered_mechanisms()) from None
        except IllegalSaslStateError:
            raise self._words.no_login_there() from None
        except SaslAuthenticationFailed:
            raise self._words.not_let_in() from None
        except _CUT_OFF as error:
            raise self._words.login_fails(error) from None

    async def _offered_mechanisms(self) -> list[str]:
        """Ask for the SASL mechanisms; none where no login is asked for, or no answer comes."""
        with suppress(*_CUT_OFF):
            connection = await self._connect(self._unlogged)
            try:
                # A name that nobody has: a mechanism that is on would begin a login.
                answer = await connection.send(SaslHandShakeRequest("KPIS"))
                return list(answer.enabled_mechanisms)
            finally:
                await connection.close()
        return []

    async def _connect(self, protocol: str) -> AIOKafkaConnection:
        place, options = self._place, {**self._options, "security_protocol": protocol}
        del options["bootstrap_servers"]
        milliseconds = int(_PATIENCE_SECONDS * 1000)
        connection = AIOKafkaConnection(place.host, place.port, request_timeout_ms=milliseconds, **options)
        try:
            await connection.connect()
        except BaseException:
            # aiokafka has begun to close it, and waits for nothing.
            with suppress(TimeoutError):
                await asyncio.wait_for(connection.close(), _CLOSE_SECONDS)
            raise
        return connection


@asynccontextmanager
async def _opened(
    place: Place, tls: ssl.SSLContext | None
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Open a connection for a block that must not take long."""
    async with asyncio.timeout(_PATIENCE_SECONDS):
        reader, writer = await asyncio.open_connection(place.host, place.port, ssl=tls)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()


async def _greeted(place: Place, tls: ssl.SSLContext | None) -> bool:
    """Send the first request; return whether what answers is a broker."""
    async with _opened(place, tls) as (reader, writer):
        writer.write(_FIRST_REQUEST)
        size, correlation = _FIRST_ANSWER.unpack(await reader.readexactly(_FIRST_ANSWER.size))
        return correlation == 1 and size in _SIZES


async def _quietly_greeted(place: Place, tls: ssl.SSLContext | None) -> bool:
    with suppress(*_CUT_OFF):
        return await _greeted(place, tls)
    return False


async def _speaks_tls(place: Place) -> bool:
    any_certificate = ssl.create_default_context()
    any_certificate.check_hostname = False
    any_certificate.verify_mode = ssl.CERT_NONE
    with suppress(*_CUT_OFF):
        async with _opened(place, any_certificate):
            return True
    return False
