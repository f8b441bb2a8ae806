"""Whether the group still counts on this worker: asked with each commit.

A worker that was frozen, or cut off, does not know that its partitions went to another: until it hears from
the group again both would show the same campaigns. So it shows them only while its last commit, which the
group takes from its members alone, is younger than a session.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from models.state.delta import Source
from streams.shard.assignment import Assignment

Commit = Callable[[Mapping[Source, int]], Awaitable[bool]]
"""Commit offsets to the group; return whether it took them."""


class Lease:
    """Valid for `seconds` from when the last commit that succeeded was sent; `monotonic` returns seconds."""

    def __init__(self, commit: Commit, monotonic: Callable[[], float], seconds: float) -> None:
        self._commit = commit
        self._monotonic = monotonic
        self._seconds = seconds
        self._until = 0.0
        self._asking: asyncio.Task[None] | None = None

    @property
    def holds(self) -> bool:
        """Whether the group surely still counts on this worker."""
        return self._monotonic() < self._until

    def end(self) -> None:
        """End, for the partitions leave."""
        self._until = 0.0

    def renew(self, assignment: Assignment, positions: Mapping[Source, int]) -> None:
        """Commit positions, for lag tools too, unless an earlier commit is still on its way."""
        if positions and (self._asking is None or self._asking.done()):
            self._asking = asyncio.create_task(self._ask(assignment, positions))

    async def _ask(self, assignment: Assignment, positions: Mapping[Source, int]) -> None:
        until = self._monotonic() + self._seconds
        if await self._commit(positions) and not assignment.ended:
            self._until = until
