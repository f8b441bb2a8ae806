"""What workers write for one another: MessagePack lists that begin with the version of their form."""

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
    try:
        found, *fields = msgspec.msgpack.decode(value or b"", type=list[Any])
    except (msgspec.DecodeError, TypeError, ValueError):
        raise ValueError(f"{what} cannot be read: it is damaged, or of an older release") from None
    if type(found) is not int:
        raise ValueError(f"{what} cannot be read: it begins with no version")
    if found != version:
        raise OtherRelease(f"{what} is of version {found}, this release reads {version}")
    return fields
