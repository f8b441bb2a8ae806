"""All that a picture is made of: what is looked at, what is known, how much room there is and the time."""

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
    """One moment of the dashboard; `now` carries the zone that times of day are told in."""

    view: View
    memory: Memory
    history: History
    now: datetime
    width: int
    height: int

    @cached_property
    def pages(self) -> dict[str, CampaignPage]:
        """Give every campaign's page."""
        return self.memory.pages()

    @cached_property
    def rows(self) -> list[Row]:
        """List the rows in their order."""
        return rows_of(self.view, self.pages)

    @property
    def selected(self) -> Row | None:
        """Give the selected row."""
        return selected_row(self.view, self.rows)

    @property
    def page(self) -> CampaignPage | None:
        """Give the page of the campaign looked into."""
        return self.pages.get(self.view.campaign or "")

    def age(self, campaign: str) -> float | None:
        """Give how old a campaign's figures are, None while they are fresh."""
        return self.memory.age(campaign, self.now.timestamp())

    def clock(self, unix: float, form: str = "%H:%M:%S") -> str:
        """Tell the time of day of a Unix time."""
        return datetime.fromtimestamp(unix, self.now.tzinfo).strftime(form)

    def trend(self, campaign: str, kpi: Kpi, width: int) -> str:
        """Draw a KPI's last hour as far as it was watched."""
        return sparkline(series(self.history, campaign, kpi.id, self.now.timestamp()), width)

    def watched(self) -> str:
        """Say how far the trends reach back: a whole hour, or since when it was watched."""
        if not self.history:
            return ""
        first = self.history[0][0]
        if minute_of(self.now.timestamp()) - first >= MINUTES - 1:
            return "last hour"
        return f"since {self.clock(first * 60, '%H:%M')}"
