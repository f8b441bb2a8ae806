"""Watch the campaign registry in Redis: what it seems to have lost is not believed but written again."""

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
WHOLE_LOOKS = 5
"""So often the document is read, too: it may be gone while its version is there."""


class _LostError(Exception):
    """Redis holds less than it held."""


class RegistryWatch:
    """The newest registry seen; Redis is asked every second.

    A version that is missing or lower than the last one seen, or a document that is gone, is an alarm
    (`loaded_at` stands still, the log says why), never a deletion: what was last read is written again,
    unless Redis holds something newer. A campaign, a card or rates that this release cannot read are an alarm
    too (`current.unreadable`): they go on as last read, and so do all the others as they are now. One that
    does not `restore` never writes: what only reads the registry needs no right to.
    `clock` returns microseconds; `loaded_at` is in Unix seconds.
    """

    def __init__(
        self, redis: "Redis", prefix: str, clock: Callable[[], int], *, restore: bool = True
    ) -> None:
        self.current: Registry | None = None
        self.loaded_at: float | None = None
        self.problem = "the campaign registry was not looked for yet"
        self._redis = redis
        self._prefix = prefix
        self._clock = clock
        self._restores = restore
        self._copy: store.Copy | None = None
        self._looks = 0
        self._worried = False
        self._reported: frozenset[Unreadable] = frozenset()

    async def run(self, on_change: Callable[[Registry], None]) -> None:
        """Look every second until cancelled, and pass on each newer registry."""
        while True:
            if await self.look() and self.current is not None:
                on_change(self.current)
            await asyncio.sleep(POLL_SECONDS)

    async def look(self) -> bool:
        """Look once; return whether a newer registry was found."""
        self._looks += 1
        try:
            newer = await self._read()
        except (_LostError, RegistryCorrupt) as error:
            self._say(f"{error}{await self._restore()}")
        except RedisUnavailable as error:
            self._say(str(error))
        else:
            self.loaded_at = self._clock() / SECOND
            self._say("")
            return newer
        return False

    async def _read(self) -> bool:
        version = await store.version(self._redis, self._prefix)
        known = self._copy
        if version is not None and known and version == known.version and self._looks % WHOLE_LOOKS:
            return False
        found = await store.load_copy(self._redis, self._prefix)
        if found is None:
            raise _LostError("No campaigns are registered: run `kpis campaigns apply FILE`.")
        if known and found.version < known.version:
            raise _LostError(
                f"The campaign registry went back from version {known.version} to {found.version}; the newer "
                "one is kept."
            )
        newer = known is None or found.version != known.version
        if newer:
            self._take(found)
        if version is None and self._restores:
            # The document says all that its version would, but commands and workers ask for that first.
            await store.restore(self._redis, self._prefix, found)
        return newer

    def _take(self, found: store.Copy) -> None:
        self._copy = found
        self.current = keep_known(found.registry, self.current) if self.current else found.registry
        for one in self.current.unreadable:
            if one not in self._reported:
                what_then = consequence(self.current, one)
                log.warning("this release cannot read %s; %s. %s.", one, what_then, one.remedy)
        self._reported = frozenset(self.current.unreadable)

    async def _restore(self) -> str:
        """Write what is known again; say how that went."""
        if self._copy is None or not self._restores:
            return ""
        try:
            if await store.restore(self._redis, self._prefix, self._copy):
                return (
                    f" The registry is written again as this worker knows it, version {self._copy.version}."
                )
        except RedisUnavailable as error:
            return f" It cannot be written again: {error}"
        return ""

    def _say(self, problem: str) -> None:
        if problem and problem != self.problem:
            log.warning(problem)
        elif self._worried and not problem:
            log.warning("The campaign registry can be read again")
        self._worried = bool(problem)
        self.problem = problem
