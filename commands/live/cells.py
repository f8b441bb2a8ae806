"""Cells and lines: the signs, the colours, and columns of a fixed width."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.text import Text

from commands.kpi_format import ABSENT, short
from commands.live.judging import Verdict, is_doubtful, judge
from commands.live.page import CampaignPage
from models.kpis import catalogue
from models.kpis.kpi import Bound, Kpi
from models.scopes import ScopeKey
from models.windows import WindowName

SIGNS: dict[Verdict | None, str] = {"beyond": "✗", "early": "?", "keeps": "✓", None: " "}
STYLES: dict[Verdict | None, str] = {"beyond": "bold red", "early": "yellow", "keeps": "green", None: ""}
FEW = "~"
LEGEND = "✓ keeps its threshold  ✗ beyond it  ? too early to say  ~ few  ▲▼ pace  – none"
MARK = "▸"
_LIMITS: dict[Bound, str] = {"min": "min", "max": "least/max"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it shows, its title (and the text under it), its width.

    If not all columns fit, those of the highest `rank` are left out.
    """

    id: str
    title: str
    width: int
    rank: int
    under: str = ""
    side: Literal["left", "right"] = "right"


def kpi_column(identifier: str, width: int, rank: int, under: str = "") -> Column:
    """Return the column of a KPI, with its title from the catalogue and the kind of its limit under it."""
    entry = catalogue.kpi(identifier)
    limit = _LIMITS[entry.threshold.bound] if entry.threshold else ""
    return Column(identifier, entry.narrow, width, rank, under or limit)


def fitting(columns: Sequence[Column], width: int) -> list[Column]:
    """Choose the columns that fit side by side with a blank between them, in their order."""
    chosen: list[Column] = []
    for column in sorted(columns, key=lambda column: column.rank):
        if sum(other.width + 1 for other in chosen) + column.width > width:
            break
        chosen.append(column)
    return [column for column in columns if column in chosen]


def line(cells: Sequence[Text | str], columns: Sequence[Column], style: str = "") -> Text:
    """Put cells side by side, each cut or padded to its column's width."""
    result = Text(no_wrap=True, overflow="ellipsis", style=style)
    for number, (cell, column) in enumerate(zip(cells, columns, strict=True)):
        text = Text(cell) if isinstance(cell, str) else cell.copy()
        text.overflow = "ellipsis"
        text.align(column.side, column.width)
        result.append(" " if number else "").append_text(text)
    return result


def heads(columns: Sequence[Column], under: bool) -> list[Text]:
    """Write the titles, and the text under them if there is room for two lines."""
    lines = [line([column.title for column in columns], columns, "bold")]
    if under:
        lines.append(line([column.under for column in columns], columns, "dim"))
    return lines


def signed(text: str, verdict: Verdict | None) -> Text:
    """Write a figure with the sign and colour of its verdict."""
    return Text(f"{SIGNS[verdict]} {text}".strip(), style=STYLES[verdict])


def figure(kpi: Kpi, page: CampaignPage, scope: ScopeKey, window: WindowName, currency: bool = False) -> Text:
    """Write a KPI's value with its verdict; its lower bound if there is no value."""
    found = page.figure(kpi, scope, window)
    judgement = judge(page, kpi, scope, window)
    form = kpi.form
    text = short(found.value, form)
    if found.value is None and found.lower is not None:
        text = f"≥{short(found.lower, form)}"
    if currency and kpi.unit == "money" and text != ABSENT:
        text = f"{text} {page.currency}"
    if judgement is None and is_doubtful(page, kpi, scope, window):
        return Text(f"{FEW}{text}", style="dim")
    return signed(text, judgement.verdict if judgement else None)


def bounds_of(page: CampaignPage, kpi: Kpi, scope: ScopeKey, window: WindowName) -> str:
    """Write a KPI's bounds; only the lower one of a cost that has brought nothing yet."""
    found = page.figure(kpi, scope, window)
    if found.lower is None and found.upper is None:
        return ""
    lower, upper = (short(side, kpi.form) for side in (found.lower, found.upper))
    return f"≥{lower}" if found.upper is None else f"{lower} to {upper}"


def wrapped(text: str, width: int, style: str = "") -> list[Text]:
    """Wrap a sentence into lines."""
    return [Text(part, style=style) for part in textwrap.wrap(text, max(10, width))]


def window_of_rows(count: int, index: int, room: int) -> range:
    """Choose the rows to show so that the one at an index is among them."""
    room = max(1, room)
    first = min(max(0, index - room // 2), max(0, count - room))
    return range(first, min(count, first + room))


def ago(seconds: float) -> str:
    """Write an age."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
