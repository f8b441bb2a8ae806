"""How many records may wait for a flush: some make one due, and with more whoever brings them waits."""

import asyncio
import contextlib

FLUSH_AT = 60_000
MOST_UNFLUSHED = 400_000


class Backpressure:
    """Records taken since the last flush."""

    def __init__(self) -> None:
        self._taken = 0
        self._full = asyncio.Event()
        self._emptied = asyncio.Event()

    def take(self, records: int) -> None:
        """Count records."""
        self._taken += records
        if self._taken >= FLUSH_AT:
            self._full.set()

    def empty(self) -> None:
        """Start again from nothing: what was taken is flushed, or thrown away."""
        self._taken = 0
        self._full.clear()
        self._emptied.set()

    async def fill(self, seconds: float) -> None:
        """Wait until there is enough for a flush, for some seconds at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._full.wait()

    async def wait(self) -> None:
        """Wait while as much is taken as a flush should hold."""
        while self._taken >= MOST_UNFLUSHED:
            self._emptied.clear()
            await self._emptied.wait()
