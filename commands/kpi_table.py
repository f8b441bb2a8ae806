"""Campaigns' KPIs as tables, for what is printed once."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table

from commands.kpi_format import full, short
from commands.metrics_page import Sample
from models.kpis.catalogue import KPIS, kpi
from models.kpis.kpi import Kpi
from models.windows import FLIGHT, WINDOW_NAMES, WindowName

_OVERVIEW = (
    ("Reach", "reach_persons"),
    ("Impr.", "impressions"),
    ("Eng.", "engagement_ratio"),
    ("CTR", "ctr_ratio"),
    ("Conv.", "conversions"),
    ("Invested", "invested"),
    ("CPA", "cpa"),
    ("ROI", "roi_ratio"),
)


def overview(samples: Sequence[Sample], window: str = "flight") -> Table:
    """Lay out every campaign's main KPIs in one window, a row a campaign, in 80 columns."""
    table = Table(title=f"Campaigns, {window}", title_justify="left", box=SIMPLE, padding=(0, 1, 0, 0))
    # Where it is too narrow this one gives way, and no figure.
    table.add_column("Campaign", overflow="ellipsis", min_width=8, max_width=15)
    for title, _ in _OVERVIEW:
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("in", no_wrap=True, min_width=3)
    for info in _of(samples, "kpi_campaign_info"):
        own = [sample for sample in samples if sample.labels.get("campaign") == info.labels["campaign"]]
        cells = [short(_total(own, f"kpi_campaign_{name}", window), kpi(name).form) for _, name in _OVERVIEW]
        table.add_row(info.labels["campaign"], *cells, info.labels["currency"])
    return table


def detail(samples: Sequence[Sample], campaign: str) -> Table:
    """Lay out all KPIs of one campaign, a row a KPI and a column a window."""
    own = [sample for sample in samples if sample.labels.get("campaign") == campaign]
    info = _of(own, "kpi_campaign_info")[0]
    table = Table(title=f"{escape(info.labels['name'])} ({info.labels['status']})", title_justify="left")
    table.add_column("KPI")
    for window in WINDOW_NAMES:
        table.add_column(window, justify="right")
    for entry in KPIS:
        values = [_value(own, entry, window) for window in WINDOW_NAMES]
        if any(value is not None for value in values):
            cells = [full(value, entry.form, info.labels["currency"]) for value in values]
            table.add_row(entry.name.english, *cells)
    return table


def campaigns(samples: Iterable[Sample]) -> list[str]:
    """List the campaigns that the page shows."""
    return [info.labels["campaign"] for info in _of(samples, "kpi_campaign_info")]


def _of(samples: Iterable[Sample], name: str) -> list[Sample]:
    return [sample for sample in samples if sample.name == name]


def _value(samples: Iterable[Sample], kpi: Kpi, window: WindowName) -> float | None:
    """Find a KPI's total in a window; what no window changes stands under the flight."""
    labelled = window if kpi.windowed else None
    shown = kpi.windowed or window == FLIGHT
    return _total(samples, f"kpi_campaign_{kpi.id}", labelled) if shown else None


def _total(samples: Iterable[Sample], name: str, window: str | None) -> float | None:
    values = [
        sample.value for sample in samples if sample.name == name and sample.labels.get("window") == window
    ]
    return sum(values) if values else None
