"""The widgets of the app: a table that redraws only what changed, and lines of words."""

from collections.abc import Iterable

from rich.text import Text
from textual.binding import Binding
from textual.coordinate import Coordinate
from textual.widgets import DataTable, Static

from commands.live.cells import STYLES, Cell, Column, Row, Table
from commands.live.sentences import Line


class KpiTable(DataTable[Text]):
    """Rows of KPIs with a cursor; scrolls both ways, and a click on a heading sorts."""

    BINDINGS = [  # noqa: RUF012  Textual's way to extend them
        Binding("enter", "select_cursor", "Open"),
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("g,home", "scroll_top", show=False),
        Binding("G,end", "scroll_bottom", show=False),
    ]

    def __init__(self, fixed_columns: int) -> None:
        super().__init__(
            cursor_type="row",
            fixed_columns=fixed_columns,
            cell_padding=0,
            cursor_foreground_priority="renderable",
        )
        self._columns: tuple[Column, ...] = ()
        self._rows: tuple[Row, ...] = ()

    @property
    def selected(self) -> str | None:
        """The key of the row that the cursor is on."""
        row = self.cursor_row
        return self._rows[row].key if 0 <= row < len(self._rows) else None

    def show(self, table: Table) -> None:
        """Show a table: the cursor stays on its row, and only cells that changed are drawn again."""
        selected = self.selected
        with self.app.batch_update():
            if table.columns != self._columns:
                self._begin(table.columns)
            elif len(table.rows) < len(self._rows):
                self.clear()
                self._rows = ()
            for number, row in enumerate(table.rows):
                self._put(number, row, table.columns)
        self._columns, self._rows = table
        self._select(selected)

    def _begin(self, columns: tuple[Column, ...]) -> None:
        self.clear(columns=True)
        self._rows = ()
        for number, column in enumerate(columns):
            title = _text(Cell(column.title), column, number)
            self.add_column(title, width=column.width + (number > 0), key=column.key)

    def _put(self, number: int, row: Row, columns: tuple[Column, ...]) -> None:
        """Write a row into its place: places stay, what is shown in them changes."""
        if number >= len(self._rows):
            texts = (_text(cell, columns[at], at) for at, cell in enumerate(row.cells))
            self.add_row(*texts)
        elif row != self._rows[number]:
            for at, (was, cell) in enumerate(zip(self._rows[number].cells, row.cells, strict=True)):
                if was != cell:
                    self.update_cell_at(Coordinate(number, at), _text(cell, columns[at], at))

    def _select(self, key: str | None) -> None:
        row = next((number for number, row in enumerate(self._rows) if row.key == key), None)
        if row is not None and row != self.cursor_row:
            self.move_cursor(row=row)


def _text(cell: Cell, column: Column, number: int) -> Text:
    """Return a cell as wide as its column, with the gap before it."""
    text = Text(cell.text, STYLES[cell.look], no_wrap=True)
    text.truncate(column.width, overflow="ellipsis")
    text.align("right" if column.right else "left", column.width)
    if number:
        text.pad_left(1)
    return text


class Lines(Static):
    """Sentences, one below the other; what does not fit is cut off at the bottom."""

    def show(self, lines: Iterable[Line], wrap: bool = True) -> None:
        """Show sentences in place of those before, each on one line unless they wrap."""
        text = Text("\n").join(Text(line.text, STYLES[line.look]) for line in lines)
        if not wrap:
            text.no_wrap, text.overflow = True, "ellipsis"
        self.update(text, layout=False)
