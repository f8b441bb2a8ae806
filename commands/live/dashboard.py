"""Keep the dashboard open on a terminal: read workers and keys, and draw, until told to end."""

import os
import sys
import time
from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.live import Live

from commands.live.history import History, noted
from commands.live.keyboard import Keyboard, keyboard
from commands.live.memory import Memory, remember, unread
from commands.live.polling import Polling
from commands.live.scene import Scene
from commands.live.screen import draw
from commands.live.view import View, press
from commands.signals import interrupted_by_sigterm

_TICK_SECONDS = 0.2
_USUAL_SIZE = os.terminal_size((80, 24))


def can_stay_open() -> bool:
    """Return whether standard input and output are a terminal that can be drawn on."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") not in (None, "", "dumb")


def stay_open(addresses: Sequence[str], view: View) -> None:
    """Show the KPIs until q, Ctrl-C or SIGTERM, and leave the terminal as it was."""
    polling = Polling(addresses)
    polling.look_into(view.campaign)
    polling.start()
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal's is a TextIOWrapper
    console = Console()
    try:
        with (
            interrupted_by_sigterm(),
            keyboard(sys.stdin.fileno()) as keys,
            Live(console=console, screen=True, auto_refresh=False) as live,
        ):
            _Dashboard(polling, keys, live, console, unread(addresses), view).run()
    except KeyboardInterrupt:
        return


class _Dashboard:
    def __init__(
        self, polling: Polling, keys: Keyboard, live: Live, console: Console, memory: Memory, view: View
    ) -> None:
        self._polling, self._keys, self._live, self._console = polling, keys, live, console
        self._memory, self._view = memory, view
        self._history: History = ()

    def run(self) -> None:
        """Draw whenever something changes: an answer, a key, the terminal's size or the time of day."""
        drawn: tuple[object, ...] = ()
        while not self._view.done:
            scene = self._scene()
            new = (self._memory, self._view, scene.width, scene.height, int(time.time()))
            if new != drawn:
                self._live.update(draw(scene), refresh=True)
                drawn = new
            for key in self._keys.keys(_TICK_SECONDS):
                self._view = press(self._view, key, self._scene().rows)
            self._take_in()

    def _take_in(self) -> None:
        self._polling.look_into(self._view.campaign)
        for answer in self._polling.answers():
            self._memory = remember(self._memory, answer)
            self._history = noted(self._history, self._memory, answer.at)

    def _scene(self) -> Scene:
        size = _size()
        self._console.size = size  # COLUMNS would not follow a resize
        now = datetime.now().astimezone()
        return Scene(self._view, self._memory, self._history, now, size.columns, size.lines)


def _size() -> os.terminal_size:
    try:
        size = os.get_terminal_size(sys.stdout.fileno())
    except OSError:
        return _USUAL_SIZE
    return size if size.columns and size.lines else _USUAL_SIZE
