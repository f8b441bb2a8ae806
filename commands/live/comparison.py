"""Influencers, contents or channels of a place side by side."""

from rich.text import Text

from commands.kpi_format import full
from commands.live.cells import (
    MARK,
    SIGNS,
    STYLES,
    Column,
    figure,
    fitting,
    heads,
    line,
    window_of_rows,
    wrapped,
)
from commands.live.judging import judge_all, sentence
from commands.live.page import CampaignPage
from commands.live.rows import BY_ID
from commands.live.scene import Scene
from commands.live.view import PLACES, Row
from models.scopes import ScopeKey

COLUMNS = (
    Column("conversions", "Conv.", 5, 0),
    Column("impressions", "Impr.", 6, 4),
    Column("reach_persons", "Reach", 6, 5),
    Column("engagement_ratio", "Eng.", 7, 2),
    Column("ctr_ratio", "CTR", 7, 3),
    Column("cpa", "CPA", 8, 1),
    Column("roi_ratio", "ROI", 7, 6),
    Column("sentiment_ratio", "Sent.", 7, 7),
    Column("invested", "Invested", 8, 8),
    Column("revenue", "Revenue", 8, 9),
    Column("emv", "EMV", 8, 10),
    Column("cpm", "CPM", 7, 11),
    Column("cpe", "CPE", 7, 12),
    Column("values_alignment_ratio", "Values", 7, 13),
)
_NAME = 15


def comparison(scene: Scene, height: int) -> list[Text]:
    """Draw the places in at most so many lines."""
    if scene.page is None:
        return []
    columns = _columns(scene)
    lines = heads(columns, under=False)
    place = scene.rows.index(scene.selected) if scene.selected else 0
    for number in window_of_rows(len(scene.rows), place, height - 1):
        lines.append(_row(scene, scene.page, scene.rows[number], columns))
    if not scene.rows:
        lines.append(Text(_nothing(scene.page), style="dim"))
    return lines


def _nothing(page: CampaignPage) -> str:
    """Say why there is no row: not read yet, or none."""
    return "Nothing is shown of it yet." if page.whole else "Reading…"


def _columns(scene: Scene) -> list[Column]:
    scope = PLACES[scene.view.screen]
    there = [column for column in COLUMNS if scope in BY_ID[column.id].scopes]
    chosen = fitting(there, scene.width - _NAME - 3)
    free = scene.width - _NAME - 2 - sum(column.width + 1 for column in chosen)
    name = Column("name", scope.capitalize(), _NAME + min(free, 25), 0, side="left")
    return [Column("mark", "", 1, 0), name, *chosen]


def _row(scene: Scene, page: CampaignPage, row: Row, columns: list[Column]) -> Text:
    selected = row == scene.selected
    above = len(scene.view.scope.ids) if scene.view.scope else 1
    name = Text("/".join(row[above:]), style="bold reverse" if selected else "")
    scope = ScopeKey(PLACES[scene.view.screen], row)
    cells = [Text(MARK if selected else "", style="bold cyan"), name]
    cells += [figure(BY_ID[column.id], page, scope, scene.view.window) for column in columns[2:]]
    style = "" if scene.age(page.id) is None else "bright_black"
    return line([Text(cell.plain) for cell in cells] if style else cells, columns, style)


def about_place(scene: Scene) -> list[Text]:
    """Say of the selected place how its figures stand to the campaign's thresholds."""
    page = scene.page
    if page is None or scene.selected is None:
        return []
    scope = ScopeKey(PLACES[scene.view.screen], scene.selected)
    title = Text().append("/".join(scene.selected[1:]), style="bold")
    for kpi in (BY_ID["invested"], BY_ID["revenue"]):
        value = page.figure(kpi, scope, scene.view.window).value
        title.append(f" · {kpi.name.english} {full(value, 'money', page.currency)}", style="dim")
    remarks = [
        part
        for j in judge_all(page, scope, scene.view.window)
        for part in wrapped(
            f"{SIGNS[j.verdict]} {sentence(j, page.currency)}.", scene.width, STYLES[j.verdict]
        )
    ]
    return [title, *remarks]
