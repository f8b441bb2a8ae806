"""The KPIs of a page: what of campaigns has room is chosen, read and computed.

Whoever wants a page runs through its steps; between two of them others may have their turn.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from exporters.kpi_families import KpiFamilies, Shown
from exporters.series_budget import BY_WORTH, DROPPABLE, Ranked, most_series, room_for
from models.core.columns import Ints
from models.readings.blocks import block_of
from models.readings.columns import Columns
from models.readings.counted import Counted, count
from models.readings.evaluation import figures_of
from models.readings.subject import Subject
from models.scopes import ScopeKey, ScopeName
from models.windows import WINDOWS_OF

_MORE = 64
"""Keys that are computed beyond what likely has room, so that one more look mostly is enough."""
_LINES_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class _Read:
    """Keys of a scope in the order of their claim, with what they have counted; and what it comes to."""

    keys: Sequence[ScopeKey]
    counted: Sequence[Counted]
    columns: list[tuple[Subject, Columns]] = field(default_factory=list)


_Parts = list[tuple[_Read, Counted]]


class KpiPage:
    """The KPI families of campaigns, within a budget of series.

    `dropped` counts the series that are left out, by scope: where keys were not computed, as many for each
    as those of their scope have on average that were. `campaigns` has what was read of campaigns themselves.
    """

    def __init__(self, subjects: Sequence[Subject], budget: int) -> None:
        self.families = KpiFamilies()
        self.dropped: dict[ScopeName, int] = dict.fromkeys(DROPPABLE, 0)
        self.campaigns: Sequence[tuple[Subject, Columns]] = ()
        self._rankings = {scope: Ranked(subjects, scope) for scope in BY_WORTH}
        self._room = budget
        self._is_full = False

    def steps(self) -> Iterator[None]:
        """Fill the families."""
        read = self._read_first()
        yield
        yield from _work_out(read.values())
        for scope in BY_WORTH:
            yield from self._fill(scope, read.get(scope))

    def _read_first(self) -> dict[ScopeName, _Read]:
        """Read all that has room for sure, of one moment."""
        room, found = self._room, {}
        for scope, ranking in self._rankings.items():
            least = len(ranking) if scope not in DROPPABLE else max(room, 0) // most_series(scope)
            is_all = len(ranking) <= least
            room -= len(ranking) * most_series(scope)
            found[scope] = self._read(scope, least)
            if not is_all:
                break
        return found

    def _read(self, scope: ScopeName, most: int) -> _Read:
        # Where nothing has room any more, some stand for all of their scope.
        ranking = self._rankings[scope]
        taken = ranking.some(most) if self._is_full else ranking.take(most)
        return _Read(taken.keys, count(taken.by_subject, scope, WINDOWS_OF[scope]))

    def _fill(self, scope: ScopeName, read: _Read | None) -> Iterator[None]:
        """Show the keys of a scope, one helping after the other, as long as there is room."""
        ranking, computed, series = self._rankings[scope], 0, 0
        while True:
            if read is None or not read.keys:
                read = self._read(scope, _MORE)
                yield from _work_out([read])
            if not read.keys:
                return
            if scope not in DROPPABLE:
                self.campaigns = read.columns
            counts: Ints = np.zeros(len(read.keys), np.int64)
            yield from self._show(scope, read, counts)
            computed, series = computed + len(counts), series + int(counts.sum())
            each = max(series / computed, 1.0)
            if self._is_full:
                self.dropped[scope] += round(len(ranking) * each)
                return
            read = self._read(scope, int(self._room / each) + _MORE)
            yield from _work_out([read])

    def _show(self, scope: ScopeName, read: _Read, counts: Ints) -> Iterator[None]:
        """Compute what was read, count its series by key, and add what has room."""
        block = block_of([(columns, subject.campaign.currency) for subject, columns in read.columns])
        index = {key: at for at, key in enumerate(read.keys)}
        key_of_line = np.array([index[key] for key in block.keys], np.int64)
        shown: list[Shown] = []
        for found in self.families.of(block):
            shown += found
            for one in found:
                counts += np.bincount(key_of_line[one.lines], minlength=len(counts))
            yield
        kept = self._kept(scope, counts)
        if kept < len(counts):
            shown = [_only(one, key_of_line[one.lines] < kept) for one in shown]
        self.families.add(block, shown)

    def _kept(self, scope: ScopeName, counts: Ints) -> int:
        """Return how many of the keys have room; from the first one on that has none, none has."""
        kept = len(counts)
        if scope in DROPPABLE:
            kept = 0 if self._is_full else room_for(counts, self._room)
            self.dropped[scope] += int(counts[kept:].sum())
            self._is_full = self._is_full or kept < len(counts)
        self._room -= int(counts[:kept].sum())
        return kept


def _work_out(read: Iterable[_Read]) -> Iterator[None]:
    """Work out what was read, some lines at once, all scopes of a campaign among them."""
    found: defaultdict[str, list[tuple[_Read, Counted]]] = defaultdict(list)
    for one in read:
        for counted in one.counted:
            found[counted.subject.campaign.id].append((one, counted))
    for parts in _batches(found.values()):
        figures = figures_of([counted for _, counted in parts])
        for (one, counted), columns in zip(parts, figures, strict=True):
            one.columns.append((counted.subject, columns))
        yield


def _batches(campaigns: Iterable[_Parts]) -> Iterator[_Parts]:
    """Put together what has few lines: a batch takes about a millisecond, whatever it has of them."""
    batch: _Parts = []
    for parts in campaigns:
        batch += parts
        if sum(len(counted.part.keys) * len(counted.windows) for _, counted in batch) > _LINES_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _only(shown: Shown, here: "np.typing.NDArray[np.bool_]") -> Shown:
    return shown._replace(lines=shown.lines[here], values=shown.values[here])
