"""Figures of many campaigns in one block of columns, so that a formula runs once a scope."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from models.core.columns import Ints
from models.kinds import CONVERSIONS, names
from models.kpis.clusters import FAMILIES, Spread
from models.kpis.figures import Figures, Forecast, Invested
from models.readings.columns import Columns
from models.scopes import ScopeKey, ScopeName
from models.statistics.gamma import Floats
from models.statistics.intervals import Estimate
from models.windows import FLIGHT, WindowName

_AMOUNTS = ("revenue:", "squares:revenue:")
"""Sums of any size, which no column of 64 bits holds; formulas do not ask for them."""


@dataclass(frozen=True, slots=True)
class Block:
    """The figures of keys of one scope, each in some windows: columns with a line a reading.

    `flight` are the lines whose window is the flight, and `of_flight` their figures.
    """

    scope: ScopeName
    keys: Sequence[ScopeKey]
    windows: Sequence[WindowName]
    currencies: Sequence[str]
    figures: Figures
    flight: Ints
    of_flight: Figures


def block_of(parts: Sequence[tuple[Columns, str]]) -> Block:
    """Put columns of one scope, at least one, below each other, each with its campaign's currency."""
    lengths = [len(columns.keys) for columns, _ in parts]
    in_flight = [columns for columns, _ in parts if columns.window == FLIGHT]
    return Block(
        parts[0][0].scope,
        [key for columns, _ in parts for key in columns.keys],
        [columns.window for columns, _ in parts for _ in columns.keys],
        [currency for columns, currency in parts for _ in columns.keys],
        _joined([columns.figures for columns, _ in parts], lengths),
        np.flatnonzero(np.repeat([columns.window == FLIGHT for columns, _ in parts], lengths)),
        _joined([columns.figures for columns in in_flight], [len(columns.keys) for columns in in_flight]),
    )


_PLAIN = (
    "revenue", "emv", "target_size", "alignment", "goal_revenue", "goal_revenue_squares", "committed",
    "budget", "elapsed",
)  # fmt: skip


def _joined(parts: Sequence[Figures], lengths: Sequence[int]) -> Figures:
    def column(of: Iterable[Any]) -> Any:
        return _column(list(of), lengths)

    def estimates(of: Sequence[Any]) -> Estimate:
        return Estimate(*(column(one and one[at] for one in of) for at in range(len(Estimate._fields))))

    def fielded(made: Any, of: Sequence[Any]) -> Any:
        if all(one is None for one in of):
            return None
        return made(*(column(one and getattr(one, field.name) for one in of) for field in fields(made)))

    goals = [part.goals for part in parts]
    plain: dict[str, Any] = {name: column(getattr(part, name) for part in parts) for name in _PLAIN}
    return Figures(
        tally={name: column(part.tally.get(name, 0) for part in parts) for name in _names(parts)},
        reach=estimates([part.reach for part in parts]),
        invested=fielded(Invested, [part.invested for part in parts]),
        target_reach=estimates([part.target_reach for part in parts]),
        goals={kind: column(one is None or kind in one for one in goals) for kind in names(CONVERSIONS)},
        forecast=fielded(Forecast, [part.forecast for part in parts]),
        spread=_spread([part.spread for part in parts], column),
        **plain,
    )


def _names(parts: Sequence[Figures]) -> list[str]:
    found = dict.fromkeys(name for part in parts for name in part.tally)
    return [name for name in found if not name.startswith(_AMOUNTS)]


def _spread(parts: Sequence[Spread], column: Callable[[Iterable[Any]], Any]) -> Spread:
    return Spread(
        {family: column(part.weight(family) for part in parts) for family in FAMILIES},
        {family: column(part.apart.get(family, 0.0) for part in parts) for family in FAMILIES},
        column(part.days for part in parts),
        column(part.views_apart for part in parts),
    )


def _column(parts: Sequence[Any], lengths: Sequence[int]) -> Floats:
    """Join columns and what is the same in all lines; what is not known is NaN."""
    if any(isinstance(part, np.ndarray) for part in parts):
        return np.concatenate(
            [
                part if isinstance(part, np.ndarray) else np.full(length, np.nan if part is None else part)
                for part, length in zip(parts, lengths, strict=True)
            ]
        ).astype(np.float64)
    return np.repeat(np.array([np.nan if part is None else part for part in parts], np.float64), lengths)
