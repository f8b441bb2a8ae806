"""Shorten journals that have become long, by snapshots."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import NoReturn

from models.state.compaction import compact
from models.times import HOUR
from streams.journal.writer import JournalWriter, NotMade
from streams.shard.assignment import Assignment

log = logging.getLogger(__name__)


class Snapshots:
    """Writes one snapshot at a time; `clock` returns microseconds.

    Beside the flushes: a large snapshot takes longer than the group waits to hear of us. One that cannot be
    made is tried again an hour later: the deltas hold all that it would, and a worker that ended itself for
    it would do so at each start.
    """

    def __init__(
        self, writer: JournalWriter, clock: Callable[[], int], fail_stop: Callable[[str], NoReturn]
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._fail_stop = fail_stop
        self._writing: asyncio.Task[None] | None = None
        self._put_off: dict[int, int] = {}

    def look(self, assignment: Assignment) -> None:
        """Begin a snapshot if one is due and none is being written."""
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self.write(assignment))

    async def write(self, assignment: Assignment) -> None:
        """Write a snapshot of the first shard whose journal is long."""
        for number, shard in assignment.shards.items():
            # Compacting forgets ids of which a partition that is still behind may have copies.
            due = self._clock() >= self._put_off.get(number, 0)
            if due and shard.live and self._writer.is_long(number):
                await self._shorten(number, assignment, shard.state.duplicates.capacity)
                return

    async def _shorten(self, number: int, assignment: Assignment, ids: int) -> None:
        try:
            await self._writer.shorten(number, partial(compact, now=self._clock(), most_ids=ids))
        except NotMade:
            log.exception("no snapshot of partition %d can be made; its journal grows meanwhile", number)
            self._put_off[number] = self._clock() + HOUR
        except Exception as error:
            if not assignment.ended:  # If it ended, its journal is no longer held.
                self._fail_stop(f"A snapshot could not be stored ({error!r}).")
