"""The KPIs of a scope key by stage of the funnel and window, and an explanation of the selected one."""

from collections.abc import Sequence

from rich.text import Text

from commands.kpi_format import ABSENT, full, short
from commands.live.cells import (
    MARK,
    SIGNS,
    STYLES,
    Column,
    bounds_of,
    figure,
    fitting,
    line,
    window_of_rows,
    wrapped,
)
from commands.live.history import WINDOW
from commands.live.judging import judge, limit_of, sentence
from commands.live.page import CampaignPage
from commands.live.rows import kpi_of
from commands.live.scene import Scene
from models.kpis.kpi import Kpi
from models.scopes import ScopeKey
from models.windows import FLIGHT

_BETTER = {"up": "higher is better", "down": "lower is better", "neutral": "neither up nor down is better"}


def kpi_screen(scene: Scene, height: int) -> list[Text]:
    """Draw the KPIs in at most `height` lines."""
    page, scope = scene.page, scene.view.scope
    if page is None or scope is None:
        return []
    columns = _columns(scene)
    lines = [_head(scene, columns)]
    index = scene.rows.index(scene.selected) if scene.selected else 0
    shown = window_of_rows(len(scene.rows), index, height - 1)
    for number in shown:
        stage = kpi_of(scene.rows[number]).stage
        new = number == shown.start or kpi_of(scene.rows[number - 1]).stage != stage
        lines.append(_row(scene, page, scope, number, columns, stage if new else ""))
    return lines


def _columns(scene: Scene) -> list[Column]:
    wide = scene.width >= 110
    texts = [
        Column("stage", "", 12, 2, side="left"),
        Column("kpi", "KPI", 32 if wide else 18, 0, side="left"),
    ]
    columns = [
        *texts,
        *(Column(window, window, _width(scene, wide, texts), 1) for window in scene.view.windows),
        Column("threshold", "threshold", 12, 3),
        Column("bounds", f"95 % bounds, {scene.view.window}", 21, 4),
    ]
    return [Column("mark", "", 1, -1), *fitting(columns, scene.width - 2)]


def _width(scene: Scene, wide: bool, others: Sequence[Column]) -> int:
    """Return the width of a window's column: as usual, or what leaves room for the other columns."""
    usual, least = (11, 11) if wide else (10, 8)
    windows = len(scene.view.windows)
    room = scene.width - 2 - sum(column.width + 1 for column in others)
    return max(least, min(usual, (room + 1) // windows - 1))


def _head(scene: Scene, columns: list[Column]) -> Text:
    titles = [
        Text().append(column.title, style="bold underline" if column.id == scene.view.window else "bold")
        for column in columns
    ]
    return line(titles, columns)


def _row(
    scene: Scene, page: CampaignPage, scope: ScopeKey, number: int, columns: list[Column], stage: str
) -> Text:
    row = scene.rows[number]
    kpi = kpi_of(row)
    selected = row == scene.selected
    cells: dict[str, Text] = {
        "mark": Text(MARK if selected else "", style="bold cyan"),
        "stage": Text(stage, style="dim"),
        "kpi": Text(_label(kpi, page, scene.width), style="bold reverse" if selected else ""),
        "threshold": Text(_threshold(page, kpi), style="dim"),
        "bounds": Text(bounds_of(page, kpi, scope, scene.view.window), style="dim"),
    }
    for window in scene.view.windows:
        shown = kpi.windowed or window == FLIGHT
        cells[window] = figure(kpi, page, scope, window) if shown else Text("")
    style = "" if scene.age(page.id) is None else "bright_black"
    chosen = [cells[column.id] for column in columns]
    return line([Text(cell.plain) for cell in chosen] if style else chosen, columns, style)


def _label(kpi: Kpi, page: CampaignPage, width: int) -> str:
    name = kpi.name.english if width >= 110 else kpi.short
    return f"{name}, {page.currency}" if kpi.unit == "money" else name


def _threshold(page: CampaignPage, kpi: Kpi) -> str:
    bound, limit = limit_of(page, kpi)
    return "" if limit is None else f"{bound} {short(limit, kpi.form)}"


def about_kpi(scene: Scene) -> list[Text]:
    """Explain the selected KPI: what it means, its bounds in every window, and its verdict."""
    page, scope = scene.page, scene.view.scope
    if page is None or scope is None or scene.selected is None:
        return []
    kpi = kpi_of(scene.selected)
    title = Text().append(kpi.name.english, style="bold")
    sample = f"; misleads below {kpi.sample.said('en')}" if kpi.sample else ""
    title.append(f" · {_BETTER[kpi.direction]}{sample}", style="dim")
    lines = [title, *wrapped(f"{kpi.meaning.english.rstrip('.')} ({kpi.formula.english}).", scene.width)]
    lines += _parts(scene, page, kpi, scope)
    lines += _bounds_line(scene, page, kpi, scope)
    if judgement := judge(page, kpi, scope, scene.view.window):
        text = f"{SIGNS[judgement.verdict]} {scene.view.window}: {sentence(judgement, page.currency)}."
        lines += wrapped(text, scene.width, STYLES[judgement.verdict])
    return [*lines, *_trend(scene, page, kpi, scope)]


def _parts(scene: Scene, page: CampaignPage, kpi: Kpi, scope: ScopeKey) -> list[Text]:
    if kpi.label is None:
        return []
    parts = page.parts(kpi, scope, scene.view.window)
    there = sorted(((value, part) for (part,), value in parts.items() if value), reverse=True)
    text = " · ".join(f"{part} {value:,.0f}" for value, part in there)
    return wrapped(f"By {kpi.label}, {scene.view.window}: {text or ABSENT}", scene.width, "dim")


def _bounds_line(scene: Scene, page: CampaignPage, kpi: Kpi, scope: ScopeKey) -> list[Text]:
    told = [(window, bounds_of(page, kpi, scope, window)) for window in scene.view.windows]
    text = " · ".join(f"{window} {bounds}" for window, bounds in told if bounds)
    return (
        wrapped(f"{kpi.bounds.percent} % bounds: {text}", scene.width, "dim") if text and kpi.bounds else []
    )


def _trend(scene: Scene, page: CampaignPage, kpi: Kpi, scope: ScopeKey) -> list[Text]:
    if scope.name != "campaign" or not kpi.windowed:
        return []
    value = full(page.figure(kpi, scope, WINDOW).value, kpi.form, page.currency)
    text = Text(f"In 5 minutes: {value} now, {scene.watched()} ", style="dim", no_wrap=True)
    return [text.append(scene.trend(page.id, kpi, min(60, scene.width - text.cell_len)), style="cyan")]
