"""Choose the KPI that rows are ranked by."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from commands.live.ranking import NAME
from models.kpis.catalogue import kpi


class ChooseKpi(ModalScreen[str | None]):
    """A list of KPIs; the one chosen is returned, or None."""

    BINDINGS: ClassVar = [Binding("escape,b", "close", "Back")]

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """List the KPIs with their stage of the funnel."""
        yield OptionList(*(Option(_title(key), id=key) for key in self._keys))

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)

    def action_close(self) -> None:
        """Choose nothing."""
        self.dismiss(None)


def _title(key: str) -> str:
    return "Name" if key == NAME else f"{kpi(key).name.english}  ({kpi(key).stage})"
