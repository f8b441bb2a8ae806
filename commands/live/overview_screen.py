"""All campaigns, the worst first: search, filter, sort, and go into one."""

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import DataTable, Input

from commands.live.cells import Table
from commands.live.data import Host
from commands.live.kpi_screen import KpiScreen
from commands.live.overview import OVERVIEW_KPIS, SORTS, Choice, about_campaign, chosen, overview
from commands.live.polling import Wishes
from commands.live.ranking import WORST, order_words, owners, turned_on
from commands.live.sentences import Line, why_nothing
from commands.live.widgets import KpiTable
from commands.worker_views import Query

_EVERY_SECONDS = 2.0
_STATES = ("running", "grace", "scheduled", "ended")


class OverviewScreen(KpiScreen):
    """A row for each campaign."""

    FIXED_COLUMNS = 2
    BINDINGS: ClassVar = [
        Binding("slash", "search", "Search", key_display="/"),
        Binding("f", "filter('status')", "Status"),
        Binding("o", "filter('owner')", "Owner"),
        Binding("x", "filter('is')", "Verdict"),
        Binding("escape", "clear", "All", show=False),
    ]

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._choice = Choice()

    def above(self) -> Iterable[Widget]:
        """Return the line to search and filter in."""
        search = Input(
            placeholder="a name, an id, status:running, owner:…, is:beyond", compact=True, id="search"
        )
        search.display = False
        return (search,)

    @property
    def choice(self) -> Choice:
        """What the user chose to see."""
        return replace(self._choice, window=self.window)

    def wishes(self) -> Wishes:
        """Ask for all campaigns over the window."""
        return {Query(self.window, kpis=OVERVIEW_KPIS): _EVERY_SECONDS}

    def title_text(self) -> str:
        """Say how many campaigns are shown, and in which order."""
        known = len(self.data.memory.campaigns(self.window))
        shown = len(chosen(self.data.memory, self.choice)) if self._choice.filter else known
        many = f"{shown:,} of {known:,}" if shown != known else f"{known:,}"
        return f"Campaigns {many} · {order_words(self._choice.sort, self._choice.turned)}"

    def table(self) -> Table:
        """Return the campaigns."""
        return overview(self.data.memory, self.data.history, self.choice, self.now, self.app.size.width)

    def nothing(self) -> str:
        """Say why there is no campaign."""
        if self._choice.filter and self.data.memory.campaigns(self.window):
            return f"No campaign matches “{self._choice.filter}”. Esc shows all."
        return why_nothing(self.data.memory)

    def words(self, key: str) -> list[Line]:
        """Say how the selected campaign stands."""
        return about_campaign(self.data.memory, self.data.history, key, self.choice, self.now)

    def sort_by(self, key: str) -> None:
        """Sort by a column; a second time turns the order round."""
        if key == "sign":
            key = WORST
        if key in SORTS:
            turned = key == self._choice.sort and not self._choice.turned
            self._choose(replace(self._choice, sort=key, turned=turned))

    def action_next_sort(self) -> None:
        """Sort by the next key."""
        after = SORTS[(SORTS.index(self._choice.sort) + 1) % len(SORTS)]
        self._choose(replace(self._choice, sort=after, turned=False))

    def action_turn(self) -> None:
        """Turn the order round."""
        self._choose(replace(self._choice, turned=not self._choice.turned))

    def action_search(self) -> None:
        """Type what to search for."""
        search = self.query_one("#search", Input)
        search.display = True
        # At once: what is typed next belongs there.
        self.set_focus(search)

    def action_filter(self, name: str) -> None:
        """Show only one status, owner or verdict; each time the next one, at last all."""
        known = [one.campaign for one in self.data.memory.campaigns(self.window).values()]
        choices = {
            "status": [state for state in _STATES if any(one.status == state for one in known)],
            "owner": owners(known),
            "is": ["beyond", "early", "keeps"],
        }
        search = self.query_one("#search", Input)
        search.value = turned_on(self._choice.filter, name, choices[name])
        search.display = bool(search.value)

    def action_clear(self) -> None:
        """Show all campaigns again."""
        search = self.query_one("#search", Input)
        search.value = ""
        search.display = False
        self.set_focus(self.query_one(KpiTable))

    @on(Input.Changed, "#search")
    def _search(self, event: Input.Changed) -> None:
        self._choose(replace(self._choice, filter=event.value))

    @on(Input.Submitted, "#search")
    def _leave_search(self, event: Input.Submitted) -> None:
        event.input.display = bool(event.value)
        self.set_focus(self.query_one(KpiTable))

    @on(DataTable.RowSelected)
    def _open(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Go into the selected campaign."""
        selected = self.query_one(KpiTable).selected
        if selected is not None:
            self.host.open_campaign(selected)

    def _choose(self, choice: Choice) -> None:
        self._choice = choice
        self.redraw()
