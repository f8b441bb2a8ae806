"""How long a connection may take: for its request, between requests, and to read an answer.

Plain rules on plain figures; the door looks at each connection and closes what is overdue.
"""

from dataclasses import dataclass
from typing import Literal

Stage = Literal["asking", "idle", "reading", "answered for"]

_JUST_NOW = 1.0
READING = 2
"""The rank of those that read an answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What clients may take. Times are seconds, sizes bytes.

    `request`: from connecting, or the first byte of a request, to the end of its head, which comes within
    `head` bytes, what is read ahead (400 kB) included. `idle`: between requests.
    `stalled`: without reading anything of an answer; after that time whoever reads has read at least `rate`
    a second. `unread`: what answers that wait to be read may hold together before one more is made.
    """

    connections: int = 100
    request: float = 10.0
    head: int = 500_000
    idle: float = 90.0
    stalled: float = 30.0
    rate: int = 32_000
    unread: int = 256_000_000
    look_every: float = 1.0


@dataclass(slots=True)
class Progress:
    """How far a connection is, at times of the door's own clock."""

    since: float
    stage: Stage = "asking"
    asked: int = 0
    unread: int = 0
    taken: int = 0
    taken_at: float = 0.0

    def began(self, now: float) -> None:
        """Note that a request is there, and is being answered."""
        self.stage, self.since = "answered for", now

    def ended(self, now: float) -> None:
        """Note that the answer is written, if not yet read."""
        self.stage, self.since = "idle", now

    def received(self, now: float, size: int) -> None:
        """Note that so many bytes came in: after an answer they begin a request."""
        if self.stage == "idle":
            self.stage, self.since, self.asked = "asking", now, 0
        self.asked += size

    def look(self, unread: int, now: float) -> None:
        """Note how much of what was written is not read yet."""
        if unread and not self.unread:
            self.taken, self.taken_at, self.since = 0, now, now
        elif unread < self.unread:
            self.taken, self.taken_at = self.taken + self.unread - unread, now
        if self.unread and not unread:
            self.since = now
        self.unread = unread

    def is_overdue(self, limits: Limits, now: float) -> bool:
        """Return whether the connection had all the time that it may take."""
        if self.unread:
            took = now - self.since
            stalled = now - self.taken_at > limits.stalled
            return stalled or (took > limits.stalled and self.taken < limits.rate * took)
        patience = {"asking": limits.request, "idle": limits.idle}.get(self.stage)
        return patience is not None and now - self.since > patience

    def worth(self, now: float) -> tuple[int, float] | None:
        """Rank a connection that may give way to another, the lowest first; None for one that may not.

        First go those that have asked nothing, the oldest first; then those between requests; then whoever
        reads an answer the slowest; at last those who came just now, for they will ask.
        """
        took = now - self.since
        if self.unread:
            return (READING, self.taken / took) if took > 0 else None
        if self.stage == "asking":
            return (0 if took > _JUST_NOW else 3), self.since
        return (1, self.since) if self.stage == "idle" else None
