"""Figures of many keys at once, as columns; and those of one of them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from models.kpis.clusters import Spread
from models.kpis.figures import Figures, Invested
from models.scopes import ScopeKey, ScopeName
from models.statistics.intervals import Estimate
from models.times import DAY
from models.windows import FLIGHT, LENGTHS, WindowName


@dataclass(frozen=True, slots=True)
class Columns:
    """The figures of some keys of a scope in some windows: a line a key, window after window.

    What all lines have in common is a plain number there; what is not known is NaN in a column. Of budget,
    share of the flight that has passed, forecast and clusters the flight's are given, of spread its.
    """

    scope: ScopeName
    windows: Sequence[WindowName]
    keys: Sequence[ScopeKey]
    figures: Figures

    def __len__(self) -> int:
        return len(self.keys) * len(self.windows)

    def rows(self) -> Iterator[tuple[ScopeKey, WindowName, Figures]]:
        """Take columns apart: the figures of each key in each window, None where one is not known."""
        tally = {name: column.tolist() for name, column in self.figures.tally.items()}
        lines = iter(range(len(self)))
        for window in self.windows:
            common = _in_window(self.figures, window)
            for key, line in zip(self.keys, lines, strict=False):
                counts = {name: int(column[line]) for name, column in tally.items() if column[line]}
                own = {name: _one(getattr(self.figures, name), line) for name in _PLAIN}
                yield key, window, replace(common, tally=counts, **own)


def spread_in(spread: Spread, window: WindowName) -> Spread:
    """Return how a campaign's events come, for a window."""
    return spread.over(LENGTHS[window] / DAY) if window in LENGTHS else spread


def _in_window(figures: Figures, window: WindowName) -> Figures:
    found = replace(figures, spread=spread_in(figures.spread, window))
    if window == FLIGHT:
        return found
    return replace(found, budget=None, elapsed=None, forecast=None, clusters=None)


_PLAIN = (
    "reach", "target_reach", "invested", "revenue", "emv", "alignment", "goal_revenue",
    "goal_revenue_squares", "committed",
)  # fmt: skip


def _one(column: Any, line: int) -> Any:
    if isinstance(column, Estimate):
        return Estimate(*(float(one[line]) for one in column))
    if isinstance(column, Invested):
        if math.isnan(column.fixed[line] + column.by_conversion[line]):
            return None
        return Invested(*(float(getattr(column, field.name)[line]) for field in fields(Invested)))
    if isinstance(column, np.ndarray):
        return None if math.isnan(column[line]) else float(column[line])
    return column
