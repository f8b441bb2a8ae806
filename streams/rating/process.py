"""The process that rates: started, started again when it ends or hangs, and ended with its worker."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NamedTuple

import msgspec

from streams.rating.child import Child, Garbled
from streams.rating.messages import read_answer, read_greeting
from streams.rating.rating import Rating
from streams.rating.silence import LOOK_SECONDS, Silence

log = logging.getLogger(__name__)

_SETTLED_SECONDS = 10.0
"""A process that rated for so long did not end for what it found at its start."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_MOST_DOUBLINGS = 10
"""A power without a limit overflows after a night of a broken model, and the worker ended with it."""
_BEARABLE_PAUSE = 1.0
"""Texts wait through a pause that is no longer."""
_WORTH_WAITING_SECONDS = 60.0
"""For one that loads longer no text waits."""
_END_SECONDS = 2.0

Start = Callable[[], Awaitable[Child]]


class _Life(NamedTuple):
    """How a process ended, and the seconds that it had been able to rate."""

    end: str
    seconds: float


class RatingProcess:
    """Runs the process that `rating` asks; `starts` counts how often it has begun to rate.

    `problem` says why the last one that was started did not; it is empty while one rates. `plugged_in` says
    that a package brings the model.
    """

    def __init__(
        self,
        rating: Rating,
        start: Start = Child.start,
        new_silence: Callable[[], Silence] = Silence,
        *,
        plugged_in: bool = False,
    ) -> None:
        self.rating = rating
        self.plugged_in = plugged_in
        self.starts = 0
        self.problem = ""
        self._start = start
        self._new_silence = new_silence
        self._silence = new_silence()
        self._began = self._heard = 0.0
        self._refusal = ""

    async def run(self) -> None:
        """Run until cancelled."""
        short = 0
        while True:
            life = await self._live()
            short = 0 if life.seconds >= _SETTLED_SECONDS else short + 1
            pause = pause_after(short)
            log.warning("the process that rates texts %s; it is started again in %g s", life.end, pause)
            if pause > _BEARABLE_PAUSE:
                self.rating.give_up()
            await asyncio.sleep(pause)

    async def _live(self) -> _Life:
        """Run one process until it ends or hangs."""
        try:
            child = await self._start()
        except OSError as error:
            self.problem = f"The process that rates could not be started ({error.strerror})."
            return _Life(f"could not be started ({error.strerror})", 0.0)
        self._silence, self._began, self._refusal = self._new_silence(), 0.0, ""
        hangs, grace = "", 0.0
        conversation = asyncio.create_task(self._converse(child))
        try:
            hangs = await self._watch(child, conversation)
            grace = 0.0 if hangs else _END_SECONDS
        finally:
            conversation.cancel()
            self.rating.disconnect()
            code = await child.end(grace)
        end = hangs or f"ended ({_how(code)})"
        if not self._began:
            self.problem = self._refusal or f"The process that rates {end}, and never could."
            return _Life(end, 0.0)
        return _Life(end, (self._heard if hangs else time.monotonic()) - self._began)

    async def _watch(self, child: Child, conversation: "asyncio.Task[None]") -> str:
        """Return how a process hangs, or nothing, once it has ended."""
        while not (await asyncio.wait([conversation], timeout=LOOK_SECONDS))[0]:
            if child.has_exited:  # What it has started holds the pipe open.
                return ""
            hangs = self._silence.look(loaded=self._began > 0, asked=self.rating.waiting > 0)
            if hangs:
                return hangs
            if not self._began and self._silence.seconds >= _WORTH_WAITING_SECONDS:
                self.rating.give_up()
        # It may end in the midst of a message.
        with suppress(EOFError, msgspec.MsgspecError, Garbled):
            conversation.result()
        return ""

    async def _converse(self, child: Child) -> None:
        greeting = read_greeting(await child.message())
        if greeting.problem:
            if greeting.problem != self.problem:
                log.error("texts cannot be rated: %s", greeting.problem)
            self._refusal = greeting.problem
            return
        self.problem = ""
        self.starts += 1
        self._began = time.monotonic()
        self._hear()
        self.rating.connect(greeting.model, child.send)
        while True:
            self.rating.take(read_answer(await child.message()))
            self._hear()

    def _hear(self) -> None:
        self._heard = time.monotonic()
        self._silence.end()


def pause_after(short: int) -> float:
    """Return the seconds until another is started, after so many in a row that ended soon.

    The first one is started again at once: whatever ended it, texts wait.
    """
    doublings = min(short - 2, _MOST_DOUBLINGS)
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0**doublings) if short > 1 else 0.0


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
