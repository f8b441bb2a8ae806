"""Addresses in settings: each function returns the text, or raises ValueError with the form it must have."""

import re
from ipaddress import ip_network
from urllib.parse import parse_qs, urlsplit

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.:\[\]-]{1,255}")
_REDIS_FORM = "redis://[USER:PASSWORD@]HOST:PORT/DATABASE, such as redis://127.0.0.1:6379/0"
_REDIS_SCHEMES = ("redis", "rediss", "unix")
_TLS_OPTIONS = ("ca_certs", "ca_path", "certfile", "keyfile", "cert_reqs", "check_hostname")
_REDIS_OPTIONS = frozenset(
    {"db", "username", "password", "client_name", "health_check_interval", "socket_keepalive", "protocol"}
    | {f"ssl_{name}" for name in _TLS_OPTIONS}
)


def address(text: str) -> str:
    """Take HOST:PORT."""
    host, colon, port = text.rpartition(":")
    if not (host and colon and port.isdecimal() and 0 < int(port) < 65536) or set(host) & set("/@ \t"):
        raise ValueError("must be HOST:PORT, such as 127.0.0.1:9092")
    return text


def addresses(text: str) -> str:
    """Take HOST:PORT, comma between several."""
    for part in text.split(","):
        address(part.strip())
    return text


def address_ranges(text: str) -> str:
    """Take addresses and ranges, comma between several."""
    for part in filter(None, (part.strip() for part in text.split(","))):
        try:
            ip_network(part)
        except ValueError:
            raise ValueError("must be addresses or ranges, such as 10.0.0.0/8") from None
    return text


def origins(text: str) -> str:
    """Take origins of web pages, comma between several."""
    for part in filter(None, (part.strip() for part in text.split(","))):
        if not _ORIGIN.fullmatch(part):
            raise ValueError("must be origins such as https://shop.example, comma between several")
    return text


def redis_url(text: str) -> str:
    """Take the URL of a Redis database. No message shows it: it may hold a password."""
    try:
        url = urlsplit(text)
        options = parse_qs(url.query, strict_parsing=bool(url.query))
        somewhere = url.path if url.scheme == "unix" else url.hostname and url.port != 0
    except ValueError:
        raise ValueError(f"must be {_REDIS_FORM}") from None
    if url.scheme not in _REDIS_SCHEMES or not somewhere:
        raise ValueError(f"must be {_REDIS_FORM}; with TLS rediss://, for a socket unix:///PATH")
    database = "" if url.scheme == "unix" else url.path.strip("/")
    if any(number and not number.isdecimal() for number in (database, *options.get("db", ()))):
        raise ValueError(f"must end in the number of a database: {_REDIS_FORM}")
    if unknown := sorted(set(options) - _REDIS_OPTIONS):
        raise ValueError(f"has an unknown option {unknown[0]}; there are {', '.join(sorted(_REDIS_OPTIONS))}")
    return text
