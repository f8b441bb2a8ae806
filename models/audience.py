"""People by scope: which scopes a leaf's people count in, and who of them is of the campaign's target.

A target is known by the fingerprint of its predicate: one that changes begins with nobody, one that comes
back finds its own.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from models.campaigns import Registry
from models.counts import Ints
from models.delta import Sightings, numbers
from models.estimate import Estimate, exact
from models.identity import Hashes
from models.leaf import WINDOWS, Leaf, Scope, ScopeName, scopes_of
from models.reach import Reach
from models.reach_bands import Estimates
from models.target import Matcher, fingerprint
from models.windows import WindowName

_TARGET_SCOPES: tuple[ScopeName, ...] = ("campaign", "influencer", "channel")
_EVERYBODY = -1
_NONE = 0
"""No slot has this number."""


class Audience:
    """Reach and target reach of every scope that has leaves.

    `names` lists the fingerprints of targets by their number.
    """

    def __init__(self, registry: Registry) -> None:
        self.names: list[str] = []
        self._reach = Reach()
        self._slots: dict[tuple[int, Scope], int] = {}
        self._leaves: list[Leaf] = []
        self._tables: dict[int, Ints] = {}
        self._current: dict[str, tuple[int, Matcher]] = {}
        self._read: dict[WindowName, Estimates] = {}
        self.use(registry)

    def use(self, registry: Registry) -> None:
        """Take the targets of a registry."""
        self._current = {
            campaign.id: (
                self.number(fingerprint(campaign.id, campaign.target)),
                Matcher(campaign.target),
            )
            for campaign in registry.campaigns.values()
            if campaign.target is not None
        }

    def number(self, name: str) -> int:
        """Give the number of a target's fingerprint."""
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name)

    def add_leaf(self, leaf: Leaf) -> None:
        """Take the leaf of the next row."""
        self._leaves.append(leaf)

    def targets_of(self, impressions: Sequence[Any]) -> Ints:
        """Give the number of the target that each impression's audience is of, or −1."""
        found = []
        for event in impressions:
            number, is_of = self._current.get(event.campaign_id, (-1, None))
            found.append(number if is_of is not None and is_of(event.audience) else -1)
        return numbers(found)

    def see(self, sightings: Sightings) -> None:
        """Remember people seen."""
        self._read.clear()
        if not len(sightings.rows):
            return
        targets = np.unique(sightings.targets[sightings.targets >= 0]).tolist()
        groups = [sightings.where(sightings.targets == number) for number in targets]
        parts = [
            self._by_slot(number, group)
            for number, group in zip([_EVERYBODY, *targets], [sightings, *groups], strict=True)
        ]
        self._reach.see(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def expire(self, now: int) -> None:
        """Let people go from the windows that their last sighting has left, and bound what is held."""
        self._read.clear()
        self._reach.expire(now)
        self._reach.refresh()

    def reach(self, scope: Scope, window: WindowName) -> Estimate:
        """Count the distinct people of a scope in a window."""
        return self._estimate(_EVERYBODY, scope, window)

    def target_reach(self, scope: Scope, window: WindowName) -> Estimate:
        """Count those of the target; 0 where the campaign has none."""
        number, _ = self._current.get(scope.ids[0], (None, None))
        return exact(0) if number is None else self._estimate(number, scope, window)

    def _estimate(self, number: int, scope: Scope, window: WindowName) -> Estimate:
        slot = self._slots.get((number, scope))
        if slot is None:
            return exact(0)
        if window not in self._read:
            # All slots at once take no longer than some hundred one by one.
            self._read[window] = self._reach.estimates(window)
        values, lowers, uppers = self._read[window]
        return Estimate(float(values[slot]), float(lowers[slot]), float(uppers[slot]))

    def _by_slot(self, number: int, sightings: Sightings) -> tuple[Ints, Hashes, Ints]:
        slots = self._table(number, sightings.rows)[sightings.rows]
        width = slots.shape[1]
        return slots.reshape(-1), np.repeat(sightings.persons, width), np.repeat(sightings.ticks, width)

    def _table(self, number: int, rows: Ints) -> Ints:
        """Give the slots of each row, those of some rows filled in."""
        table = self._tables.get(number, np.empty((0, 4), dtype=np.int64))
        if len(table) < len(self._leaves):
            width = 4 if number == _EVERYBODY else len(_TARGET_SCOPES)
            grown = np.full((max(64, 2 * len(self._leaves)), width), _NONE, dtype=np.int64)
            grown[: len(table)] = table[:, :width]
            table = self._tables[number] = grown
        for row in np.unique(rows[table[rows, 0] == _NONE]).tolist():
            table[row] = [self._slot(number, scope) for scope in self._scopes(number, row)]
        return table

    def _scopes(self, number: int, row: int) -> list[Scope]:
        scopes = scopes_of(self._leaves[row])
        return [scope for scope in scopes if number == _EVERYBODY or scope.name in _TARGET_SCOPES]

    def _slot(self, number: int, scope: Scope) -> int:
        key = (number, scope)
        if key not in self._slots:
            self._slots[key] = self._reach.slot(WINDOWS[scope.name])
        return self._slots[key]
