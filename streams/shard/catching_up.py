"""Catch up on what the shards of one worker held for one another when they were restored.

A shard shows only once it has what waited for it on the partitions of the others: else it would show less
than whoever had it before.
"""

import asyncio
import logging
from typing import Any

from models.topics import FORWARDED
from streams.shard.assignment import Holdings
from streams.shard.storing import Storage

log = logging.getLogger(__name__)


class CatchingUp:
    """Once all partitions are caught up, has what they held sent on, and lets the shards wait for it."""

    def __init__(self, app: Any, holdings: Holdings, storage: Storage) -> None:
        self._app = app
        self._holdings = holdings
        self._storage = storage
        self._forwarding: asyncio.Task[None] | None = None

    def look(self) -> None:
        """Begin where it is time; else do nothing."""
        shards = self._holdings.shards.values()
        due = any(shard.awaits_forwarded for shard in shards) and all(shard.caught_up for shard in shards)
        if due and (self._forwarding is None or self._forwarding.done()):
            self._forwarding = asyncio.create_task(self._await_forwarded())

    async def _await_forwarded(self) -> None:
        shards = self._holdings.shards
        try:
            await self._storage.forward()
            ends = await self._app.consumer.source_offsets()
        except Exception as error:
            log.info("the end of what is forwarded is not known yet: %r", error)
            return
        if shards is not self._holdings.shards:
            return  # They left meanwhile.
        for number, shard in shards.items():
            if shard.awaits_forwarded:
                shard.await_forwarded(ends[self._holdings.tp((FORWARDED, number))][1])
