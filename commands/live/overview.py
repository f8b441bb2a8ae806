"""The overview: a row per campaign, and the selected one's figures in words."""

from dataclasses import replace

from rich.text import Text

from commands.kpi_format import ABSENT, full, short
from commands.live.cells import (
    MARK,
    SIGNS,
    STYLES,
    Column,
    ago,
    figure,
    fitting,
    heads,
    kpi_column,
    line,
    window_of_rows,
    wrapped,
)
from commands.live.history import WINDOW
from commands.live.judging import (
    BUDGET_SPENT,
    FORECAST,
    PACING,
    Verdict,
    judge,
    judge_all,
    judge_budget,
    judge_pacing,
    judge_silence,
    sentence,
)
from commands.live.page import CampaignPage
from commands.live.scene import Scene
from models.kpis.catalogue import kpi
from models.metrics.campaign_metrics import BUDGET
from models.windows import FLIGHT

_LEFT, _LEFT_WIDE, _WIDE = 16, 29, 100
_NUMBERED = 9
_TREND = kpi("impressions")
COLUMNS = (
    Column("budget", f"{PACING.narrow} {BUDGET_SPENT.narrow}", 12, 1, _TREND.short.lower()),
    kpi_column("cpa", 12, 0),
    kpi_column("engagement_ratio", 7, 3),
    kpi_column("ctr_ratio", 7, 4),
    kpi_column("roi_ratio", 7, 2),
    kpi_column("sentiment_ratio", 7, 5),
    kpi_column("conversions", 5, 6),
    Column("trend", _TREND.short, 14, 7, side="left"),
    kpi_column("reach_persons", 7, 8),
    kpi_column("revenue", 11, 9),
    kpi_column("invested", 11, 10, "of"),
)
_BUDGET = (kpi_column(PACING.id, 6, 0), kpi_column(BUDGET_SPENT.id, 5, 0))


