"""One campaign: its KPIs by stage of the funnel, and its influencers, contents, channels and formats."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import DataTable, Tab, Tabs

from commands.live.cells import Table
from commands.live.choosing import ChooseKpi
from commands.live.data import Host
from commands.live.funnel import about_kpi, funnel
from commands.live.kpi_screen import KpiScreen
from commands.live.parts import FIRST_SORT, PARTS, PLURALS, about_part, parts_table, sorts_of, window_of
from commands.live.polling import Wishes
from commands.live.ranking import order_words
from commands.live.sentences import Line, why_nothing
from commands.worker_views import Query
from models.windows import WINDOW_NAMES, WINDOWS_OF, WindowName

_EVERY_SECONDS, _OTHERS_SECONDS = 2.0, 10.0
_KPIS = "kpis"
_TABS = (_KPIS, *PARTS)


class CampaignScreen(KpiScreen):
    """A tab for the campaign's own KPIs, and one for each kind of its parts."""

    BINDINGS: ClassVar = [
        Binding("escape,backspace", "back", "Back", key_display="Esc"),
        Binding("tab", "next_tab(1)", "Next tab", key_display="Tab", priority=True),
        Binding("shift+tab", "next_tab(-1)", show=False, priority=True),
        Binding("b", "choose_kpi", "Rank by"),
        *(Binding(str(at), f"tab('{name}')", show=False) for at, name in enumerate(_TABS, start=1)),
    ]

    def __init__(self, host: Host, campaign: str) -> None:
        super().__init__(host)
        self._campaign = campaign
        self._tab = _KPIS
        self._sort, self._turned = FIRST_SORT, False

    def above(self) -> Iterable[Widget]:
        """Return the tabs."""
        titles = {_KPIS: "KPIs", **PLURALS}
        tabs = Tabs(*(Tab(f"{at} {titles[name]}", id=name) for at, name in enumerate(_TABS, start=1)))
        tabs.can_focus = False
        return (tabs,)

    @property
    def windows(self) -> tuple[WindowName, ...]:
        """The windows that the tab has."""
        return WINDOW_NAMES if self._tab == _KPIS else WINDOWS_OF[self._tab]

    @property
    def window(self) -> WindowName:
        """The window wanted, or the shortest that the tab has."""
        return self.data.window if self._tab == _KPIS else window_of(self._tab, self.data.window)

    def wishes(self) -> Wishes:
        """Ask for what the tab shows: the campaign in every window, or its parts in one."""
        if self._tab != _KPIS:
            return {Query(self.window, self._campaign, (self._tab,)): _EVERY_SECONDS}
        return {
            Query(one, self._campaign): _EVERY_SECONDS if one == self.window else _OTHERS_SECONDS
            for one in WINDOW_NAMES
        }

    def title_text(self) -> str:
        """Name the campaign, what is shown of it, and its order."""
        known = self.data.memory.campaign(self._campaign, self.window)
        name = known.campaign.name if known else self._campaign
        if self._tab != _KPIS:
            return f"{name} · {order_words(self._sort, self._turned)}"
        about = (known.campaign.status, known.campaign.owner) if known else ()
        return " · ".join(part for part in (name, *about) if part)

    def table(self) -> Table:
        """Return what the tab shows."""
        data = self.data
        if self._tab == _KPIS:
            known = data.memory.campaign(self._campaign, self.window) is not None
            table = funnel(data.memory, data.history, self._campaign, self.window, self.now)
            return table if known else Table(table.columns, ())
        return parts_table(
            data.memory, self._campaign, self._tab, self.window, self._sort, self._turned, self.now
        )

    def nothing(self) -> str:
        """Say why there is nothing to show."""
        memory = self.data.memory
        if self._tab != _KPIS and memory.parts(self._campaign, self.window) is not None:
            return "Nothing is shown of it yet."
        if self._campaign in memory.campaigns(self.window) or not memory.known:
            return "Reading…" if any(w.answered_at for w in memory.workers.values()) else why_nothing(memory)
        return f"No worker that answers shows the campaign {self._campaign}."

    def words(self, key: str) -> list[Line]:
        """Explain the selected KPI, or put the selected part beside the thresholds."""
        if self._tab == _KPIS:
            return about_kpi(self.data.memory, self._campaign, key, self.window)
        return about_part(self.data.memory, self._campaign, self._tab, self.window, key)

    def sort_by(self, key: str) -> None:
        """Rank the parts by a KPI; a second time turns the order round."""
        if self._tab != _KPIS and key in sorts_of(self._tab):
            self._turned = key == self._sort and not self._turned
            self._sort = key
            self.host.redraw()

    def action_next_sort(self) -> None:
        """Rank the parts by the next KPI."""
        if self._tab != _KPIS:
            keys = sorts_of(self._tab)
            self._sort, self._turned = keys[(keys.index(self._sort) + 1) % len(keys)], False
            self.host.redraw()

    def action_turn(self) -> None:
        """Turn the order round."""
        self._turned = not self._turned
        self.host.redraw()

    def action_choose_kpi(self) -> None:
        """Choose what the parts are ranked by."""
        if self._tab != _KPIS:
            self.app.push_screen(ChooseKpi(sorts_of(self._tab)), self._chosen)

    def _chosen(self, key: str | None) -> None:
        if key is not None:
            self.sort_by(key)

    def action_tab(self, name: str) -> None:
        """Show a tab."""
        self.query_one(Tabs).active = name

    def action_next_tab(self, step: int) -> None:
        """Show the tab beside this one."""
        self.action_tab(_TABS[(_TABS.index(self._tab) + step) % len(_TABS)])

    @on(Tabs.TabActivated)
    def _show_tab(self, event: Tabs.TabActivated) -> None:
        self._tab = event.tab.id or _KPIS
        if self._tab != _KPIS and self._sort not in sorts_of(self._tab):
            self._sort = FIRST_SORT
        self.host.redraw()

    @on(DataTable.RowSelected)
    def _deeper(self) -> None:
        self.action_next_tab(1)

    def action_back(self) -> None:
        """Go back to the campaigns."""
        self.dismiss()
