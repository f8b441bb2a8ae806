"""Whether the group still counts on this worker: asked with each commit, and with heartbeats of our own.

A worker that was frozen, or cut off, does not know that its partitions went to another: until it hears from
the group again both would show the same campaigns. So it shows them only while it was sure within a session
to be a member: the group goes on without a member only a session after it last answered it.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping

from models.state.delta import Source

Commit = Callable[[Mapping[Source, int]], Awaitable[bool]]
"""Commit offsets to the group; return whether it took them, which it does from members alone."""
Confirm = Callable[[], Awaitable[bool]]
"""Ask the group whether this worker is a member of its current generation."""


class Lease:
    """Valid for `seconds` from when the last question was sent that the group affirmed.

    Not before `at_first` seconds from the first affirmation, and `after` seconds where it has ended since: a
    worker that takes the place of one of its own name waits until that one, should it live, has heard of it
    or may show no more. `monotonic` returns seconds.
    """

    def __init__(
        self,
        commit: Commit,
        confirm: Confirm,
        monotonic: Callable[[], float],
        seconds: float,
        at_first: float = 0.0,
        after: float = 0.0,
    ) -> None:
        self._commit = commit
        self._confirm = confirm
        self.monotonic = monotonic
        self._seconds = seconds
        self._wait = at_first
        self._after = after
        self._from = math.inf
        self._until = 0.0
        self._term = 0
        self._asking: asyncio.Task[None] | None = None

    @property
    def holds(self) -> bool:
        """Whether the group surely still counts on this worker."""
        return self._from <= self.monotonic() < self._until

    @property
    def waits(self) -> bool:
        """Whether the group has affirmed it, and another of its name may still show what it holds."""
        return self.monotonic() < self._from < math.inf

    def end(self) -> None:
        """End, for this worker left the group or was put out; answers to come are of no interest."""
        if self._from <= self.monotonic():
            self._wait = self._after
        self._from, self._until = math.inf, 0.0
        self._term += 1

    def renew(self, positions: Mapping[Source, int]) -> None:
        """Commit positions, for lag tools too, or just ask; unless an earlier question is on its way."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask(positions))

    async def _ask(self, positions: Mapping[Source, int]) -> None:
        until, term = self.monotonic() + self._seconds, self._term
        affirmed = await (self._commit(positions) if positions else self._confirm())
        if affirmed and term == self._term:
            self._from = min(self._from, self.monotonic() + self._wait)
            self._until = until
