"""What every screen of KPIs has: a head, a table, words about the selected row, keys."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import DataTable, Footer, Static

from commands.live.cells import LEGEND, Table
from commands.live.data import Data, Host
from commands.live.polling import Wishes
from commands.live.sentences import Line, worker_lines
from commands.live.widgets import KpiTable, Lines
from commands.printable import printable
from models.windows import WINDOW_NAMES, WindowName


class KpiScreen(Screen[None]):
    """A table of KPIs that follows the workers; subclasses say what is in it.

    No ABC, for Textual's screens have a metaclass of their own: mypy refuses to make one of it.
    """

    AUTO_FOCUS = "KpiTable"
    FIXED_COLUMNS: ClassVar = 1
    BINDINGS: ClassVar = [
        Binding("w", "next_window", "Window"),
        Binding("s", "next_sort", "Sort"),
        Binding("r", "turn", show=False),
    ]

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.host = host

    def compose(self) -> ComposeResult:
        """Lay the screen out, from the top."""
        with Horizontal(id="top"):
            yield Static(id="title", markup=False)
            yield Static(id="windows")
        yield Lines(id="workers")
        yield from self.above()
        yield Static(id="nothing", markup=False)
        yield KpiTable(fixed_columns=self.FIXED_COLUMNS)
        yield Lines(id="words")
        yield Static(LEGEND, id="legend", markup=False)
        yield Footer()

    def above(self) -> Iterable[Widget]:
        """Return what stands between head and table."""
        return ()

    @property
    def data(self) -> Data:
        """What is shown."""
        return self.host.data

    @property
    def now(self) -> float:
        """The Unix time."""
        return self.host.clock().timestamp()

    @property
    def window(self) -> WindowName:
        """The window that is shown."""
        return self.data.window

    @property
    def windows(self) -> tuple[WindowName, ...]:
        """The windows that can be shown here."""
        return WINDOW_NAMES

    @abstractmethod
    def wishes(self) -> Wishes:
        """Say what the workers are to be asked, and after how many seconds again."""

    @abstractmethod
    def title_text(self) -> str:
        """Name what is shown, and its order."""

    @abstractmethod
    def table(self) -> Table:
        """Return the table to show."""

    @abstractmethod
    def nothing(self) -> str:
        """Say why the table is empty."""

    @abstractmethod
    def words(self, key: str) -> list[Line]:
        """Say in words what the selected row shows."""

    def on_mount(self) -> None:
        """Show what is known already."""
        self.redraw()

    def on_resize(self) -> None:
        """Lay the columns out anew."""
        self.redraw()

    def redraw(self) -> None:
        """Draw everything that may have changed."""
        if not self._is_laid_out():
            return
        table = self.table()
        shown = self.query_one(KpiTable)
        shown.show(table)
        shown.display = bool(table.rows)
        empty = self.query_one("#nothing", Static)
        empty.display = not table.rows
        if not table.rows:
            empty.update(self.nothing())
        self._say()
        self.redraw_head()

    def redraw_head(self) -> None:
        """Draw what changes with the time of day."""
        if not self._is_laid_out():
            return
        clock = self.host.clock()
        self.query_one("#title", Static).update(
            Text(printable(self.title_text()), "bold", overflow="ellipsis", no_wrap=True), layout=False
        )
        choices = " ".join(
            f"[reverse] {one} [/]"
            if one == self.window
            else f"[@click=screen.choose_window('{one}')] {one} [/]"
            for one in self.windows
        )
        self.query_one("#windows", Static).update(f"{choices}  {clock:%H:%M:%S}", layout=False)
        lines = [Line(printable(line)) for line in self.host.status_lines]
        lines += worker_lines(self.data.memory, clock.timestamp())
        workers = self.query_one("#workers", Lines)
        workers.styles.height = min(len(lines), 4)
        workers.show(lines, wrap=False)

    def _is_laid_out(self) -> bool:
        """Return whether the widgets are there: a screen that was just opened draws itself a moment later."""
        return bool(self.query("#windows")) and bool(self.query(Footer))

    def on_data_table_row_highlighted(self) -> None:
        """Say what the row shows that the cursor is on now."""
        self._say()

    def _say(self) -> None:
        selected = self.query_one(KpiTable).selected
        self.query_one("#words", Lines).show(self.words(selected) if selected is not None else [])

    def on_data_table_header_selected(self, event: DataTable.HeaderSelected) -> None:
        """Sort by a column that was clicked on; a second click turns the order round."""
        if event.column_key.value is not None:
            self.sort_by(event.column_key.value)

    def sort_by(self, key: str) -> None:
        """Sort by a column, if it can be sorted by."""

    def action_choose_window(self, window: WindowName) -> None:
        """Show a window that was clicked on."""
        self.host.choose_window(window)

    def action_next_window(self) -> None:
        """Show the next window."""
        windows = self.windows
        self.host.choose_window(windows[(windows.index(self.window) + 1) % len(windows)])

    def action_next_sort(self) -> None:
        """Sort by the next key."""

    def action_turn(self) -> None:
        """Turn the order round."""
