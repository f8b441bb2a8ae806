"""Watch the campaign registry in Redis, and never believe it when it seems to have lost something."""

import asyncio
import logging
from collections.abc import Callable

from redis.asyncio import Redis

from connections import registry as store
from connections.redis import RedisUnavailable
from connections.registry import RegistryCorrupt
from models.campaigns.document import consequence, keep_known
from models.campaigns.registry import Registry, Unreadable
from models.times import SECOND

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0


class RegistryWatch:
    """The newest registry seen; Redis is asked every second.

    A version that is missing or lower than the last one seen is an alarm (`loaded_at` stands still, the log
    says why), never a deletion. A campaign, a card or rates that this release cannot read are an alarm too
    (`current.unreadable`): they go on as last read, and so do all the others as they are now.
    `clock` returns microseconds; `loaded_at` is in Unix seconds.
    """

    def __init__(self, redis: "Redis", prefix: str, clock: Callable[[], int]) -> None:
        self.current: Registry | None = None
        self.loaded_at: float | None = None
        self.problem = "the campaign registry was not looked for yet"
        self._redis = redis
        self._prefix = prefix
        self._clock = clock
        self._reported: frozenset[Unreadable] = frozenset()

    async def run(self, on_change: Callable[[Registry], None]) -> None:
        """Look every second until cancelled, and pass on each newer registry."""
        while True:
            if await self.look() and self.current is not None:
                on_change(self.current)
            await asyncio.sleep(POLL_SECONDS)

    async def look(self) -> bool:
        """Look once; return whether a newer registry was found."""
        try:
            version = await store.version(self._redis, self._prefix)
            if self._is_alarming(version):
                return False
            newer = self.current is None or version != self.current.version
            if newer:
                found = await store.load(self._redis, self._prefix)
                # Redis may have been emptied or restored between the two requests.
                if found is None or self._is_alarming(found.version):
                    return False
                self.current = keep_known(found, self.current) if self.current else found
                self._report(self.current)
            self.loaded_at = self._clock() / SECOND
            self._say("")
            return newer
        except (RedisUnavailable, RegistryCorrupt) as error:
            self._say(str(error))
            return False

    def _report(self, registry: Registry) -> None:
        for one in registry.unreadable:
            if one not in self._reported:
                log.warning(
                    "this release cannot read %s; %s. %s.", one, consequence(registry, one), one.remedy
                )
        self._reported = frozenset(registry.unreadable)

    def _is_alarming(self, version: int | None) -> bool:
        if version is None:
            self._say("No campaigns are registered: run `kpis campaigns apply FILE`.")
        elif self.current is not None and version < self.current.version:
            self._say(
                f"The campaign registry went back from version {self.current.version} to {version}; "
                "the newer one is kept. Apply the campaign files again."
            )
        else:
            return False
        return True

    def _say(self, problem: str) -> None:
        if problem and problem != self.problem:
            log.warning(problem)
        self.problem = problem
