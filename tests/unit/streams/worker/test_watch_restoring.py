"""Journals are read a second time only where the first reading stands still."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from streams.worker.mending import watch_restoring


class Scene:
    """An assignment that waits for its state, and how far its journals are read at each look."""

    def __init__(self, *offsets: int) -> None:
        self.asked: list[int] = []
        self._offsets = list(offsets)
        self.done = asyncio.Event()
        self.manager: Any = SimpleNamespace(assignment=None)
        self.joined: Any = SimpleNamespace(claimed={3}, all=None)

    async def require_whole(self, number: int) -> None:
        """Note how many looks are still to come when the journal is read again."""
        assert number == 3
        self.asked.append(len(self._offsets))

    def next_offset(self, _: int) -> int:
        """Say how far it is read; after the last look nothing changes."""
        if len(self._offsets) > 1:
            return self._offsets.pop(0)
        self.done.set()
        return self._offsets[0]

    async def look(self) -> list[int]:
        """Look until the offsets are used up, and some more; return when it was read again."""
        self.manager.assignment = SimpleNamespace(claimed=set(), all=None)
        played: Any = self
        watching = asyncio.create_task(watch_restoring(self.manager, played, played))
        await asyncio.sleep(0)
        self.manager.assignment = self.joined
        await self.done.wait()
        for _ in range(10):
            await asyncio.sleep(0)
        watching.cancel()
        return self.asked


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.worker.mending._RESTORING_SECONDS", 0)


async def test_a_journal_whose_reading_stands_still_is_read_again_once() -> None:
    assert await Scene(7, 7, 7, 7).look() == [2]


async def test_a_journal_that_is_being_read_is_left_alone_until_that_stands_still() -> None:
    assert await Scene(1, 2, 3, 4, 5).look() == [1]
