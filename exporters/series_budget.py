"""Which entries of a page stay when its KPI series are more than a worker may show."""

from collections.abc import Collection
from typing import NamedTuple

from models.scopes import GIVING_WAY, ScopeKey, ScopeName

DROPPABLE: tuple[ScopeName, ...] = tuple(scope.name for scope in GIVING_WAY)
"""The scopes that give way, in the order in which they do; campaigns stay whatever their number."""


class Entry(NamedTuple):
    """One scope with all its windows and KPIs: how many series that is, and how much happened there."""

    scope: ScopeKey
    series: int
    activity: float


def left_out(entries: Collection[Entry], budget: int) -> list[Entry]:
    """Choose what to leave out, whole entries, so that the others have at most `budget` series.

    Scopes go in the order of `DROPPABLE`; of a scope the least active, then the lowest ids.
    A larger budget leaves out fewer of the same.
    """
    excess = sum(entry.series for entry in entries) - budget
    chosen: list[Entry] = []
    for entry in sorted((one for one in entries if one.scope.name in DROPPABLE), key=_worth):
        if excess <= 0:
            break
        chosen.append(entry)
        excess -= entry.series
    return chosen


def _worth(entry: Entry) -> tuple[int, float, tuple[str, ...]]:
    return DROPPABLE.index(entry.scope.name), entry.activity, entry.scope.ids
