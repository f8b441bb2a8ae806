"""A request as translators see it, without any server's types, and what they make of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request whose size is within the limits.

    `query` has the decoded parameters in their order, those of a form's body after them; the names of
    `headers` are in lower case; `body` is decompressed; `now` is in microseconds since 1970.
    """

    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    now: int


@dataclass(frozen=True, slots=True)
class Translated:
    """What a request says: events of ours as JSON has them, not judged yet.

    `notes` are counted beside: `conflict`, `unknown_code`, `no_campaign`, `ignored_topic` …
    """

    events: tuple[dict[str, Any], ...]
    notes: tuple[str, ...] = ()


class NotAccepted(Exception):
    """A request that no event comes of: the answer's status, a reason that is counted, and which field."""

    def __init__(self, status: int, reason: str, field: str | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.field = field


class TryLater(NotAccepted):
    """A request that may be accepted after some seconds."""

    def __init__(self, status: int, reason: str, seconds: int = 10) -> None:
        super().__init__(status, reason)
        self.seconds = max(1, seconds)
