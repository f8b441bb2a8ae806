"""Catch up on what the shards of one worker held for one another when they were restored.

A shard is shown only once it has what waited for it on the partitions of the others: before that it would
show less than the worker that held it earlier.
"""

import asyncio
import logging

from models.topics import FORWARDED
from streams.kafka.sources import Sources
from streams.shard.assignment import Assignment
from streams.shard.storing import Storage

log = logging.getLogger(__name__)


class CatchingUp:
    """Once all partitions are caught up, forwards what they held, and lets the shards wait for it."""

    def __init__(self, assignment: Assignment, sources: Sources, storage: Storage) -> None:
        self._assignment = assignment
        self._sources = sources
        self._storage = storage
        self._forwarding: asyncio.Task[None] | None = None

    def look(self) -> None:
        """Begin if it is time; otherwise do nothing."""
        shards = self._assignment.shards.values()
        due = any(shard.awaits_forwarded for shard in shards) and all(shard.caught_up for shard in shards)
        if due and (self._forwarding is None or self._forwarding.done()):
            self._forwarding = asyncio.create_task(self._await_forwarded())

    async def _await_forwarded(self) -> None:
        try:
            await self._storage.forward()
            bounds = await self._sources.bounds()
        except Exception as error:
            log.info("the end of what is forwarded is not known yet: %r", error)
            return
        for number, shard in self._assignment.shards.items():  # None if it ended meanwhile.
            if shard.awaits_forwarded:
                _, end = bounds[FORWARDED, number]
                shard.await_forwarded(end)
