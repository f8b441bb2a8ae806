"""Campaigns' KPIs as tables for the terminal."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table

from commands.metrics_page import Sample
from models.catalogue import KPIS, Kpi
from models.windows import FLIGHT, WINDOW_NAMES, WindowName

_OVERVIEW = (
    ("Reach", "reach_persons", "short"),
    ("Impr.", "impressions", "short"),
    ("Eng.", "engagement_ratio", "short percent"),
    ("CTR", "ctr_ratio", "short percent"),
    ("Conv.", "conversions", "short"),
    ("Invested", "invested", "short"),
    ("CPA", "cpa", "short"),
    ("ROI", "roi_ratio", "short percent"),
)


def overview(samples: Sequence[Sample], window: str = "flight") -> Table:
    """Lay out every campaign's main KPIs in one window, a row a campaign, in 80 columns."""
    table = Table(title=f"Campaigns, {window}", title_justify="left", box=SIMPLE, padding=(0, 1, 0, 0))
    table.add_column("Campaign", no_wrap=True, max_width=15)
    for title, _, _ in _OVERVIEW:
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("in", no_wrap=True, min_width=3)
    for info in _of(samples, "kpi_campaign_info"):
        own = [sample for sample in samples if sample.labels.get("campaign") == info.labels["campaign"]]
        currency = info.labels["currency"]
        cells = [
            _format(_total(own, f"kpi_campaign_{name}", window), form, currency)
            for _, name, form in _OVERVIEW
        ]
        table.add_row(info.labels["campaign"], *cells, currency)
    return table


def detail(samples: Sequence[Sample], campaign: str) -> Table:
    """Lay out all KPIs of one campaign, a row a KPI and a column a window."""
    own = [sample for sample in samples if sample.labels.get("campaign") == campaign]
    (info,) = _of(own, "kpi_campaign_info")
    table = Table(title=f"{escape(info.labels['name'])} ({info.labels['status']})", title_justify="left")
    table.add_column("KPI")
    for window in WINDOW_NAMES:
        table.add_column(window, justify="right")
    for kpi in KPIS:
        values = [_value(own, kpi, window) for window in WINDOW_NAMES]
        if any(value is not None for value in values):
            form = _form(kpi)
            table.add_row(kpi.english, *(_format(value, form, info.labels["currency"]) for value in values))
    return table


def campaigns(samples: Iterable[Sample]) -> list[str]:
    """List the campaigns that the page shows."""
    return [info.labels["campaign"] for info in _of(samples, "kpi_campaign_info")]


def _form(kpi: Kpi) -> str:
    if kpi.unit == "ratio":
        return "number" if kpi.id in ("frequency_ratio", "emv_to_invested_ratio") else "percent"
    return "money" if kpi.unit == "money" else "count"


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


def _format(value: float | None, form: str, currency: str) -> str:
    if value is None:
        return "–"
    if form == "short":
        return _short(value)
    if form == "short percent":
        return f"{value:.1%}" if abs(value) < 1 else f"{value:.0%}"
    if form == "percent":
        return f"{value:.2%}"
    if form == "money":
        return f"{value:,.2f} {currency}"
    return f"{value:,.2f}" if form == "number" else f"{value:,.0f}"


def _short(value: float) -> str:
    for size, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= 10 * size or (abs(value) >= size and sign != "k"):
            return f"{value / size:,.1f}{sign}"
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:,.2f}"
