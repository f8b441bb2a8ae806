"""The figures of one scope in one window: who shows them need not know how they are read."""

from dataclasses import dataclass

from models.kpis.figures import Figures
from models.scopes import ScopeKey
from models.windows import WindowName


@dataclass(frozen=True, slots=True)
class Reading:
    """The figures of one scope in one window."""

    scope: ScopeKey
    window: WindowName
    figures: Figures
