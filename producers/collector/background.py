"""Tasks that run as long as the process: one that ends by itself is a defect, and never goes unseen."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

log = logging.getLogger(__name__)


def in_background(job: Coroutine[Any, Any, None], failed: Callable[[], None]) -> "asyncio.Task[None]":
    """Start a task that is to run until it is cancelled; `failed` is told if an error ends it."""
    task = asyncio.create_task(job)
    task.add_done_callback(lambda ended: _look_why(ended, failed))
    return task


def _look_why(task: "asyncio.Task[None]", failed: Callable[[], None]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.critical("The collector has a defect, and ends.", exc_info=error)
        failed()
