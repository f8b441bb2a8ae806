"""Whether the group still counts on this worker: asked with each commit.

A worker that was frozen, or cut off, does not know that its partitions went to another: until it hears from
the group again both would show the same campaigns. So it shows them only while its last commit, which the
group takes from members alone, is younger than a session.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from faust.types import TP


class Lease:
    """Valid for `seconds` from when the last commit that succeeded was sent; `monotonic` gives seconds."""

    def __init__(self, monotonic: Callable[[], float], seconds: float) -> None:
        self._monotonic = monotonic
        self._seconds = seconds
        self._until = 0.0
        self._joined = 0
        self._asking: asyncio.Task[None] | None = None

    @property
    def holds(self) -> bool:
        """Tell whether the group surely still counts on this worker."""
        return self._monotonic() < self._until

    def end(self) -> None:
        """End: the partitions leave. What the group still says of them is of no interest."""
        self._joined += 1
        self._until = 0.0

    def renew(self, consumer: Any, positions: Mapping[TP, int]) -> None:
        """Commit positions, for lag tools too, unless an earlier commit is still on its way."""
        if positions and (self._asking is None or self._asking.done()):
            self._asking = asyncio.create_task(self._ask(consumer, positions))

    async def _ask(self, consumer: Any, positions: Mapping[TP, int]) -> None:
        joined, until = self._joined, self._monotonic() + self._seconds
        if await consumer.commit_positions(positions) and joined == self._joined:
            self._until = until
