"""Campaigns' KPIs as tables that are printed once: on a terminal what fits, into a pipe everything.

Ids are never cut: on a terminal too narrow for one it is broken over lines.
"""

from collections.abc import Sequence

import click
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from commands.live.cells import LEGEND, STYLES, Cell, Column, Row, Table
from commands.live.funnel import funnel
from commands.live.memory import Memory
from commands.live.overview import Choice, overview
from commands.live.parts import parts_table
from commands.live.ranking import NAME, order_words
from commands.printable import printable
from models.scopes import ScopeName
from models.windows import WindowName

_GAP = 2
_WIDE = 1000


def print_overview(memory: Memory, choice: Choice, now: float) -> None:
    """Print a row for each campaign: its id, verdicts and main KPIs, and at last its name."""
    table = overview(memory, (), choice, now, _WIDE)
    at = {column.key: number for number, column in enumerate(table.columns)}
    order = [at["sign"], *(n for key, n in at.items() if key not in ("sign", NAME, "trend", "status"))]
    order += [at["status"], at[NAME]]
    columns = [table.columns[number] for number in order]
    ids = Column("id", "Campaign", 0, right=False)
    columns.insert(1, ids)
    columns[-1] = Column(NAME, "Name", 0, right=False)
    rows = []
    for row in table.rows:
        cells = [row.cells[number] for number in order]
        cells.insert(1, Cell(printable(row.key), "strong"))
        rows.append(Row(row.key, tuple(cells)))
    _print(
        f"Campaigns, {choice.window}, {order_words(choice.sort, choice.turned)}",
        Table(tuple(columns), tuple(rows)),
        2,
    )


def print_campaign(memory: Memory, name: str, window: WindowName, now: float) -> None:
    """Print a row for each KPI of a campaign, and a column for each window."""
    known = memory.campaign(name, window)
    assert known is not None, "what no worker shows is not printed"
    table = funnel(memory, (), name, window, now)
    keep = [number for number, column in enumerate(table.columns) if column.key not in ("stage", "trend")]
    shown = [row for row in table.rows if any(cell.text not in ("", "–") for cell in row.cells[2:-3])]
    rows = tuple(Row(row.key, tuple(row.cells[number] for number in keep)) for row in shown)
    campaign = known.campaign
    title = " · ".join(
        printable(part) for part in (campaign.name, name, campaign.status, campaign.owner) if part
    )
    _print(title, Table(tuple(table.columns[number] for number in keep), rows), 1)


def print_parts(
    memory: Memory, name: str, scope: ScopeName, window: WindowName, sort: str, now: float
) -> None:
    """Print a row for each influencer, content, channel or format of a campaign, ranked."""
    table = parts_table(memory, name, scope, window, sort, False, now)
    _print(f"{printable(name)}, {window}, {order_words(sort, False)}", table, 1)


def _print(title: str, table: Table, whole: int) -> None:
    """Print a table, of which the first columns (`whole`) are always shown in full."""
    console = Console()
    widths = [
        max(cell_len(text) for text in (column.title, *(row.cells[number].text for row in table.rows)))
        for number, column in enumerate(table.columns)
    ]
    if console.is_terminal:
        console.print(Text(title, "bold"))
        console.print(_fitting(table, widths, whole, console.width))
        console.print(Text(LEGEND, "dim"))
        return
    click.echo(_line([column.title for column in table.columns], table.columns, widths))
    for row in table.rows:
        click.echo(_line([cell.text for cell in row.cells], table.columns, widths))


def _line(texts: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    cells = (
        " " * (width - cell_len(text)) + text if column.right else set_cell_size(text, width)
        for text, column, width in zip(texts, columns, widths, strict=True)
    )
    return (" " * _GAP).join(cells).rstrip()


def _fitting(table: Table, widths: Sequence[int], whole: int, room: int) -> RichTable:
    """Lay out the columns that fit beside the first ones."""
    left = room - sum(widths[:whole]) - _GAP * (whole - 1)
    chosen = list(range(whole))
    for number in range(whole, len(widths)):
        left -= widths[number] + _GAP
        if left < 0:
            break
        chosen.append(number)
    drawn = RichTable(box=None, padding=(0, _GAP, 0, 0), pad_edge=False)
    for number in chosen:
        column = table.columns[number]
        drawn.add_column(column.title, justify="right" if column.right else "left", overflow="fold")
    for row in table.rows:
        drawn.add_row(*(Text(row.cells[number].text, STYLES[row.cells[number].look]) for number in chosen))
    return drawn
