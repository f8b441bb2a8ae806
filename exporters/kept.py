"""Answers that stand for a while: who watch together cost what one costs, and watching is bounded."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

_STANDS = 3.0
"""An answer stands for so many times what it took to make: a quarter of the time at most goes into a wish."""
Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")


class Effort:
    """What making an answer takes, waiting apart, in seconds of `clock`."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._since = clock()
        self.spent = 0.0

    async def pause(self) -> None:
        """Let others have their turn."""
        self.spent += self._clock() - self._since
        await asyncio.sleep(0)
        self._since = self._clock()

    def end(self) -> float:
        """Return all that was spent."""
        return self.spent + self._clock() - self._since


@dataclass(frozen=True, slots=True)
class _Made(Generic[Answer]):
    answer: Answer
    until: float


class Kept(Generic[Key, Answer]):
    """Makes answers by key, once for all who ask meanwhile; `clock` gives seconds."""

    def __init__(self, make: Callable[[Key, Effort], Awaitable[Answer]], clock: Callable[[], float]) -> None:
        self._make = make
        self._clock = clock
        self._making: dict[Key, asyncio.Task[_Made[Answer]]] = {}

    async def get(self, key: Key) -> Answer:
        """Return the answer that stands, else a new one."""
        task = self._making.get(key)
        if task is None or not self._stands(task):
            self._making = {key: task for key, task in self._making.items() if self._stands(task)}
            task = self._making[key] = asyncio.create_task(self._made(key))
        # Who hangs up does not take it from the others.
        return (await asyncio.shield(task)).answer

    def _stands(self, task: "asyncio.Task[_Made[Answer]]") -> bool:
        if not task.done():
            return True
        failed = task.cancelled() or task.exception() is not None
        return not failed and self._clock() < task.result().until

    async def _made(self, key: Key) -> _Made[Answer]:
        effort = Effort(self._clock)
        answer = await self._make(key, effort)
        return _Made(answer, self._clock() + _STANDS * effort.end())
