"""Whether it is a generation's turn to be active: asked of Redis and of the consumer groups every second.

Invariants:
1. A worker shows its generation only while it takes it for the active one, and only once the consumer groups
   of all former ones have no members. Whoever shows is a member of its group (streams.shard.lease), so no two
   generations are shown.
2. The number in Redis only rises. A missing or lower one is never believed: whoever shows writes it again.
3. It rises to a generation when all its partitions were caught up with the topics for some looks on end.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Protocol

from connections.kafka import KafkaUnavailable
from connections.redis import RedisUnavailable

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
COMPLETE_LOOKS = 5
"""Longer than the lag watch takes to see what workers have forwarded to one another."""


class Counting(Protocol):
    """The worker that counts the generation."""

    @property
    def partitions(self) -> int:
        """How many partitions there are."""

    @property
    def caught_up(self) -> Collection[int]:
        """Those that it holds and that are caught up with the topics."""


class ActiveNumber(Protocol):
    """The active generation's number in Redis (connections.active_generation); all raise RedisUnavailable."""

    async def get(self) -> int | None:
        """Return the active generation; None where Redis holds no number."""

    async def raise_to(self, number: int) -> None:
        """Make a generation the active one, unless a later one is."""

    async def publish(self, number: int, partitions: Iterable[int], /) -> None:
        """Report that partitions of a generation are caught up."""

    async def count_caught_up(self, number: int, partitions: int, /) -> int:
        """Count the partitions of a generation that workers report as caught up."""


class GenerationWatch:
    """One worker's view: its own generation, and the active one as far as it has heard.

    `former_in_use` returns the former generations that still have workers. `count` is the number of
    partitions that were caught up when last counted.
    """

    def __init__(
        self,
        own: int,
        active: int,
        store: ActiveNumber,
        former_in_use: Callable[[], Awaitable[Collection[int]]],
    ) -> None:
        self.own = own
        self.active = active
        self.count = 0
        self._store = store
        self._former_in_use = former_in_use
        self._free = own == 0
        self._complete_looks = 0
        self._problem = ""

    @property
    def superseded(self) -> bool:
        """Whether a later generation is active."""
        return self.active > self.own

    @property
    def shows(self) -> bool:
        """Whether this worker may show what it counts."""
        return self.active == self.own and self._free

    @property
    def rebuilding(self) -> bool:
        """Whether a former generation is active."""
        return self.active < self.own

    async def run(self, worker: Counting) -> None:
        """Look every second, until a later generation is active."""
        while not self.superseded:
            await self.look(worker)
            await asyncio.sleep(POLL_SECONDS)

    async def look(self, worker: Counting) -> None:
        """Look once; a server that is away is asked again the next time."""
        try:
            await self._look_at_redis(worker)
            self._say("")
        except RedisUnavailable as error:
            self._say(str(error))
        if self.active == self.own and not self._free:
            await self._look_at_former()

    async def _look_at_redis(self, worker: Counting) -> None:
        number = await self._store.get()
        self._hear(number)
        if self.superseded or number == self.own:
            return
        if self.shows or await self._is_complete(worker):
            await self._store.raise_to(self.own)
            self._hear(self.own)

    async def _is_complete(self, worker: Counting) -> bool:
        own = worker.caught_up
        await self._store.publish(self.own, own)
        self.count = await self._store.count_caught_up(self.own, worker.partitions)
        # A worker that holds none may not know yet how many there are.
        complete = bool(own) and self.count == worker.partitions
        self._complete_looks = self._complete_looks + 1 if complete else 0
        return self._complete_looks >= COMPLETE_LOOKS

    async def _look_at_former(self) -> None:
        try:
            self._free = not await self._former_in_use()
        except KafkaUnavailable as error:
            self._say(str(error))
        if self._free:
            log.info("the active generation %d shows its KPIs", self.own)

    def _hear(self, number: int | None) -> None:
        if number is not None and number > self.active:
            log.info("generation %d of the state is active now", number)
            self.active = number

    def _say(self, problem: str) -> None:
        if problem and problem != self._problem:
            log.warning(problem)
        self._problem = problem
