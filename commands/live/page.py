"""What a worker's page says of one campaign, found by KPI, place and window."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from commands.metrics_page import Sample
from models.kpis.kpi import Kpi
from models.scopes import LABELS, ScopeKey, ScopeName
from models.windows import WindowName

Parts = Mapping[tuple[str, ...], float]
Key = tuple[str, ScopeKey, str | None]


class Figure(NamedTuple):
    """A KPI's value and its 95 % bounds; None where there is none."""

    value: float | None
    lower: float | None = None
    upper: float | None = None


NO_FIGURE = Figure(None)


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """One campaign: what is declared of it, and its series by name, place and window.

    A series that stands several times, told apart by labels such as `kind`, is held with those labels'
    values. `whole` is false where only the campaign's own series were read, not those of its influencers,
    contents and channels.
    """

    id: str
    name: str
    owner: str
    currency: str
    status: str
    series: Mapping[Key, Parts]
    whole: bool

    @property
    def scope(self) -> ScopeKey:
        """Give the campaign as a place."""
        return ScopeKey("campaign", (self.id,))

    def parts(self, name: str, scope: ScopeKey, window: WindowName | None = None) -> Parts:
        """Give the values of a series by what tells them apart."""
        return self.series.get((name, scope, window), {})

    def total(self, name: str, scope: ScopeKey, window: WindowName | None = None) -> float | None:
        """Add up the values of a series that labels tell apart: kinds of one count, never reach or money."""
        parts = self.parts(name, scope, window)
        return sum(parts.values()) if parts else None

    def figure(self, kpi: Kpi, scope: ScopeKey, window: WindowName) -> Figure:
        """Give a KPI's value and bounds; the bounds of parts are no bounds of their sum."""
        shown = window if kpi.windowed else None
        value = self.total(kpi.id, scope, shown)
        if kpi.label is not None:
            return Figure(value)
        lower, upper = (self.total(f"{kpi.id}_{side}", scope, shown) for side in ("lower", "upper"))
        return Figure(value, lower, upper)

    def declared(self, name: str, *parts: str) -> float | None:
        """Give a figure of the campaign file, such as a threshold."""
        return self.parts(name, self.scope).get(parts)

    def scopes(self, name: ScopeName) -> list[ScopeKey]:
        """List the campaign's places of a kind."""
        return sorted({scope for _, scope, _ in self.series if scope.name == name})


def campaign_pages(samples: Iterable[Sample], whole: str | None = None) -> dict[str, CampaignPage]:
    """Sort a page's samples by campaign; `whole` names the one whose every series was read."""
    series: defaultdict[str, defaultdict[Key, dict[tuple[str, ...], float]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    about: dict[str, Mapping[str, str]] = {}
    for sample in samples:
        if sample.name == "kpi_campaign_info":
            about[sample.labels["campaign"]] = sample.labels
        elif (placed := _placed(sample)) is not None:
            key, parts = placed
            series[key[1].ids[0]][key][parts] = sample.value
    return {
        campaign: CampaignPage(
            campaign, labels["name"], labels["owner"], labels["currency"], labels["status"],
            series[campaign], campaign == whole,
        )
        for campaign, labels in about.items()
    }  # fmt: skip


def _placed(sample: Sample) -> tuple[Key, tuple[str, ...]] | None:
    """Take a series' name and labels apart; None where it is none of a campaign."""
    for scope in LABELS:
        if sample.name.startswith(f"kpi_{scope}_"):
            names = LABELS[scope]
            place = ScopeKey(scope, tuple(sample.labels[name] for name in names))
            other = {*names, "window", "currency"}
            parts = tuple(value for name, value in sorted(sample.labels.items()) if name not in other)
            return (sample.name.removeprefix(f"kpi_{scope}_"), place, sample.labels.get("window")), parts
    return None
