"""What the screens of the app share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from commands.live.history import History
from commands.live.memory import Memory
from models.windows import WindowName


@dataclass(frozen=True, slots=True)
class Data:
    """What was read, what was watched, and the window that is wanted."""

    memory: Memory
    history: History
    window: WindowName


class Host(Protocol):
    """What a screen needs of the app that it is in.

    `status_lines` are about servers; `clock` gives the time of day.
    """

    data: Data
    status_lines: Sequence[str]
    clock: Callable[[], datetime]

    def choose_window(self, window: WindowName) -> None:
        """Show another window on every screen."""

    def open_campaign(self, name: str) -> None:
        """Go into a campaign."""

    def redraw(self) -> None:
        """Draw the screen anew, and ask for what it needs."""
