"""All campaigns: a row each, and the selected one's figures in words."""

from dataclasses import dataclass

from commands.kpi_format import ABSENT, full
from commands.live import judging
from commands.live.cells import Cell, Column, Row, Table, ago, figure_cell, kpi_column, old, signed
from commands.live.history import WINDOW, History, series, sparkline
from commands.live.memory import Known, Memory
from commands.live.ranking import NAME, WORST, parse_filter, passes, rank_campaigns
from commands.live.sentences import Line, budget_line, verdict_lines
from commands.printable import printable
from models.kpis.catalogue import kpi
from models.readings.figure import NOTHING
from models.readings.views import CampaignFigures
from models.windows import FLIGHT, WindowName

TREND = kpi("impressions")
_TREND_WIDTH = 12
_COLUMNS = (
    kpi_column("pacing_ratio", 6), kpi_column("budget_spent_ratio", 6), kpi_column("cpa", 13),
    kpi_column("engagement_ratio", 7), kpi_column("ctr_ratio", 7), kpi_column("roi_ratio", 7),
    kpi_column("sentiment_ratio", 7), kpi_column("authenticity_ratio", 7), kpi_column("conversions", 6),
    Column("trend", "Impr., 5m", _TREND_WIDTH, right=False),
    kpi_column("impressions", 7), kpi_column("reach_persons", 7), kpi_column("revenue", 8),
    kpi_column("invested", 8), kpi_column("emv", 8),
)  # fmt: skip
_UNSORTED = ("trend", "revenue", "invested", "emv")
SORTS = (WORST, NAME, *(column.key for column in _COLUMNS if column.key not in _UNSORTED))
"""No money but costs per conversion: campaigns may have different currencies."""
OVERVIEW_KPIS = (
    *(column.key for column in _COLUMNS if column.key != "trend"),
    "forecast_spent_ratio", "goal_conversions", "estimated_reach_persons", "rated_mentions",
    "judged_interactions",
)  # fmt: skip
"""What a worker is asked for: the columns, and what sentences about them say."""
_LEAST_NAME, _MOST_NAME = 12, 32


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user chose to see: a window, an order, a filter."""

    window: WindowName = FLIGHT
    sort: str = WORST
    turned: bool = False
    filter: str = ""


def chosen(memory: Memory, choice: Choice) -> list[Known]:
    """List the campaigns that pass the filter, in their order."""
    flight = {name: known.campaign for name, known in memory.campaigns(FLIGHT).items()}
    known = memory.campaigns(choice.window)
    wanted = parse_filter(choice.filter)
    passing = [one.campaign for name, one in known.items() if passes(flight.get(name, one.campaign), wanted)]
    return [known[one.id] for one in rank_campaigns(passing, flight, choice.sort, choice.turned)]


def overview(memory: Memory, history: History, choice: Choice, now: float, width: int) -> Table:
    """Lay out the campaigns for a screen of so many characters."""
    known = chosen(memory, choice)
    longest = max((len(printable(one.campaign.name)) for one in known), default=0)
    name = Column(NAME, "Campaign", max(_LEAST_NAME, min(longest, _MOST_NAME, width // 3)), right=False)
    state = Column("status", "Status", 9, right=False)
    rows = (_row(memory, history, one, now) for one in known)
    return Table((Column("sign", "", 1), name, state, *_COLUMNS), tuple(rows))


def _row(memory: Memory, history: History, known: Known, now: float) -> Row:
    campaign, age = known.campaign, memory.age(known, now)
    said = judging.worst(campaign)
    cells = (
        Cell(judging.SIGNS[said], said or ""),
        Cell(printable(campaign.name or campaign.id), "strong"),
        Cell(campaign.status if age is None else f"{ago(age)} old", "dim"),
        *(_cell(column, campaign, history, now) for column in _COLUMNS),
    )
    row = Row(campaign.id, cells)
    return row if age is None else old(row)


def _cell(column: Column, campaign: CampaignFigures, history: History, now: float) -> Cell:
    if column.key == "trend":
        return Cell(sparkline(series(history, campaign.id, TREND.id, now), _TREND_WIDTH), "trend")
    entry, figure = kpi(column.key), campaign.kpis.get(column.key, NOTHING)
    if entry.id == "pacing_ratio":
        return _pace(campaign)
    if entry.id == "budget_spent_ratio":
        text = ABSENT if figure.value is None else f"{figure.value:.0%}"
        return signed(text, "beyond" if (figure.value or 0) > 1 else None)
    return figure_cell(entry, figure, currency=campaign.currency if entry.id == "cpa" else "")


def _pace(campaign: CampaignFigures) -> Cell:
    pace = campaign.kpis.get("pacing_ratio", NOTHING).value
    said = judging.concern(campaign, "overspend", "underspend")
    if pace is None:
        return Cell(ABSENT)
    if said != "beyond":
        return signed(f"{pace:.2f}", said)
    return Cell(f"{'▲' if campaign.concerns.get('overspend') == -1 else '▼'} {pace:.2f}", "beyond")


def about_campaign(memory: Memory, history: History, name: str, choice: Choice, now: float) -> list[Line]:
    """Say in words what the figures of a campaign say, the worst first."""
    known = memory.campaigns(choice.window).get(name)
    if known is None:
        return []
    campaign = known.campaign
    about = (campaign.id, campaign.status, campaign.owner)
    title = " · ".join(printable(part) for part in (campaign.name, *about) if part)
    value = campaign.kpis.get(TREND.id, NOTHING).value if choice.window == WINDOW else None
    trend = sparkline(series(history, campaign.id, TREND.id, now), 60)
    written = full(value, TREND.form, "") + " " if value is not None else ""
    lines = [Line(title, "strong"), *budget_line(campaign), *verdict_lines(campaign)]
    return [*lines, Line(f"{TREND.short} in 5 minutes, {_watched(history, now)}: {written}{trend}", "dim")]


def _watched(history: History, now: float) -> str:
    """Say how far the trends reach back."""
    if not history:
        return "not read yet"
    minutes = int(now // 60) - history[0][0] + 1
    return f"the last {min(60, minutes)} min"
