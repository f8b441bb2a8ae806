"""Figures of many campaigns in one block of columns, so that a formula runs once a scope."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np

from models.core.columns import Ints
from models.kinds import CONVERSIONS, names
from models.kpis.clusters import FAMILIES, Spread
from models.kpis.figures import Figures, Forecast, Invested
from models.readings.columns import Columns, spread_in
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
    windows = [window for part, _ in parts for window in part.windows for _ in part.keys]
    figures = _joined([part for part, _ in parts])
    flight = np.flatnonzero([window == FLIGHT for window in windows])
    return Block(
        parts[0][0].scope,
        [key for part, _ in parts for _ in part.windows for key in part.keys],
        windows,
        [currency for part, currency in parts for _ in range(len(part))],
        figures,
        flight,
        _taken(figures, flight),
    )


_PLAIN = (
    "revenue", "emv", "target_size", "alignment", "goal_revenue", "goal_revenue_squares", "committed",
)  # fmt: skip
_PLANNED = ("budget", "elapsed")


def _joined(parts: Sequence[Columns]) -> Figures:
    lengths, figures = [len(part) for part in parts], [part.figures for part in parts]

    def column(of: Iterable[Any]) -> Any:
        return _column(list(of), lengths)

    def estimates(of: Sequence[Any]) -> Estimate:
        return Estimate(*(column(one and one[at] for one in of) for at in range(len(Estimate._fields))))

    def fielded(made: Any, of: Sequence[Any]) -> Any:
        if all(one is None for one in of):
            return None
        return made(*(column(one and getattr(one, field.name) for one in of) for field in fields(made)))

    goals = [one.goals for one in figures]
    plain: dict[str, Any] = {name: column(getattr(one, name) for one in figures) for name in _PLAIN}
    plain |= {name: column(getattr(one, name) for one in figures) for name in _PLANNED}
    return Figures(
        tally={name: column(one.tally.get(name, 0) for one in figures) for name in _names(figures)},
        reach=estimates([one.reach for one in figures]),
        invested=fielded(Invested, [one.invested for one in figures]),
        target_reach=estimates([one.target_reach for one in figures]),
        goals={kind: column(one is None or kind in one for one in goals) for kind in names(CONVERSIONS)},
        forecast=fielded(Forecast, [one.forecast for one in figures]),
        spread=_spread(parts, column),
        **plain,
    )


def _names(parts: Sequence[Figures]) -> list[str]:
    found = dict.fromkeys(name for part in parts for name in part.tally)
    return [name for name in found if not name.startswith(_AMOUNTS)]


def _spread(parts: Sequence[Columns], column: Callable[[Iterable[Any]], Any]) -> Spread:
    spreads = [part.figures.spread for part in parts]
    days = [spread_in(part.figures.spread, window).days for part in parts for window in part.windows]
    return Spread(
        {family: column(spread.weight(family) for spread in spreads) for family in FAMILIES},
        {family: column(spread.apart.get(family, 0.0) for spread in spreads) for family in FAMILIES},
        np.repeat(days, [len(part.keys) for part in parts for _ in part.windows]),  # type: ignore[arg-type]
        column(spread.views_apart for spread in spreads),
    )


def _taken(found: Any, lines: Ints) -> Any:
    """Take lines of columns, in whatever they stand."""
    if isinstance(found, np.ndarray):
        return found[lines]
    if isinstance(found, Mapping):
        return {name: _taken(column, lines) for name, column in found.items()}
    if isinstance(found, Estimate):
        return Estimate(*(_taken(column, lines) for column in found))
    if is_dataclass(found):
        values = {field.name: _taken(getattr(found, field.name), lines) for field in fields(found)}
        return replace(found, **values)  # type: ignore[type-var]  # it is no class
    return found


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
