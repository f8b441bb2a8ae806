"""Run as a process: a worker that dies, as a kill ends it, around the storing of a delta.

python -m tests.integration.dying_worker before|after SETTINGS-AS-JSON
"""

import asyncio
import os
import sys
from collections.abc import Mapping

from connections.redis import connect
from models.settings import Settings
from streams.shard.assignment import Assignment
from streams.shard.shard import Shard
from streams.shard.storing import Storage
from tests.integration.running import running

IMPRESSIONS = "impressions"
STORED_BEFORE = 40
DEAD = 9


class DyingStorage(Storage):
    """Dies before a delta is stored, or when it is stored and nobody was told."""

    after_delta = False

    async def store(self, assignment: Assignment, shards: Mapping[int, Shard]) -> None:
        before = sum(shards[number].state.positions.get((IMPRESSIONS, number), 0) for number in shards)
        dies = before > STORED_BEFORE
        if self.after_delta or not dies:
            await super().store(assignment, shards)
        if dies:
            os._exit(DEAD)


async def run(settings: Settings, *, after_delta: bool) -> None:
    """Count until it dies; say when it has begun."""
    redis = connect(settings)
    async with running(settings, redis) as worker:
        await worker.ready()
        inner = worker.manager._storage
        storage = DyingStorage(inner.writer, inner._outbox, inner._send_letter)
        storage.after_delta = after_delta
        worker.manager._storage = storage
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(run(Settings.model_validate_json(sys.argv[2]), after_delta=sys.argv[1] == "after"))
