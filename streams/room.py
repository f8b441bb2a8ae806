"""How much may wait for a flush: whoever brings more waits meanwhile."""

import asyncio
import contextlib

MOST_UNFLUSHED = 60_000


class Room:
    """Records taken since the last flush."""

    def __init__(self) -> None:
        self._taken = 0
        self._full = asyncio.Event()
        self._emptied = asyncio.Event()

    def take(self) -> None:
        """Count a record."""
        self._taken += 1
        if self._taken >= MOST_UNFLUSHED:
            self._full.set()

    def empty(self) -> None:
        """Begin anew: what was taken is flushed, or thrown away."""
        self._taken = 0
        self._full.clear()
        self._emptied.set()

    async def fill(self, seconds: float) -> None:
        """Wait until it is full, so long at most."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._full.wait(), seconds)

    async def wait(self) -> None:
        """Wait while as much is taken as a flush should hold."""
        while self._taken >= MOST_UNFLUSHED:
            self._emptied.clear()
            await self._emptied.wait()
