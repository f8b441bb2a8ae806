"""Campaigns' KPIs as tables that are printed once."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table

from commands.kpi_format import full, short
from commands.metrics_page import Sample
from models.kpis.catalogue import KPIS, kpi
from models.kpis.kpi import Kpi
from models.metrics.campaign_metrics import INFO
from models.metrics.kpi_metrics import metric_name
from models.windows import FLIGHT, WINDOW_NAMES, WindowName

_OVERVIEW = tuple(
    kpi(identifier)
    for identifier in (
        "reach_persons", "impressions", "engagement_ratio", "ctr_ratio",
        "conversions", "invested", "cpa", "roi_ratio",
    )
)  # fmt: skip


def overview(samples: Sequence[Sample], window: WindowName = FLIGHT) -> Table:
    """Lay out every campaign's main KPIs in one window, a row per campaign, in 80 columns."""
    table = Table(title=f"Campaigns, {window}", title_justify="left", box=SIMPLE, padding=(0, 1, 0, 0))
    # Where there is too little room the name is cut, never a figure.
    table.add_column("Campaign", overflow="ellipsis", min_width=8, max_width=15)
    for entry in _OVERVIEW:
        table.add_column(entry.narrow, justify="right", no_wrap=True)
    table.add_column("in", no_wrap=True, min_width=3)
    for info in _about(samples):
        own = [sample for sample in samples if sample.labels.get("campaign") == info.labels["campaign"]]
        cells = [short(_value(own, entry, window), entry.form) for entry in _OVERVIEW]
        table.add_row(escape(info.labels["campaign"]), *cells, escape(info.labels["currency"]))
    return table


def detail(samples: Sequence[Sample], campaign: str) -> Table:
    """Lay out all KPIs of one campaign, a row per KPI and a column per window."""
    own = [sample for sample in samples if sample.labels.get("campaign") == campaign]
    info = _about(own)[0]
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
    """List the campaigns on a page."""
    return [info.labels["campaign"] for info in _about(samples)]


def _about(samples: Iterable[Sample]) -> list[Sample]:
    return [sample for sample in samples if sample.name == INFO.name]


def _value(samples: Iterable[Sample], kpi: Kpi, window: WindowName) -> float | None:
    """Add up a KPI's values in a window; a KPI without windows is shown under the flight."""
    if not kpi.windowed and window != FLIGHT:
        return None
    name, labelled = metric_name("campaign", kpi), window if kpi.windowed else None
    values = [
        sample.value for sample in samples if sample.name == name and sample.labels.get("window") == labelled
    ]
    return sum(values) if values else None
