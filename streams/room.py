"""How much may wait for a flush: whoever brings more waits meanwhile."""

import asyncio

MOST_UNFLUSHED = 20_000


class Room:
    """Records taken since the last flush."""

    def __init__(self) -> None:
        self._taken = 0
        self._emptied = asyncio.Event()

    def take(self) -> None:
        """Count a record."""
        self._taken += 1

    def empty(self) -> None:
        """Begin anew: what was taken is flushed, or thrown away."""
        self._taken = 0
        self._emptied.set()

    async def wait(self) -> None:
        """Wait while as much is taken as a flush should hold."""
        while self._taken >= MOST_UNFLUSHED:
            self._emptied.clear()
            await self._emptied.wait()
