"""The parts of a campaign or an influencer side by side: the keys of one scope, a row each."""

from rich.text import Text

from commands.kpi_format import full
from commands.live.cells import (
    MARK,
    Column,
    bounds_of,
    figure,
    fitting,
    heads,
    kpi_column,
    line,
    window_of_rows,
    wrapped,
)
from commands.live.judging import limit_of
from commands.live.page import CampaignPage
from commands.live.scene import Scene
from commands.live.view import SCOPE_OF, Row
from models.kpis.catalogue import KPIS, kpi
from models.kpis.kpi import Kpi
from models.scopes import SCOPES, ScopeKey
from models.windows import WindowName

COLUMNS = (
    kpi_column("conversions", 5, 0),
    kpi_column("impressions", 6, 4),
    kpi_column("reach_persons", 6, 5),
    kpi_column("engagement_ratio", 7, 2),
    kpi_column("ctr_ratio", 7, 3),
    kpi_column("cpa", 8, 1),
    kpi_column("roi_ratio", 7, 6),
    kpi_column("sentiment_ratio", 7, 7),
    kpi_column("invested", 8, 8),
    kpi_column("revenue", 8, 9),
    kpi_column("emv", 8, 10),
    kpi_column("cpm", 7, 11),
    kpi_column("cpe", 7, 12),
    kpi_column("values_alignment_ratio", 7, 13),
)
TITLES = {scope.name: scope.title.english for scope in SCOPES}
_NAME = 15


def comparison(scene: Scene, height: int) -> list[Text]:
    """Draw the rows in at most `height` lines."""
    if scene.page is None:
        return []
    columns = _columns(scene)
    lines = heads(columns, under=False)
    index = scene.rows.index(scene.selected) if scene.selected else 0
    for number in window_of_rows(len(scene.rows), index, height - 1):
        lines.append(_row(scene, scene.page, scene.rows[number], columns))
    if not scene.rows:
        lines.append(Text(_nothing(scene.page), style="dim"))
    return lines


def _nothing(page: CampaignPage) -> str:
    """Say why there is no row: not read yet, or nothing to show."""
    return "Nothing is shown of it yet." if page.whole else "Reading…"


def _columns(scene: Scene) -> list[Column]:
    scope = SCOPE_OF[scene.view.screen]
    there = [column for column in COLUMNS if scope in kpi(column.id).scopes]
    chosen = fitting(there, scene.width - _NAME - 3)
    free = scene.width - _NAME - 2 - sum(column.width + 1 for column in chosen)
    name = Column("name", TITLES[scope], _NAME + min(free, 25), 0, side="left")
    return [Column("mark", "", 1, 0), name, *chosen]


def _row(scene: Scene, page: CampaignPage, row: Row, columns: list[Column]) -> Text:
    selected = row == scene.selected
    above = len(scene.view.scope.ids) if scene.view.scope else 1
    name = Text("/".join(row[above:]), style="bold reverse" if selected else "")
    scope = ScopeKey(SCOPE_OF[scene.view.screen], row)
    cells = [Text(MARK if selected else "", style="bold cyan"), name]
    cells += [figure(kpi(column.id), page, scope, scene.view.window) for column in columns[2:]]
    style = "" if scene.age(page.id) is None else "bright_black"
    return line([Text(cell.plain) for cell in cells] if style else cells, columns, style)


def about_part(scene: Scene) -> list[Text]:
    """Say in words how the figures of the selected row stand to the campaign's thresholds."""
    page = scene.page
    if page is None or scene.selected is None:
        return []
    scope = ScopeKey(SCOPE_OF[scene.view.screen], scene.selected)
    title = Text().append("/".join(scene.selected[1:]), style="bold")
    for entry in (kpi("invested"), kpi("revenue")):
        value = page.figure(entry, scope, scene.view.window).value
        title.append(f" · {entry.name.english} {full(value, entry.form, page.currency)}", style="dim")
    remarks = [
        part
        for entry in KPIS
        if (text := _beside_limit(page, entry, scope, scene.view.window))
        for part in wrapped(text, scene.width, "dim")
    ]
    return [title, *remarks]


def _beside_limit(page: CampaignPage, entry: Kpi, scope: ScopeKey, window: WindowName) -> str:
    """Put a figure and its bounds beside the campaign's threshold, without a verdict: parts have none."""
    bound, limit = limit_of(page, entry)
    found = page.figure(entry, scope, window)
    if limit is None or found == (None, None, None):
        return ""

    def say(value: float | None) -> str:
        return full(value, entry.form, page.currency)

    between = bounds_of(page, entry, scope, window)
    sides = f", 95 % bounds {between}" if between else ""
    kind = "maximum" if bound == "max" else "minimum"
    return f"{entry.short} {say(found.value)}{sides}; the campaign's {kind} is {say(limit)}."
