"""What workers write for one another: MessagePack lists that begin with the version of their form."""

from collections.abc import Collection
from typing import Any

import msgspec


class OtherRelease(ValueError):
    """A record has a version that this release does not read; the message names both."""


def encode_fields(version: int, *fields: Any) -> bytes:
    """Encode fields behind their version."""
    return msgspec.msgpack.encode([version, *fields])


def decode_fields(value: bytes | None, version: int, what: str) -> list[Any]:
    """Decode the fields behind the version; `what` names the record in messages.

    Raises:
        OtherRelease: it has another version.
        ValueError: it is damaged, or has no version.

    """
    return decode_versioned(value, (version,), what)[1]


def decode_versioned(value: bytes | None, versions: Collection[int], what: str) -> tuple[int, list[Any]]:
    """Decode a version that is among those given, and the fields behind it; `what` names the record.

    Raises:
        OtherRelease: it has another version.
        ValueError: it is damaged, or has no version.

    """
    try:
        found, *fields = msgspec.msgpack.decode(value or b"", type=list[Any])
    except (msgspec.DecodeError, TypeError, ValueError):
        raise ValueError(f"{what} cannot be read: it is damaged, or of an older release") from None
    if type(found) is not int:
        raise ValueError(f"{what} cannot be read: it begins with no version")
    if found not in versions:
        raise OtherRelease(f"{what} is of version {found}, this release reads {max(versions)}")
    return found, fields
