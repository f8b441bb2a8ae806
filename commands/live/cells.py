"""Cells of tables: a text that is safe on a terminal, and what it is drawn as."""

from typing import Literal, NamedTuple

from commands.kpi_format import ABSENT, short
from commands.live.judging import FEW, SIGNS, Verdict, is_doubtful, verdict
from commands.printable import printable
from models.kpis import catalogue
from models.kpis.kpi import Kpi
from models.readings.figure import Figure

Look = Literal["", "strong", "dim", "old", "beyond", "early", "keeps", "trend"]
"""How a text is drawn; its meaning never hangs on that alone."""
STYLES: dict[Look, str] = {
    "": "", "strong": "bold", "dim": "dim", "old": "bright_black", "beyond": "bold red", "early": "yellow",
    "keeps": "green", "trend": "cyan",
}  # fmt: skip
"""The styles of terminals that draw them."""
LEGEND = "✓ keeps its threshold  ✗ beyond it  ? too early to say  ~ few  ▲▼ pace  – none"


class Cell(NamedTuple):
    """A text and how it is drawn."""

    text: str
    look: Look = ""


class Column(NamedTuple):
    """A column; `width` in characters."""

    key: str
    title: str
    width: int
    right: bool = True


class Row(NamedTuple):
    """A row and the key that it is found by."""

    key: str
    cells: tuple[Cell, ...]


class Table(NamedTuple):
    """Columns and rows, in their order."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def kpi_column(identifier: str, width: int) -> Column:
    """Return the column of a KPI, with its title from the catalogue."""
    return Column(identifier, catalogue.kpi(identifier).narrow, width)


def signed(text: str, said: Verdict | None) -> Cell:
    """Write a figure with the sign of its verdict."""
    return Cell(f"{SIGNS[said]} {text}".strip(), said or "")


def figure_cell(entry: Kpi, figure: Figure, said: Verdict | None = None, currency: str = "") -> Cell:
    """Write a KPI's value with its worker's verdict or the one given; its lower bound without a value."""
    text = short(figure.value, entry.form)
    if figure.value is None and figure.lower is not None:
        text = f"≥{short(figure.lower, entry.form)}"
    if currency and entry.unit == "money" and text != ABSENT:
        text = f"{text} {printable(currency)}"
    judged = verdict(figure) or said
    if judged is None and is_doubtful(figure):
        return Cell(f"{FEW}{text}", "dim")
    return signed(text, judged)


def bounds_text(entry: Kpi, figure: Figure) -> str:
    """Write a KPI's bounds; only the lower one of a cost that has brought nothing yet."""
    if figure.lower is None and figure.upper is None:
        return ""
    lower, upper = (short(side, entry.form) for side in (figure.lower, figure.upper))
    if figure.upper is None:
        return f"≥{lower}"
    return f"≤{upper}" if figure.lower is None else f"{lower} to {upper}"


def old(row: Row) -> Row:
    """Draw a row as old."""
    return Row(row.key, tuple(Cell(cell.text, "old") for cell in row.cells))


def ago(seconds: float) -> str:
    """Write an age."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
