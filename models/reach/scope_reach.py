"""Reach by scope: which scopes count the people of a leaf, and those of them who belong to a target."""

from collections.abc import Collection, Sequence

import numpy as np

from models.core.columns import Int32s, Ints, Sightings, Thresholds, numbers
from models.core.growing import grown
from models.kpis.catalogue import kpi
from models.reach.bands import Estimates
from models.reach.people import UNUSUAL, by_scope, usual_pairs
from models.reach.reach import LIMIT, Reach
from models.reach.rows import Numbers
from models.reach.scope_slots import NumberOf, ScopeSlots
from models.scopes import ALL_SCOPES, Leaf, ScopeKey, scopes_of
from models.windows import WINDOWS_OF, WindowName

EVERYBODY = -1
"""Stands for everybody where a target's number tells whom to count."""

_TARGET_SCOPES = kpi("target_reach_persons").scopes
_PART = 200_000


class ScopeReach:
    """Reach and target reach of every scope.

    `leaves` lists the leaves by row; it may grow. `number_of` numbers the keys of their scopes. Targets are
    numbers (models.reach.targets).
    """

    def __init__(self, leaves: Sequence[Leaf], number_of: NumberOf, limit: int = LIMIT) -> None:
        self._leaves = leaves
        self._reach = Reach(limit)
        self._slots = ScopeSlots(number_of)
        # By row: the slots that count the people of a leaf; 0 until somebody is seen there.
        self._slots_of_leaf = _table(len(ALL_SCOPES))
        # By number of a pair (target, row): the slots that count those of the leaf's people in the target.
        self._slots_of_pair = _table(len(_TARGET_SCOPES))
        self._pairs: dict[tuple[int, int], int] = {}
        self._pair_numbers = Numbers()
        # By row: the target last seen there + 1, and the number of their pair.
        self._last = _table(2)

    def see(self, sightings: Sightings) -> None:
        """Remember people seen."""
        if not len(sightings.rows):
            return
        self._open(sightings.rows)
        pairs = self._pairs_of(sightings)
        most = len(sightings.rows) * (len(ALL_SCOPES) + len(_TARGET_SCOPES))
        slots, ticks = np.empty(most, np.int64), np.empty(most, np.int64)
        persons = np.empty(most, np.uint64)
        number = by_scope(
            *sightings[:3], pairs, self._slots_of_leaf, self._slots_of_pair, slots, persons, ticks
        )
        self._reach.see(slots[:number], persons[:number], ticks[:number])

    def restore(self, sightings: Sightings, thresholds: Thresholds) -> None:
        """Remember stored sightings, part by part: a crowd would take too much memory at once.

        Where they lack people, `expire` must have said before at which time windows are.
        """
        self._raise(thresholds)
        for start in range(0, len(sightings.rows), _PART):
            self.see(sightings.where(slice(start, start + _PART)))
            self._reach.refresh()

    def _raise(self, thresholds: Thresholds) -> None:
        """Count those alone of whom sightings are complete, in all scopes of their leaves."""
        if not len(thresholds.rows):
            return
        rows, targets, ticks, levels = thresholds
        self._open(rows)
        aimed = np.flatnonzero(targets >= 0)
        pairs = [
            self._pair(int(target), int(row)) for target, row in zip(targets[aimed], rows[aimed], strict=True)
        ]
        of_leaf, of_pair = self._slots_of_leaf[rows], self._slots_of_pair[numbers(pairs)]

        def each(column: Ints) -> Ints:
            """Return what a column says by slot."""
            parts = column.repeat(of_leaf.shape[1]), column[aimed].repeat(of_pair.shape[1])
            return np.concatenate(parts)

        slots = np.concatenate([of_leaf.ravel(), of_pair.ravel()]).astype(np.int64)
        self._reach.raise_thresholds(slots, each(ticks), each(levels))

    def __contains__(self, campaign: str) -> bool:
        """Return whether people of a campaign are remembered."""
        return self._slots.of(EVERYBODY, ScopeKey("campaign", (campaign,))) > 0

    def close(self, campaigns: Collection[str]) -> None:
        """Forget whom campaigns reached; people seen later are counted from zero."""
        if not any(campaign in self for campaign in campaigns):
            return
        held = self._leaves[: len(self._slots_of_leaf)]
        rows = {row for row, leaf in enumerate(held) if leaf.campaign in campaigns}
        self._slots_of_leaf[list(rows)] = self._last[list(rows)] = 0
        for pair in [pair for pair in self._pairs if pair[1] in rows]:
            self._pair_numbers.give_back(self._pairs.pop(pair))
        self._reach.drop(self._slots.take(campaigns))

    def expire(self, now: int) -> None:
        """Drop people from the windows that their last sighting has left; keep memory bounded."""
        self._reach.expire(now)
        self._reach.refresh()

    def slots(self, scopes: Sequence[ScopeKey], target: int = EVERYBODY) -> Ints:
        """Return the slots of scopes, for everybody or for those in a target; 0 where nobody was seen."""
        return numbers([self._slots.of(target, scope) for scope in scopes])

    def estimates(self, slots: Ints, window: WindowName) -> Estimates:
        """Return the distinct people of slots in a window."""
        return self._reach.estimates(slots, window)

    def _open(self, rows: Ints) -> None:
        """Give slots to leaves where people are seen for the first time, or again after they were closed."""
        highest = int(rows.max())
        if highest >= len(self._slots_of_leaf):
            self._slots_of_leaf = grown(self._slots_of_leaf, highest)
            self._last = grown(self._last, highest)
        closed = rows[self._slots_of_leaf[rows, 0] == 0]
        for row in np.unique(closed).tolist():
            scopes = scopes_of(self._leaves[row])
            self._slots_of_leaf[row] = [self._slot(EVERYBODY, scope) for scope in scopes]

    def _pairs_of(self, seen: Sightings) -> Ints:
        """Return the number of each sighting's (target, row), 0 without a target."""
        pairs = np.empty(len(seen.rows), np.int64)
        usual_pairs(seen.rows, seen.targets, self._last, pairs)
        for index in np.flatnonzero(pairs == UNUSUAL).tolist():
            target, row = int(seen.targets[index]), int(seen.rows[index])
            pairs[index] = self._pair(target, row)
            self._last[row] = target + 1, pairs[index]
        return pairs

    def _pair(self, target: int, row: int) -> int:
        number = self._pairs.get((target, row))
        if number is None:
            number = self._pairs[target, row] = self._pair_numbers.take()
            if number >= len(self._slots_of_pair):
                self._slots_of_pair = grown(self._slots_of_pair, number)
            scopes = [scope for scope in scopes_of(self._leaves[row]) if scope.name in _TARGET_SCOPES]
            self._slots_of_pair[number] = [self._slot(target, scope) for scope in scopes]
        return number

    def _slot(self, target: int, scope: ScopeKey) -> int:
        slot = self._slots.of(target, scope)
        if not slot:
            slot = self._reach.slot(WINDOWS_OF[scope.name])
            self._slots.set(target, scope, slot)
        return slot


def _table(width: int) -> Int32s:
    return np.zeros((64, width), np.int32)
