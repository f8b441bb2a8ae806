"""Figures of many keys at once, as columns; and those of one of them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from models.kpis.figures import Figures, Invested
from models.scopes import ScopeKey, ScopeName
from models.statistics.intervals import Estimate
from models.windows import WindowName


@dataclass(frozen=True, slots=True)
class Columns:
    """The figures of some keys of a scope in one window, as columns in the order of the keys.

    What all keys have in common is a plain number there; what is not known is NaN in a column.
    """

    scope: ScopeName
    window: WindowName
    keys: Sequence[ScopeKey]
    figures: Figures


def rows_of(figures: Figures, length: int) -> Iterator[Figures]:
    """Take columns apart: the figures of each key, None where one is not known."""
    tally = {name: column.tolist() for name, column in figures.tally.items()}
    for line in range(length):
        counts = {name: int(column[line]) for name, column in tally.items() if column[line]}
        yield replace(figures, tally=counts, **{name: _one(getattr(figures, name), line) for name in _PLAIN})


_PLAIN = (
    "reach", "target_reach", "invested", "revenue", "emv", "alignment", "goal_revenue",
    "goal_revenue_squares", "committed",
)  # fmt: skip


def _one(column: Any, line: int) -> Any:
    if isinstance(column, Estimate):
        return Estimate(*(float(one[line]) for one in column))
    if isinstance(column, Invested):
        if math.isnan(column.total[line]):
            return None
        return Invested(*(float(getattr(column, field.name)[line]) for field in fields(Invested)))
    if isinstance(column, np.ndarray):
        return None if math.isnan(column[line]) else float(column[line])
    return column
