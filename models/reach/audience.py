"""People by scope: which scopes a leaf's people count in, and who of them is of the campaign's target.

A target is known by the fingerprint of its predicate: one that changes begins with nobody, one that comes
back finds its own.
"""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from models.campaigns.registry import Registry
from models.campaigns.target import Matcher, fingerprint
from models.core.columns import Ints, Sightings
from models.core.hashing import Hashes
from models.events.places import ByPlace, Column
from models.kpis.catalogue import kpi
from models.reach.bands import Estimates
from models.reach.reach import Reach
from models.reach.rows import Numbers
from models.scopes import ALL_SCOPES, Leaf, ScopeKey, ScopeName, scopes_of
from models.statistics.intervals import Estimate, exact
from models.windows import WINDOWS_OF, WindowName

_TARGET_SCOPES = kpi("target_reach_persons").scopes
_EVERYBODY = -1
_NO_TARGET = -1
_PART = 200_000


class Audience:
    """Reach and target reach of every scope that has leaves.

    `names` lists the fingerprints of targets by their number.
    """

    def __init__(self, registry: Registry) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._reach = Reach()
        self._leaves: list[Leaf] = []
        self._slots: dict[tuple[int, ScopeKey], int] = {}
        self._of_leaf = _table(ALL_SCOPES)
        self._of_place = _table(_TARGET_SCOPES)
        self._places: dict[tuple[int, int], int] = {}
        # By row: the number of the target last seen there + 1, and its place.
        self._last: Ints = np.zeros((64, 2), dtype=np.int64)
        self._current: dict[str, int] = {}
        self._matchers: dict[int, Matcher] = {}
        self._place_numbers = Numbers()
        self._read: dict[WindowName, Estimates] = {}
        self.use(registry)

    def use(self, registry: Registry) -> None:
        """Take the targets of a registry."""
        self._current, self._matchers = {}, {}
        for campaign in registry.campaigns.values():
            if campaign.target is not None:
                number = self.number(fingerprint(campaign.id, campaign.target))
                self._current[campaign.id] = number
                self._matchers[number] = Matcher(campaign.target)
        self._target_of = ByPlace(lambda leaf: self._current.get(leaf.campaign, _NO_TARGET))

    def number(self, name: str) -> int:
        """Give the number of a target's fingerprint."""
        if name not in self._numbers:
            self._numbers[name] = len(self.names)
            self.names.append(name)
        return self._numbers[name]

    def add_leaf(self, leaf: Leaf) -> None:
        """Take the leaf of the next row."""
        row = len(self._leaves)
        self._of_leaf, self._last = _with_row(self._of_leaf, row), _with_row(self._last, row)
        self._leaves.append(leaf)

    def targets_of(self, impressions: Sequence[Any], places: Column) -> Ints:
        """Give the number of the target that each impression's audience is of, or −1."""
        targets, is_of = self._target_of(places), self._matchers
        pairs = zip(targets.tolist(), [event.audience for event in impressions], strict=True)
        outside = [
            index
            for index, (number, audience) in enumerate(pairs)
            if number != _NO_TARGET and not is_of[number](audience)
        ]
        targets[outside] = _NO_TARGET
        return targets

    def see(self, sightings: Sightings) -> None:
        """Remember people seen."""
        self._read.clear()
        if not len(sightings.rows):
            return
        self._open(sightings.rows)
        parts = [_by_slot(self._of_leaf[sightings.rows], sightings)]
        of_target = sightings.where(sightings.targets >= 0)
        if len(of_target.rows):
            places = self._places_of(of_target)
            parts.append(_by_slot(self._of_place[places], of_target))
        self._reach.see(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def see_again(self, sightings: Sightings) -> None:
        """Remember stored sightings, in parts: of a crowd not all are held at once."""
        for start in range(0, len(sightings.rows), _PART):
            self.see(sightings.where(slice(start, start + _PART)))
            self._reach.refresh()

    def __contains__(self, campaign: str) -> bool:
        """Tell whether people of a campaign are remembered."""
        return (_EVERYBODY, ScopeKey("campaign", (campaign,))) in self._slots

    def close(self, campaigns: Collection[str]) -> None:
        """Forget whom campaigns reached; who is seen again later begins anew."""
        if not any(campaign in self for campaign in campaigns):
            return
        self._read.clear()
        rows = {row for row, leaf in enumerate(self._leaves) if leaf.campaign in campaigns}
        self._of_leaf[list(rows)] = self._last[list(rows)] = 0
        for pair in [pair for pair in self._places if pair[1] in rows]:
            self._place_numbers.give_back(self._places.pop(pair))
        for key in [key for key in self._slots if key[1].ids[0] in campaigns]:
            self._reach.drop(self._slots.pop(key))

    def expire(self, now: int) -> None:
        """Let people go from the windows that their last sighting has left, and bound what is held."""
        self._read.clear()
        self._reach.expire(now)
        self._reach.refresh()

    def reach(self, scope: ScopeKey, window: WindowName) -> Estimate:
        """Count the distinct people of a scope in a window."""
        return self._estimate(_EVERYBODY, scope, window)

    def target_reach(self, scope: ScopeKey, window: WindowName) -> Estimate:
        """Count those of the target; 0 where the campaign has none."""
        number = self._current.get(scope.ids[0])
        return exact(0) if number is None else self._estimate(number, scope, window)

    def _estimate(self, number: int, scope: ScopeKey, window: WindowName) -> Estimate:
        slot = self._slots.get((number, scope))
        if slot is None:
            return exact(0)
        if window not in self._read:
            # All slots at once take no longer than some hundred one by one.
            self._read[window] = self._reach.estimates(window)
        values, lowers, uppers = self._read[window]
        return Estimate(float(values[slot]), float(lowers[slot]), float(uppers[slot]))

    def _open(self, rows: Ints) -> None:
        """Give slots to leaves where people are seen for the first time, or again after they were closed."""
        closed = rows[self._of_leaf[rows, 0] == 0]
        for row in np.unique(closed).tolist():
            scopes = scopes_of(self._leaves[row])
            self._of_leaf[row] = [self._slot(_EVERYBODY, scope) for scope in scopes]

    def _places_of(self, seen: Sightings) -> Ints:
        """Give the places of targets at leaves; mostly a leaf's target is the one that it had last."""
        targets: Ints
        places: Ints
        targets, places = self._last[seen.rows].T
        for index in np.flatnonzero(targets != seen.targets + 1).tolist():
            number, row = int(seen.targets[index]), int(seen.rows[index])
            places[index] = self._place((number, row))
            self._last[row] = number + 1, places[index]
        return places

    def _place(self, pair: tuple[int, int]) -> int:
        """Give where the slots of a target, by number, at a leaf, by row, stand."""
        place = self._places.get(pair)
        if place is None:
            number, row = pair
            place = self._places[pair] = self._place_numbers.take()
            self._of_place = _with_row(self._of_place, place)
            scopes = [scope for scope in scopes_of(self._leaves[row]) if scope.name in _TARGET_SCOPES]
            self._of_place[place] = [self._slot(number, scope) for scope in scopes]
        return place

    def _slot(self, number: int, scope: ScopeKey) -> int:
        key = (number, scope)
        if key not in self._slots:
            self._slots[key] = self._reach.slot(WINDOWS_OF[scope.name])
        return self._slots[key]


def _by_slot(slots: Ints, sightings: Sightings) -> tuple[Ints, Hashes, Ints]:
    width = slots.shape[1]
    return slots.reshape(-1), np.repeat(sightings.persons, width), np.repeat(sightings.ticks, width)


def _table(scopes: Sequence[ScopeName]) -> Ints:
    return np.zeros((64, len(scopes)), dtype=np.int64)


def _with_row(table: Ints, row: int) -> Ints:
    return table if row < len(table) else np.concatenate([table, np.zeros_like(table)])
