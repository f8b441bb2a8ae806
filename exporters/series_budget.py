"""Which keys a page shows when its KPI series would be more than a worker may show: the most active ones.

What is left out is never computed. Scopes go in the order of `DROPPABLE`; of a scope the least active key
goes first, then the lowest ids. So the keys that stay are the first ones in the order of `Ranked`, as many as
have room together.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from models.core.columns import Ints
from models.kpis.catalogue import KPIS
from models.metrics.kpi_metrics import always_sides_of, sides_of
from models.readings.keys import Keys
from models.readings.subject import Subject
from models.scopes import GIVING_WAY, SCOPES, ScopeKey, ScopeName
from models.windows import WINDOWS_OF

DROPPABLE: tuple[ScopeName, ...] = tuple(scope.name for scope in GIVING_WAY)
"""The scopes that give way, in the order in which they do; campaigns stay whatever their number."""
BY_WORTH: tuple[ScopeName, ...] = (
    *(scope.name for scope in SCOPES if scope.gives_way is None),
    *reversed(DROPPABLE),
)
"""All scopes, the last to go first."""


def most_series(scope: ScopeName) -> int:
    """Return how many series a key of a scope has at most: KPIs and bounds, by window and kind."""
    found = 0
    for kpi in KPIS:
        if scope in kpi.scopes:
            windows = len(WINDOWS_OF[scope]) if kpi.windowed else 1
            found += (1 + len(sides_of(scope, kpi))) * windows * max(1, len(kpi.kinds))
            found += len(always_sides_of(scope, kpi))
    return found


class Ranked:
    """The keys of a scope in the order in which they have a claim to be shown: the next ones are taken.

    Of equally active ones those with the highest ids come first. Only where such a run is cut is it put in
    order by name: 400 000 contents of one impression each need not be.
    """

    def __init__(self, subjects: Sequence[Subject], scope: ScopeName) -> None:
        self._subjects = sorted(subjects, key=lambda subject: subject.campaign.id, reverse=True)
        self._scope = scope
        shown = [subject.keys.shown[scope] for subject in self._subjects]
        self._owners = np.repeat(np.arange(len(shown)), [len(numbers) for numbers in shown])
        self._numbers: Ints = np.concatenate([*shown, np.zeros(0, np.int64)])
        self._taken = 0

    def __len__(self) -> int:
        return len(self._numbers) - self._taken

    @cached_property
    def _activity(self) -> Ints:
        """How much happened at each key: looked at only where some of its scope have room."""
        found = [one.activity(self._scope)[one.keys.shown[self._scope]] for one in self._subjects]
        return np.concatenate([*found, np.zeros(0, np.int64)])

    @cached_property
    def _order(self) -> Ints:
        return np.argsort(-self._activity, kind="stable")

    def take(self, count: int) -> "Taken":
        """Take the next keys, at most so many."""
        start = self._taken
        end = self._taken = min(start + count, len(self._numbers))
        if end == start:
            return Taken((), ())
        self._put_in_order(start, end)
        return self._taken_from(self._order[start:end])

    def some(self, count: int) -> "Taken":
        """Take keys in no order, at most so many, of which none was taken: to see what they are like."""
        length = len(self._numbers)
        self._taken = min(count, length)
        return self._taken_from(np.arange(self._taken) * length // max(self._taken, 1))

    def _taken_from(self, chosen: Ints) -> "Taken":
        owners, numbers = self._owners[chosen], self._numbers[chosen]
        by_subject = [
            (self._subjects[owner], numbers[owners == owner]) for owner in np.unique(owners).tolist()
        ]
        return Taken([self._key(place) for place in chosen.tolist()], by_subject)

    def _put_in_order(self, start: int, end: int) -> None:
        """Order those up to `end` by activity and ids, with the rest of the run that it cuts."""
        last = self._order[end - 1]
        same = (self._activity == self._activity[last]) & (self._owners == self._owners[last])
        stop = max(end, int(np.flatnonzero(same[self._order])[-1]) + 1)
        some = self._order[start:stop].tolist()
        some.sort(key=lambda place: (self._activity[place], self._key(place).ids), reverse=True)
        self._order[start:stop] = some

    def _key(self, place: int) -> ScopeKey:
        keys: Keys = self._subjects[int(self._owners[place])].keys
        return keys.key(self._scope, int(self._numbers[place]))


class Taken(NamedTuple):
    """Keys in the order of their claim, and the same as numbers by subject."""

    keys: Sequence[ScopeKey]
    by_subject: Sequence[tuple[Subject, Ints]]


def room_for(counts: Ints, room: int) -> int:
    """Return how many of the first entries, with so many series each, have room together."""
    return int(np.searchsorted(np.cumsum(counts), room, side="right"))
