"""The process that rates: started, started again when it ends, and ended with its worker."""

import asyncio
import logging
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from contextlib import suppress

import msgspec

from streams.rating.messages import LENGTH_BYTES, length_of, read_answer, read_greeting
from streams.rating.rating import Rating

log = logging.getLogger(__name__)

_SETTLED_SECONDS = 10.0
"""A process that lived so long did not end for what it found at its start."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_BEARABLE_PAUSE = 1.0
"""Texts wait through a pause that is no longer."""
_END_SECONDS = 2.0

Start = Callable[[], Awaitable[Process]]


class ModelUnusable(Exception):
    """The installed model of sentiment cannot be used; the message says why and what to do."""


async def start() -> Process:
    """Start the process.

    Raises:
        OSError: there is no memory, or there are too many processes.

    """
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "streams.rating", stdin=PIPE, stdout=PIPE
    )


class RatingProcess:
    """Runs the process that `rating` asks; `starts` counts how often it has begun to rate.

    `problem` says why it never could, of a model that cannot be used.
    """

    def __init__(self, rating: Rating, start: Start = start) -> None:
        self.rating = rating
        self.starts = 0
        self.problem = ""
        self._start = start

    async def run(self) -> None:
        """Run until cancelled."""
        short = 0
        while True:
            began = time.monotonic()
            how = await self._live()
            short = 0 if time.monotonic() - began >= _SETTLED_SECONDS else short + 1
            # The first one is started again at once: whatever ended it, texts wait.
            pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (short - 2)) if short > 1 else 0.0
            log.warning("the process that rates texts %s; it is started again in %g s", how, pause)
            if pause > _BEARABLE_PAUSE:
                self.rating.give_up()
            await asyncio.sleep(pause)

    async def _live(self) -> str:
        """Run one process to its end; return how it ended."""
        try:
            process = await self._start()
        except OSError as error:
            return f"could not be started ({error.strerror})"
        try:
            # It may end in the midst of a message.
            with suppress(asyncio.IncompleteReadError, OSError, msgspec.MsgspecError):
                await self._converse(process)
        finally:
            self.rating.disconnect()
            code = await _ended(process)
        return f"ended ({_how(code)})"

    async def _converse(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        greeting = read_greeting(await _message(process.stdout))
        if greeting.problem:
            log.error("texts cannot be rated: %s", greeting.problem)
            self.problem = "" if self.starts else greeting.problem
            return
        self.starts += 1
        self.rating.connect(greeting.model, process.stdin.write)
        while True:
            self.rating.take(read_answer(await _message(process.stdout)))


async def _message(stream: asyncio.StreamReader) -> bytes:
    return await stream.readexactly(length_of(await stream.readexactly(LENGTH_BYTES)))


async def _ended(process: Process) -> int:
    """End a process by closing what it reads, or else kill it; return its exit code."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(_END_SECONDS):
            return await process.wait()
    except TimeoutError:
        process.kill()
        return await process.wait()
    except asyncio.CancelledError:
        # The worker ends as the process does: it is not left behind.
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