def overview(scene: Scene, height: int) -> list[Text]:
    """Draw the campaigns in at most `height` lines: two for each if there is room for all."""
    columns = _columns(scene)
    tall = 2 * len(scene.rows) + 2 <= height
    lines = heads(columns, tall)
    index = scene.rows.index(scene.selected) if scene.selected else 0
    for number in window_of_rows(len(scene.rows), index, (height - len(lines)) // (1 + tall)):
        lines += _campaign(scene, number, columns, tall)
    return lines


def _columns(scene: Scene) -> list[Column]:
    left = _LEFT if scene.width < _WIDE else _LEFT_WIDE
    chosen = fitting(COLUMNS, scene.width - left - 1)
    if any(column.id == "trend" for column in chosen):
        words = {"trend": scene.watched(), "budget": ""}
        chosen = [replace(column, under=words.get(column.id, column.under)) for column in chosen]
    return [Column("name", "   Campaign", left, 0, "   status", "left"), *chosen]


def _campaign(scene: Scene, number: int, columns: list[Column], tall: bool) -> list[Text]:
    (campaign,) = scene.rows[number]
    page, age = scene.pages[campaign], scene.age(campaign)
    first = [_name(scene, number, columns[0].width)]
    first += [_cell(scene, column, page, "" if tall else _state(page, age)) for column in columns[1:]]
    style = "" if age is None else "bright_black"
    if age is not None:
        first = [Text(cell.plain) for cell in first]
    under = Text(f"   {_state(page, age)}{'' if age is None else ' old'}")
    second = [under, *(Text(_under(scene, column, page, columns)) for column in columns[1:])]
    lines = [line(first, columns, style)]
    return [*lines, line(second, columns, style or "dim")] if tall else lines


def _name(scene: Scene, number: int, width: int) -> Text:
    """Write number and name, or the id if there is little room."""
    (campaign,) = scene.rows[number]
    selected = (campaign,) == scene.selected
    text = Text().append(MARK if selected else " ", style="bold cyan")
    text.append(f"{number + 1} " if number < _NUMBERED else "  ", style="dim")
    name = Text(scene.pages[campaign].name if width == _LEFT_WIDE else campaign, overflow="ellipsis")
    name.truncate(width - 3)
    return text.append(name.plain, style="bold reverse" if selected else "bold")


def _state(page: CampaignPage, age: float | None) -> str:
    return page.status if age is None else ago(age)


def _cell(scene: Scene, column: Column, page: CampaignPage, state: str) -> Text:
    window = scene.view.window
    if column.id == "budget":
        return _budget(page, state)
    if column.id == "trend":
        return Text(scene.trend(page.id, _TREND, column.width), style="cyan")
    return figure(kpi(column.id), page, page.scope, window, currency=True)


def _budget(page: CampaignPage, state: str) -> Text:
    """Write pace and share spent side by side; the state in place of the pace if no second line has it."""
    spent, verdict = page.total(BUDGET_SPENT, page.scope, FLIGHT), judge_pacing(page)
    pace = Text(_pace(page, verdict) if state in ("", "running") else state, style=STYLES[verdict])
    share = ABSENT if spent is None else f"{spent:.0%}"
    over = Text(f"{SIGNS['beyond']}{share}", style=STYLES["beyond"])
    return line([pace, over if judge_budget(page) == "beyond" else share], _BUDGET)


def _pace(page: CampaignPage, verdict: Verdict | None) -> str:
    pace = page.total(PACING, page.scope, FLIGHT)
    return ABSENT if pace is None else f"{_pace_sign(page, verdict)} {pace:.2f}"


def _pace_sign(page: CampaignPage, verdict: Verdict | None) -> str:
    if verdict != "beyond":
        return SIGNS[verdict]
    return "▲" if page.concern("overspend") == -1 else "▼"


def _under(scene: Scene, column: Column, page: CampaignPage, columns: list[Column]) -> str:
    """Write a row's second line: the limits that the figures above are compared with."""
    if column.id == "trend":
        return ""
    if column.id == "budget":
        budget = page.declared(BUDGET)
        if any(other.id == "trend" for other in columns):
            return "" if budget is None else f"of {short(budget, 'money')}"
        return scene.trend(page.id, _TREND, column.width)
    if column.id == "invested":
        return short(page.declared(BUDGET), "money")
    judgement = judge(page, kpi(column.id), page.scope, scene.view.window)
    if judgement is None:
        return ""
    form = judgement.kpi.form
    limit = short(judgement.limit, form)
    return f"{short(judgement.likely.lower, form)}/{limit}" if judgement.bound == "max" else limit


def about_selected(scene: Scene) -> list[Text]:
    """Say in words what the figures of the selected row say, the worst first."""
    if scene.selected is None:
        return []
    page = scene.pages[scene.selected[0]]
    title = Text().append(page.name, style="bold")
    title.append("".join(f" · {word}" for word in (page.id, page.status, page.owner) if word), style="dim")
    return [title, _trend_line(scene, page), *_remarks(scene, page)]


def _remarks(scene: Scene, page: CampaignPage) -> list[Text]:
    found = [
        (f"{SIGNS[j.verdict]} {sentence(j, page.currency)}.", STYLES[j.verdict])
        for j in judge_all(page, page.scope, scene.view.window)
        if j.verdict != "keeps"
    ]
    if "beyond" in (judge_pacing(page), judge_budget(page)):
        found.insert(0, (_budget_sentence(page), STYLES["beyond"]))
    if judge_silence(page) == "beyond":
        silent = f"{SIGNS['beyond']} Silent for longer than its own rhythm explains: likely interrupted."
        found.insert(0, (silent, STYLES["beyond"]))
    if not found:
        found = [(f"{SIGNS['keeps']} Nothing is beyond its threshold.", STYLES["keeps"])]
    return [part for text, style in found for part in wrapped(text, scene.width, style)]


def _budget_sentence(page: CampaignPage) -> str:
    spent, forecast = (page.figure(entry, page.scope, FLIGHT) for entry in (BUDGET_SPENT, FORECAST))
    budget = full(page.declared(BUDGET), "money", page.currency)
    so_far = ABSENT if spent.value is None else f"{spent.value:.0%}"
    sign = _pace_sign(page, "beyond") if judge_pacing(page) == "beyond" else SIGNS["beyond"]
    end = ""
    if forecast.lower is not None and forecast.upper is not None:
        end = f": likely {forecast.lower:.0%} to {forecast.upper:.0%} by the end of the flight"
    return f"{sign} {so_far} of {budget} is spent{end}."


def _trend_line(scene: Scene, page: CampaignPage) -> Text:
    """Draw the impressions of the last hour; a character stands for a minute or more."""
    value = short(page.total(_TREND, page.scope, WINDOW), _TREND.form)
    text = Text(f"{_TREND.short} in 5 minutes: {value} now, {scene.watched()} ", style="dim")
    return text.append(scene.trend(page.id, _TREND, min(60, scene.width - text.cell_len)), style="cyan")
