"""Draw the pictures of `kpis show` for the README, from a worked example."""

import io
import re
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

from commands.live.scene import Scene
from commands.live.screen import draw
from commands.live.view import View, into_campaign
from docs import show_example
from models.windows import FLIGHT

IMAGES = Path(__file__).parent / "images"
_FONT_FACES = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_FONTS = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def pictures() -> dict[Path, str]:
    """Make all pictures, by file."""
    campaign = replace(into_campaign("terra-mesa", FLIGHT), selected=("cpa",))
    return {
        IMAGES / "show-overview.svg": _picture(View(), 110, 24, "kpis show"),
        IMAGES / "show-campaign.svg": _picture(campaign, 110, 36, "kpis show terra-mesa"),
    }


def _picture(view: View, width: int, height: int, title: str) -> str:
    console = Console(
        record=True, width=width, height=height, file=io.StringIO(), force_terminal=True,
        color_system="truecolor", legacy_windows=False, _environ={},
    )  # fmt: skip
    memory, history = show_example.memory(), show_example.history()
    console.print(draw(Scene(view, memory, history, show_example.NOW, width, height)))
    # No font from elsewhere: pages that show a picture do not load it, and need not know who looks.
    drawn = _FONT_FACES.sub("", console.export_svg(title=title, theme=MONOKAI))
    return drawn.replace("font-family: Fira Code, monospace", f"font-family: {_FONTS}")
