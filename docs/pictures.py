"""Draw the pictures of `kpis show` for the README, from a worked example."""

import asyncio
import re
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets._footer import FooterKey

from commands.live.app import LiveApp
from docs import show_example

IMAGES = Path(__file__).parent / "images"
_FONT_FACES = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_WIDTH = 126
_MOMENT = 0.05
_FONTS = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def pictures() -> dict[Path, str]:
    """Make all pictures, by file."""
    opened = show_example.OPENED
    return {
        IMAGES / "show-overview.svg": asyncio.run(_picture(None, "kpis show", 20)),
        IMAGES / "show-campaign.svg": asyncio.run(_picture(opened, f"kpis show {opened}", 44)),
        IMAGES / "show-influencers.svg": asyncio.run(
            _picture(opened, f"kpis show {opened}", 20, "2", *"ssssss")
        ),
    }


async def _picture(campaign: str | None, title: str, height: int, *keys: str) -> str:
    app = LiveApp(show_example.ADDRESSES, campaign=campaign, clock=lambda: show_example.NOW)
    app.data = show_example.data()
    async with app.run_test(size=(_WIDTH, height)) as pilot:
        await _press(pilot, keys)
        await _complete(pilot)
        drawn = app.export_screenshot(title=title)
    # No font from elsewhere: pages that show a picture do not load it, and need not know who looks.
    return _FONT_FACES.sub("", drawn).replace("font-family: Fira Code, monospace", f"font-family: {_FONTS}")


async def _press(pilot: Pilot[None], keys: tuple[str, ...]) -> None:
    await pilot.pause()
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


async def _complete(pilot: Pilot[None]) -> None:
    """Wait for the footer, which is made after the rest: on a busy machine it was missing in pictures."""
    while not pilot.app.screen.query(FooterKey):
        await pilot.pause(_MOMENT)
    await pilot.pause()
