"""What changed up to a moment: a delta, to which ratings are still added of what was applied before it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from models.core.columns import Acts, Increments, Ints, aggregate, stack
from models.state.delta import Delta
from models.state.repeats import thinned
from models.tally import Tally, add


@dataclass(slots=True)
class Cut:
    """A delta without acts, and what it is made whole by.

    `rows` has the shard's row of each of its leaves, ascending. Acts name their campaigns by numbers in
    `campaigns`, which grows.
    """

    _delta: Delta
    _rows: Ints
    _acts: list[Acts]
    _campaigns: Sequence[str]
    _counts: list[Increments] = field(default_factory=list)

    def rate(self, topic: str, counts: Increments, acts: Acts, outcomes: Tally) -> None:
        """Add what ratings counted, at rows of the shard at which the delta counts."""
        self._counts.append(counts._replace(rows=np.searchsorted(self._rows, counts.rows)))
        self._acts.append(acts)
        add(self._delta.ledger.setdefault(topic, {}), outcomes)

    def delta(self) -> Delta:
        """Return the delta with all that was added."""
        acts = thinned(stack(self._acts))
        acting = np.unique(acts.campaigns)
        counts = self._delta.counts
        return replace(
            self._delta,
            counts=aggregate(*stack([counts, *self._counts])) if self._counts else counts,
            acts=acts._replace(campaigns=np.searchsorted(acting, acts.campaigns)),
            actors=[self._campaigns[number] for number in acting.tolist()],
        )
