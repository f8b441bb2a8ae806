"""Everything that a picture is drawn from: view, data, size of the terminal and time."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from commands.live.history import MINUTES, History, minute_of, series, sparkline
from commands.live.memory import Memory
from commands.live.page import CampaignPage
from commands.live.rows import rows_of
from commands.live.view import Row, View, selected_row
from models.kpis.kpi import Kpi


@dataclass(frozen=True)
class Scene:
    """One moment of the dashboard; times of day are shown in the zone of `now`."""

    view: View
    memory: Memory
    history: History
    now: datetime
    width: int
    height: int

    @cached_property
    def pages(self) -> dict[str, CampaignPage]:
        """The page of every campaign."""
        return self.memory.pages()

    @cached_property
    def rows(self) -> list[Row]:
        """The rows in their order."""
        return rows_of(self.view, self.pages)

    @property
    def selected(self) -> Row | None:
        """The selected row."""
        return selected_row(self.view, self.rows)

    @property
    def page(self) -> CampaignPage | None:
        """The page of the campaign that is looked into."""
        return self.pages.get(self.view.campaign or "")

    def age(self, campaign: str) -> float | None:
        """Return how old a campaign's figures are in seconds; None while they are fresh."""
        return self.memory.age(campaign, self.now.timestamp())

    def clock(self, unix: float, form: str = "%H:%M:%S") -> str:
        """Write a Unix time as a time of day."""
        return datetime.fromtimestamp(unix, self.now.tzinfo).strftime(form)

    def trend(self, campaign: str, kpi: Kpi, width: int) -> str:
        """Draw the part of a KPI's last hour that was watched."""
        return sparkline(series(self.history, campaign, kpi.id, self.now.timestamp()), width)

    def watched(self) -> str:
        """Say how far the trends reach back: a whole hour, or since when they are watched."""
        if not self.history:
            return ""
        first = self.history[0][0]
        if minute_of(self.now.timestamp()) - first >= MINUTES - 1:
            return "last hour"
        return f"since {self.clock(first * 60, '%H:%M')}"
