"""HMAC-SHA-256 under one of two secrets, in constant time: both hold while one replaces the other."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable

from pydantic import SecretStr


def mac(secret: SecretStr, message: bytes) -> bytes:
    """Return the HMAC-SHA-256 of a message: 32 bytes."""
    return hmac.digest(secret.get_secret_value().encode(), message, hashlib.sha256)


def is_signed(secrets: Iterable[SecretStr], message: bytes, *given: bytes, size: int = 32) -> bool:
    """Return whether one given is the first `size` bytes of a message's MAC under any of the secrets.

    Every secret is tried, so that time does not tell which one fits, and the message is read once for each:
    a stranger may give a hundred MACs with a large message.
    """
    macs = [mac(secret, message)[:size] for secret in secrets]
    fits = [hmac.compare_digest(one, other) for one in macs for other in given]
    return any(fits)


def is_one_of(secrets: Iterable[SecretStr], given: str) -> bool:
    """Return whether a text is one of the secrets, in a time that does not tell how much of it fits."""
    octets = given.encode("utf-8", "replace")
    fits = [hmac.compare_digest(one.get_secret_value().encode(), octets) for one in secrets]
    return any(fits)


def base64_mac(text: str) -> bytes:
    """Return the MAC that a header holds in base64; empty where it holds none.

    There is one text only for each MAC, as for a signature in any other form.
    """
    try:
        octets = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return octets if base64.b64encode(octets).decode() == text else b""
