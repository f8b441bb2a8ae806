"""End background tasks."""

import asyncio
from collections.abc import Iterable
from typing import Any

_AGAIN_SECONDS = 3.0


async def end(tasks: Iterable["asyncio.Task[Any]"], again: float = _AGAIN_SECONDS) -> None:
    """Cancel tasks and wait until they have ended, whatever they end with.

    Those that go on are cancelled again after some seconds: `asyncio.wait_for` of Python 3.11, which the
    clients of Redis and Kafka use, loses a cancellation that comes just as it is done.
    """
    going = set(tasks)
    while going:
        for task in going:
            task.cancel()
        _, going = await asyncio.wait(going, timeout=again)
