"""Dead letters: what is written beside a refused record, and what is read from it when it is sent again.

The header names are Kafka Connect's, so that tools that read its dead letters read these too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

Headers = Sequence[tuple[str, bytes | None]]

_PREFIX = "__connect.errors."
_TOPIC, _PARTITION, _OFFSET = (_PREFIX + name for name in ("topic", "partition", "offset"))
_REASON, _MESSAGE = _PREFIX + "exception.class.name", _PREFIX + "exception.message"
_SENT_AGAIN = "kpis-reinjected-"
_FROM, _TIMES = _SENT_AGAIN + "from", _SENT_AGAIN + "times"
_OF_WORKERS = re.compile(r"[a-z][a-z_]*", re.ASCII)
"""What reasons look like, in every release. Other tools give the name of a class."""


class Origin(NamedTuple):
    """Where a refused record stands: its topic (with prefix), partition and offset."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter: where it stands itself, when it arrived there (microseconds), and what it holds."""

    place: Origin
    arrival: int
    key: bytes | None
    value: bytes | None
    headers: Headers

    @property
    def reason(self) -> str | None:
        """Why it was refused; None where it does not say."""
        return self._text(_REASON)

    @property
    def message(self) -> str | None:
        """Which field broke which rule; None where it does not say."""
        return self._text(_MESSAGE)

    @property
    def origin(self) -> Origin | None:
        """Where it came from; None where it does not say."""
        topic, partition, offset = map(self._text, (_TOPIC, _PARTITION, _OFFSET))
        if not topic or not (_is_count(partition) and _is_count(offset)):
            return None
        return Origin(topic, int(partition or 0), int(offset or 0))

    @property
    def of_worker(self) -> bool:
        """Whether a worker refused it, and no other tool."""
        return self.origin is not None and _OF_WORKERS.fullmatch(self.reason or "") is not None

    @property
    def times_sent(self) -> int:
        """How often its event was sent again before it was refused."""
        times = self._text(_TIMES)
        return 0 if times is None else max(1, int(times) if _is_count(times) else 1)

    @property
    def own_headers(self) -> Headers:
        """The headers that the record came with."""
        return [(name, value) for name, value in self.headers if not name.startswith((_PREFIX, _SENT_AGAIN))]

    def headers_again(self) -> Headers:
        """Return the headers to send it again with: its own, which letter it was, and how often."""
        times = str(self.times_sent + 1)
        return [*self.own_headers, (_FROM, str(self.place).encode()), (_TIMES, times.encode())]

    def _text(self, name: str) -> str | None:
        """Read the last header of a name: a producer may have sent one of that name before it."""
        values = [value for key, value in self.headers if key == name]
        return values[-1].decode(errors="backslashreplace") if values and values[-1] is not None else None


def error_headers(origin: Origin, reason: str, message: str) -> Headers:
    """Return what a worker adds to the headers of a record that it refuses."""
    ours = {
        _TOPIC: origin.topic,
        _PARTITION: str(origin.partition),
        _OFFSET: str(origin.offset),
        _REASON: reason,
        _MESSAGE: message,
    }
    return [(name, text.encode()) for name, text in ours.items()]


def _is_count(text: str | None) -> bool:
    return text is not None and text.isdecimal() and text.isascii() and len(text) < 20
