"""Lists: a table on a terminal, plain aligned lines for pipes and logs."""

from collections.abc import Sequence

import click
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from commands.printable import printable

_GAP = 2
_NARROWEST_LAST = 24


def print_list(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their headings. Nothing is cut off: on a terminal the last column wraps."""
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(cell_len(line[column]) for line in (head, *rows)) for column in range(len(head))]
    console = Console()
    if not console.is_terminal:
        for line in (head, *rows):
            cells = (set_cell_size(cell, width + _GAP) for cell, width in zip(line, widths, strict=True))
            click.echo("".join(cells).rstrip())
        return
    needed = sum(widths[:-1]) + _GAP * (len(widths) - 1) + min(widths[-1], _NARROWEST_LAST)
    Console(width=max(console.width, needed)).print(_table(head, rows))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False)
    for title in head[:-1]:
        table.add_column(title, no_wrap=True)
    table.add_column(head[-1], overflow="fold")
    for row in rows:
        # As they are: neither markup nor names of emoji, which may be parts of an id (`:100:`).
        table.add_row(*map(Text, row))
    return table
