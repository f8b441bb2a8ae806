"""End what a worker that dies, or gives up on Faust's end, leaves in the test's process."""

import asyncio
import contextlib
import threading
from collections.abc import Collection
from typing import Any

import pytest
from mode.threads import WorkerThread

from streams.worker.ending import end

_END_WITHIN_SECONDS = 60.0
_AGAIN_SECONDS = 0.5


async def end_leftovers(
    tasks: Collection["asyncio.Task[Any]"], threads: Collection[threading.Thread]
) -> None:
    """End tasks, and threads of consumers, however many cancellations they take.

    Raises:
        TimeoutError: they do not end within a minute.

    """
    async with asyncio.timeout(_END_WITHIN_SECONDS):
        await end(tasks)
        with pytest.MonkeyPatch.context() as patch:
            # Their ends are not news: what is raised in a thread would fail the test.
            patch.setattr(threading, "excepthook", lambda _: None)
            for thread in threads:
                if isinstance(thread, WorkerThread):
                    await _end_thread(thread)


async def _end_thread(thread: WorkerThread) -> None:
    """Cancel what a thread runs until it has ended: nobody tells it to stop, and it wakes this loop."""
    loop = thread.service.thread_loop
    while thread.is_alive():
        with contextlib.suppress(RuntimeError):  # The loop is closed: the thread is about to end.
            loop.call_soon_threadsafe(_cancel_all, loop)
        await asyncio.sleep(_AGAIN_SECONDS)


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()
