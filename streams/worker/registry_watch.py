"""Watch the campaign registry in Redis; never believe it when it seems to have lost something."""

import asyncio
import logging
from collections.abc import Callable

from redis.asyncio import Redis

from connections import registry as store
from connections.redis import RedisUnavailable
from connections.registry import RegistryCorrupt
from models.campaigns.campaign import Registry
from models.times import SECOND

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0


class RegistryWatch:
    """The newest registry seen, looked for every second.

    A version that is missing or lower than the last one seen is an alarm (`loaded_at` stands still, the
    log says why), never a deletion. `clock` gives microseconds; `loaded_at` is Unix seconds.
    """

    def __init__(self, redis: "Redis", prefix: str, clock: Callable[[], int]) -> None:
        self.current: Registry | None = None
        self.loaded_at: float | None = None
        self.problem = "the campaign registry was not looked for yet"
        self._redis = redis
        self._prefix = prefix
        self._clock = clock

    async def run(self, on_change: Callable[[Registry], None]) -> None:
        """Look every second, until cancelled; tell of each registry that is newer."""
        while True:
            if await self.look() and self.current is not None:
                on_change(self.current)
            await asyncio.sleep(POLL_SECONDS)

    async def look(self) -> bool:
        """Look once; tell whether a newer registry was found."""
        try:
            version = await store.version(self._redis, self._prefix)
            if self._is_alarming(version):
                return False
            newer = self.current is None or version != self.current.version
            if newer:
                found = await store.load(self._redis, self._prefix)
                # Redis may have been emptied or restored between the two questions.
                if found is None or self._is_alarming(found.version):
                    return False
                self.current = found
            self.loaded_at = self._clock() / SECOND
            self._say("")
            return newer
        except (RedisUnavailable, RegistryCorrupt) as error:
            self._say(str(error))
            return False

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
