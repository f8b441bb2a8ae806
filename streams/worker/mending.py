"""What halts a worker, and how long it waits: until what is stored can be used again."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Any

from aiokafka.errors import KafkaError

from connections.kafka import KafkaUnavailable
from connections.topic_admin import describe_topics
from models.settings import Settings
from models.times import SECOND
from streams.kafka.halt import Halt
from streams.kafka.sources import EndOffsets, SourceNames
from streams.worker.wiring import Parts

log = logging.getLogger(__name__)

_FIRST_LOOK_SECONDS = 5.0
_LATER_LOOKS_SECONDS = 60.0
_TRY_SECONDS = 120.0
_OVER_AFTER_SECONDS = 60


def require_no_halt(parts: Parts, background: Iterable["asyncio.Task[Any]"]) -> None:
    """Raise what halts a worker.

    Raises:
        Halt: something must be mended before it can go on.

    """
    failed = [task.exception() for task in background if task.done() and not task.cancelled()]
    for problem in (parts.manager.halt, parts.app.halt, parts.app.crash_reason, *failed):
        if isinstance(problem, Halt):
            raise problem


class Mending:
    """What halts a worker, logged once; `reason` is empty while nothing does.

    It is over when the worker has run for a minute: until then the same may only not be met again yet.
    """

    def __init__(self, settings: Settings) -> None:
        self.reason = ""
        self._settings = settings
        self._delay = _FIRST_LOOK_SECONDS
        self._running_since: int | None = None

    def over(self, now: int) -> None:
        """Hear that the worker runs; `now` is in microseconds."""
        if self._running_since is None:
            self._running_since = now
        if self.reason and now - self._running_since >= _OVER_AFTER_SECONDS * SECOND:
            log.warning("mended: %s", self.reason)
            self.reason, self._delay = "", _FIRST_LOOK_SECONDS

    def begin(self, problem: Exception) -> None:
        """Say what halts the worker, once."""
        self._running_since = None
        if str(problem) != self.reason:
            self.reason, self._delay = str(problem), _FIRST_LOOK_SECONDS
            log.error("%s This worker waits until that is mended.", problem)

    async def wait(self, parts: Parts, halt: Halt, clock: Callable[[], int]) -> None:
        """Wait until what is stored can be used, and where that is not in doubt, for a while."""
        mended = False
        while not mended:
            await asyncio.sleep(self._delay)
            self._delay = min(2 * self._delay, _LATER_LOOKS_SECONDS)
            mended = await self._is_mended(parts, halt, clock())

    async def _is_mended(self, parts: Parts, halt: Halt, now: int) -> bool:
        names = SourceNames(self._settings)
        ends = EndOffsets.open(self._settings)
        try:
            async with asyncio.timeout(_TRY_SECONDS):
                if not all(topic.partitions for topic in await describe_topics(self._settings)):
                    return True  # What is missing is made, or named, before anything is read of it.
                for number in sorted(halt.partitions):
                    sources = [names.source(tp) for tp in names.partitions(number)]
                    found = await ends.ask(sources)
                    bounds = {source: (0, end.log) for source, end in found.items()}
                    await parts.restorer.try_state(number, parts.manager.registry, bounds, now)
        except (Halt, KafkaUnavailable, KafkaError, OSError, TimeoutError):
            return False
        finally:
            await ends.close()
        return True
