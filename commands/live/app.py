"""The app of `kpis show`: it asks the workers, remembers what they said, and shows it on screens."""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from textual.app import App
from textual.binding import Binding
from textual.message import Message

from commands.live.campaign_screen import CampaignScreen
from commands.live.data import Data
from commands.live.help_screen import HelpScreen
from commands.live.history import WINDOW, noted
from commands.live.kpi_screen import KpiScreen
from commands.live.memory import Answer, remember, unread
from commands.live.overview import OVERVIEW_KPIS
from commands.live.overview_screen import OverviewScreen
from commands.live.polling import Polling, Read, Wishes
from commands.worker_views import Query, read_view
from models.windows import FLIGHT, WindowName

_EVERY, _OTHERS_EVERY, _TREND_EVERY = 2.0, 10.0, 30.0
_DRAW_SECONDS = 0.5
_ENDING = (signal.SIGINT, signal.SIGTERM)


def run_live(
    addresses: Sequence[str],
    *,
    status: Callable[[], Sequence[str]] = tuple,
    campaign: str | None = None,
    window: WindowName = FLIGHT,
    read: Read = read_view,
) -> None:
    """Show the KPIs until q, Ctrl-C or SIGTERM, and leave the terminal as it was.

    `status` gives lines about servers, shown below the title; it is called every half second in the app's
    thread, and what it raises ends the app and is raised here. To be called in the main thread.
    """
    app = LiveApp(addresses, status=status, campaign=campaign, window=window)
    app.poll_with(Polling(addresses, lambda answer: app.post_message(Answered(answer)), read))
    # asyncio forgets the handlers that were there before its own.
    before = {number: signal.getsignal(number) for number in _ENDING}
    try:
        app.run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if app.failure is not None:
        raise app.failure


class Answered(Message):
    """A worker answered, or did not."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class LiveApp(App[None]):
    """What is read is remembered here; each screen draws its part of it."""

    TITLE = "kpis show"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = [
        Binding("q", "quit", "Quit"),
        Binding("ctrl+c", "quit", show=False, priority=True),
        Binding("question_mark", "help", "Help", key_display="?"),
    ]

    def __init__(
        self,
        addresses: Sequence[str],
        *,
        status: Callable[[], Sequence[str]] = tuple,
        campaign: str | None = None,
        window: WindowName = FLIGHT,
        clock: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        # Without colour a terminal's own are kept: shades of grey would be colours, too.
        self.VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        # Over a slow line, frames of a slide come late and keys wait for them.
        self.animation_level = "none"
        self.data = Data(unread(addresses), (), window)
        self.clock = clock
        self.failure: Exception | None = None
        self.status_lines: Sequence[str] = ()
        self._status = status
        self._first = campaign
        self._polling: Polling | None = None
        self._changed = True

    def poll_with(self, polling: Polling) -> None:
        """Ask the workers by these threads."""
        self._polling = polling

    def on_mount(self) -> None:
        """Open the first screens, and begin to ask."""
        self.push_screen(OverviewScreen(self))
        if self._first is not None:
            self.push_screen(CampaignScreen(self, self._first))
        self.set_interval(_DRAW_SECONDS, self._tick)
        if self._polling is not None:
            self._polling.wish(self.wishes())
            self._polling.start()
            for number in _ENDING:
                asyncio.get_running_loop().add_signal_handler(number, self.exit)

    def on_answered(self, message: Answered) -> None:
        """Remember an answer; it is drawn with those that come at the same time."""
        self.take(message.answer)

    def take(self, answer: Answer) -> None:
        """Remember an answer."""
        memory, history = remember(self.data.memory, answer), noted(self.data.history, answer)
        # Over a slow line, frames of a slide come late and keys wait for them.
        self.animation_level = "none"
        self.data = Data(memory, history, self.data.window)
        self._changed = True

    def choose_window(self, window: WindowName) -> None:
        """Show another window on every screen."""
        # Over a slow line, frames of a slide come late and keys wait for them.
        self.animation_level = "none"
        self.data = Data(self.data.memory, self.data.history, window)
        self.redraw()

    def open_campaign(self, name: str) -> None:
        """Go into a campaign."""
        self.push_screen(CampaignScreen(self, name))

    def redraw(self) -> None:
        """Draw the screen anew, and ask for what it needs."""
        self._changed = False
        if isinstance(self.screen, KpiScreen):
            self.screen.redraw()
        if self._polling is not None:
            self._polling.wish(self.wishes())

    def wishes(self) -> Wishes:
        """Ask most for what is looked at; verdicts over the flight, and trends, now and then."""
        looked_at = next((s.wishes() for s in reversed(self.screen_stack) if isinstance(s, KpiScreen)), {})
        campaigns = {FLIGHT: _OTHERS_EVERY, WINDOW: _TREND_EVERY}
        always = {Query(window, kpis=OVERVIEW_KPIS): every for window, every in campaigns.items()}
        return {**always, **looked_at}

    def action_help(self) -> None:
        """Explain keys and signs."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen())

    def _tick(self) -> None:
        try:
            self.status_lines = self._status()
        except Exception as error:  # whatever it is, whoever called us is to have it
            self.failure = error
            self.exit()
        if not self.screen_stack:
            return  # It ends: its screens are gone before its timer is.
        if isinstance(self.screen, KpiScreen):
            self.screen.redraw_head()
        if self._changed:
            self.redraw()
