"""One campaign: its KPIs by stage of the funnel, a row each, and the selected one in words."""

from collections.abc import Mapping

from commands.kpi_format import ABSENT, short
from commands.live.cells import Cell, Column, Row, Table, bounds_text, figure_cell, old
from commands.live.history import WINDOW, History, series, sparkline
from commands.live.judging import SIGNS, verdict
from commands.live.memory import Known, Memory
from commands.live.sentences import Line, sentence
from commands.printable import printable
from models.kpis.catalogue import KPIS, kpi
from models.kpis.kpi import STAGES, Kpi
from models.readings.figure import NOTHING, Figure
from models.windows import FLIGHT, WINDOW_NAMES, WindowName

_BETTER = {"up": "higher is better", "down": "lower is better", "neutral": "neither up nor down is better"}
_TREND_WIDTH = 12
BY_STAGE: tuple[Kpi, ...] = tuple(sorted(KPIS, key=lambda entry: STAGES.index(entry.stage)))


def funnel(memory: Memory, history: History, name: str, window: WindowName, now: float) -> Table:
    """Lay out a campaign's KPIs in every window, those of the chosen window with bounds."""
    read = {one: known for one in WINDOW_NAMES if (known := memory.campaign(name, one)) is not None}
    shown = read.get(window)
    columns = (
        Column("stage", "", 11, right=False),
        Column("kpi", "KPI", 23, right=False),
        *(Column(one, f"▸{one}" if one == window else one, 9) for one in WINDOW_NAMES),
        Column("threshold", "Threshold", 10),
        Column("bounds", "95 % bounds", 17),
        Column("trend", f"Trend, {WINDOW}", _TREND_WIDTH, right=False),
    )
    rows = []
    stage = ""
    for entry in BY_STAGE:
        figures = {one: known.campaign.kpis.get(entry.id, NOTHING) for one, known in read.items()}
        trend = sparkline(series(history, name, entry.id, now), _TREND_WIDTH)
        row = _row(entry, figures, window, entry.stage if entry.stage != stage else "", trend, shown)
        stage = entry.stage
        rows.append(row if shown is None or memory.age(shown, now) is None else old(row))
    return Table(columns, tuple(rows))


def _row(
    entry: Kpi,
    figures: Mapping[WindowName, Figure],
    window: WindowName,
    stage: str,
    trend: str,
    known: Known | None,
) -> Row:
    chosen = figures.get(window if entry.windowed else FLIGHT, NOTHING)
    currency = f", {printable(known.campaign.currency)}" if known and entry.unit == "money" else ""
    limit = chosen.threshold
    return Row(
        entry.id,
        (
            Cell(stage, "dim"),
            Cell(f"{entry.short}{currency}", "strong"),
            *(_figure(entry, figures, one) for one in WINDOW_NAMES),
            Cell(f"{limit.bound} {short(limit.value, entry.form)}" if limit else "", "dim"),
            Cell(bounds_text(entry, chosen), "dim"),
            Cell(trend, "trend"),
        ),
    )


def _figure(entry: Kpi, figures: Mapping[WindowName, Figure], window: WindowName) -> Cell:
    """Write a figure; nothing where the window has not been read, or the KPI has none of its own there."""
    if window not in figures or not (entry.windowed or window == FLIGHT):
        return Cell("")
    return figure_cell(entry, figures[window])


def about_kpi(memory: Memory, name: str, identifier: str, window: WindowName) -> list[Line]:
    """Explain a KPI: what it means, its parts, its bounds and its verdict."""
    entry = kpi(identifier)
    sample = f"; misleads below {entry.sample.said('en')}" if entry.sample else ""
    lines = [
        Line(f"{entry.name.english} · {_BETTER[entry.direction]}{sample}", "strong"),
        Line(f"{entry.meaning.english.rstrip('.')} ({entry.formula.english})."),
    ]
    known = memory.campaign(name, window)
    if known is None:
        return lines
    figure = known.campaign.kpis.get(entry.id, NOTHING)
    if figure.parts:
        there = sorted(((value, part) for part, value in figure.parts.items() if value), reverse=True)
        told = " · ".join(f"{printable(part)} {value:,.0f}" for value, part in there) or ABSENT
        lines.append(Line(f"By {entry.label}, {window}: {told}", "dim"))
    said = verdict(figure)
    if said is not None:
        words = sentence(entry, known.campaign.kpis, said, known.campaign.currency)
        lines.append(Line(f"{SIGNS[said]} {window}: {words}.", said))
    elif bounds := bounds_text(entry, figure):
        lines.append(Line(f"95 % bounds, {window}: {bounds}.", "dim"))
    return lines
