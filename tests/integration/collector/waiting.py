"""Look at the spool from outside, and wait until it is empty."""

import asyncio
from pathlib import Path

from models.settings import Settings

PATIENCE_SECONDS = 25.0


def segments(settings: Settings) -> list[Path]:
    """Return the files of the spool."""
    return sorted(settings.data_dir.glob("collect/*/*.spool"))


async def until_drained(settings: Settings) -> None:
    """Wait until nothing is in the spool.

    Raises:
        TimeoutError: something stays there.

    """
    async with asyncio.timeout(PATIENCE_SECONDS):
        while segments(settings):
            await asyncio.sleep(0.02)
