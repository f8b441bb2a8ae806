"""Target audiences by number, and who belongs to them.

A target is known by the fingerprint of its predicate and of the mark that the registry gave it: a changed
target starts with nobody, one that comes back, too.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from models.campaigns.registry import Registry
from models.campaigns.target import Matcher, fingerprint
from models.core.columns import Ints
from models.core.compiling import U64, compiled, inlined
from models.core.tables import EMPTY, HashTable, Keys, not_empty, position

NO_TARGET = -1
NOBODY = -1
"""Stands for an audience of which nothing is known."""

Verdicts = npt.NDArray[np.int8]

_NOT_JUDGED = -2
_MOST_PAIRS = 1 << 20
# 2⁶⁴ ÷ the golden ratio.
_FACTOR, _HALF = U64(0x9E3779B97F4A7C15), U64(32)


class Targets:
    """Every target seen; `names` lists their fingerprints by number."""

    def __init__(self, registry: Registry) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._of_campaign: dict[str, int] = {}
        self._matchers: dict[int, Matcher] = {}
        self._said: Sequence[Any] = []
        self._verdicts = HashTable(np.dtype(np.int8))
        self.use(registry)

    def use(self, registry: Registry) -> None:
        """Take the targets of a changed registry."""
        self._of_campaign, self._matchers = {}, {}
        for campaign in registry.campaigns.values():
            if campaign.target is not None:
                since = registry.targets_since.get(campaign.id, 0)
                number = self.number(fingerprint(campaign.id, campaign.target, since))
                self._of_campaign[campaign.id] = number
                self._matchers[number] = Matcher(campaign.target)

    def number(self, name: str) -> int:
        """Return the number of a fingerprint."""
        if name not in self._numbers:
            self._numbers[name] = len(self.names)
            self.names.append(name)
        return self._numbers[name]

    def of_campaign(self, campaign: str) -> int:
        """Return the number of a campaign's present target, or NO_TARGET."""
        return self._of_campaign.get(campaign, NO_TARGET)

    def matching(self, audiences: Ints, targets: Ints, said: Sequence[Any]) -> Ints:
        """Return each impression's target where its audience belongs to it, else NO_TARGET.

        `targets` are the present targets of the impressions' campaigns, `audiences` numbers in `said`, which
        may grow, or NOBODY. Each pair is judged once, as long as the list is the same.
        """
        if said is not self._said or len(self._verdicts) > _MOST_PAIRS:
            self._said, self._verdicts = said, HashTable(np.dtype(np.int8))
        found, pairs = np.empty(len(targets), np.int64), np.empty(len(targets), np.uint64)
        match(self._verdicts.cells, self._verdicts.payload, audiences, targets, found, pairs)
        for index in np.flatnonzero(found == _NOT_JUDGED).tolist():
            target, audience = int(targets[index]), int(audiences[index])
            belongs = self._matchers[target](None if audience == NOBODY else said[audience])
            found[index] = target if belongs else NO_TARGET
            pair = pairs[index : index + 1]
            if self._verdicts.find(pair)[0] < 0:
                self._verdicts.insert(pair, belongs)
        return found


@compiled
def match(cells: Keys, verdicts: Verdicts, audiences: Ints, targets: Ints, found: Ints, pairs: Keys) -> None:
    """Find each target to which an audience belongs, else NO_TARGET; or that its pair is not judged yet."""
    for index in range(len(targets)):
        target = targets[index]
        if target == NO_TARGET:
            found[index] = NO_TARGET
            continue
        pairs[index] = _pair_key(target, audiences[index])
        at = position(cells, pairs[index])
        if cells[at] == EMPTY:
            found[index] = _NOT_JUDGED
        else:
            found[index] = target if verdicts[at] else NO_TARGET


@inlined
def _pair_key(target: np.int64, audience: np.int64) -> np.uint64:
    """Mix the numbers of a pair: of the product the high half is well mixed, and becomes the low one."""
    product = (U64(target + 1) << _HALF | U64(audience + 1)) * _FACTOR
    return not_empty(product >> _HALF | product << _HALF)
