"""What is said of each way in which Redis cannot be used: one sentence with its remedy."""

import os
import re
import socket
import ssl
from collections.abc import Iterator

from redis.exceptions import (
    AuthenticationError,
    AuthenticationWrongNumberOfArgsError,
    BusyLoadingError,
    ClusterError,
    ConnectionError,
    InvalidResponse,
    MasterDownError,
    MovedError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    TimeoutError,
)

_FORM = "redis://USER:PASSWORD@HOST:PORT/0"
_LET_IN = f"Put user and password into KPIS_REDIS_URL: {_FORM}."
_START = "Start it (`kpis up` brings its own) or set KPIS_REDIS_URL."
_PLAIN = "If that port speaks no TLS, write redis:// in KPIS_REDIS_URL."
_TLS = "If that port speaks TLS, write rediss:// in KPIS_REDIS_URL."
_GRANT = "Grant the user in KPIS_REDIS_URL what docs/operations.md lists."
_QUOTED = re.compile(r"^Command # \d+ \(.*\) of pipeline caused error: ", re.DOTALL)
_ASKS_FOR_PASSWORD = ("HELLO must be called", "Authentication required")
_ANSWERS = (
    ((AuthenticationError, AuthenticationWrongNumberOfArgsError), "does not let us in ({0}). " + _LET_IN),
    (BusyLoadingError, "is still loading its data ({0}). Wait until it has."),
    (NoPermissionError, "does not allow it ({0}). " + _GRANT),
    (ReadOnlyError, "is a replica, which takes no writes ({0}). Set KPIS_REDIS_URL to its primary."),
    (OutOfMemoryError, "has no memory left ({0}). Raise its maxmemory, or move what else it holds."),
    (MasterDownError, "is a replica without its primary ({0}). Set KPIS_REDIS_URL to the primary."),
    ((MovedError, ClusterError), "is part of a cluster ({0}). Set KPIS_REDIS_URL to one that is not."),
    (InvalidResponse, "is no Redis: another protocol is spoken there. Correct KPIS_REDIS_URL."),
)  # fmt: skip
_BY_TEXT = {
    "MISCONF": "cannot save its data, and so takes no writes ({0}). See its log and its disk.",
    "NOREPLICAS": "misses its replicas, and so takes no writes ({0}). Start them.",
    "DB index is out of range": "has no such database ({0}). Correct the number in KPIS_REDIS_URL.",
    "max number of clients": "takes no more clients ({0}). Raise its maxclients, or end some.",
}  # fmt: skip


def explain(error: BaseException, where: str, *, tls: bool) -> str:
    """Say what is wrong with the Redis at an address, and what mends it."""
    return f"Redis at {where} {_answer(error) or _on_the_way(error, tls)}"


def _answer(error: BaseException) -> str | None:
    """Say what an error means that Redis itself has answered."""
    text = _text(error)
    for kinds, said in _ANSWERS:
        if isinstance(error, kinds):
            return said.format(text)
    for beginning, said in _BY_TEXT.items():
        if text.startswith(beginning):
            return said.format(text)
    return f"refuses: {text}." if isinstance(error, ResponseError) else None


def _text(error: BaseException) -> str:
    # Of a transaction the client quotes the whole command, and with it the campaigns.
    text = _QUOTED.sub("", str(error)).strip("()',\". ")
    return "it asks for a password" if text.startswith(_ASKS_FOR_PASSWORD) else text


def _on_the_way(error: BaseException, tls: bool) -> str:
    """Say what went wrong before Redis answered."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (
                f"shows a certificate that is refused ({cause.verify_message}). Name its CA in "
                "KPIS_REDIS_URL (rediss://…?ssl_ca_certs=FILE), or correct the certificate."
            )
        if isinstance(cause, ssl.SSLError):
            return f"ends the TLS handshake ({cause.reason}). {_PLAIN}"
        if tls and isinstance(cause, FileNotFoundError | PermissionError | IsADirectoryError):
            return f"cannot be asked: a file that KPIS_REDIS_URL names cannot be read ({cause.strerror})."
        if isinstance(cause, socket.gaierror):
            return f"has a name that does not resolve ({cause.strerror}). Correct KPIS_REDIS_URL."
    numbers = [cause.errno for cause in causes if isinstance(cause, OSError) and cause.errno]
    if numbers or isinstance(error, TimeoutError | OSError):
        reason = os.strerror(numbers[0]) if numbers else "nothing within some seconds"
        return f"does not answer ({reason}). {_START}{f' {_PLAIN}' if tls and not numbers else ''}"
    if isinstance(error, ConnectionError):
        return f"ends the connection unanswered. See its log. {_PLAIN if tls else _TLS}"
    return f"fails: {type(error).__name__} ({_text(error)})."


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
