"""The naive peer: a Faust app with JSON and tables, as its tutorial has it."""

import asyncio
import json
import os
from datetime import datetime
from typing import Any

import faust

from benchmarks.peers.apps.task import Tally, Task, say, told, write

_FIELDS = ("type", "event_id", "campaign_id")


def build_app(task: Task) -> faust.App:
    """Build an app that counts, and ends the process after the last record."""
    app = faust.App(
        task.group,
        broker=f"kafka://{task.kafka}",
        store="memory://",
        topic_partitions=task.partitions,
        web_enabled=False,
        topic_disable_leader=True,
    )
    counts = app.Table("counts", default=int, partitions=task.partitions)
    ids = app.Table("ids", default=bool, partitions=task.partitions)
    tally, read = Tally(), 0

    async def count(stream: Any) -> None:
        nonlocal read
        async for value in stream:
            if not read:
                say("begun")
            read += 1
            event = parse(value)
            if event is None:
                tally.invalid += 1
            elif ids[event["event_id"]]:
                tally.duplicates += 1
            else:
                ids[event["event_id"]] = True
                counts[f"{event['campaign_id']}|{event['type']}|{event['minute']}"] += 1
            if read == task.records:
                say("done")
                tally.cells.update(dict(counts.items()))
                write(task, tally)
                os._exit(0)

    # Raw bytes: what is no JSON, under value_serializer="json", restarts the agent, every five seconds.
    app.agent(app.topic(*task.topics, value_serializer="raw"))(count)
    return app


def parse(value: bytes) -> dict[str, Any] | None:
    """Read an event; None where it is none."""
    try:
        event: dict[str, Any] = json.loads(value)
        event["minute"] = int(datetime.fromisoformat(event["event_time"]).timestamp()) // 60
    except (ValueError, KeyError, TypeError):
        return None
    return event if all(isinstance(event.get(name), str) for name in _FIELDS) else None


async def main() -> None:
    """Run until all records are counted."""
    await build_app(told()).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
