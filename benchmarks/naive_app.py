"""The naive peer: a Faust app with JSON values and a table that counts, as its tutorial has it."""

import asyncio
import os
import sys
from typing import Any

import faust


def build_app(broker: str, group: str, topics: list[str], partitions: int, expected: int) -> faust.App:
    """Build an app that counts events by campaign and type, and stops the process after the last."""
    app = faust.App(
        group,
        broker=f"kafka://{broker}",
        store="memory://",
        topic_partitions=partitions,
        web_enabled=False,
        value_serializer="json",
        topic_disable_leader=True,
    )
    counts = app.Table("counts", default=int, partitions=partitions)
    seen = 0

    async def count(stream: Any) -> None:
        nonlocal seen
        async for event in stream:
            counts[f"{event['campaign_id']}|{event['type']}"] += 1
            seen += 1
            if seen == expected:
                await app.producer.flush()
                os._exit(0)

    app.agent(app.topic(*topics))(count)
    return app


async def main(broker: str, group: str, partitions: int, expected: int, *topics: str) -> None:
    """Run until all expected events are counted."""
    await build_app(broker, group, list(topics), partitions, expected).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), *sys.argv[5:]))
