"""What the exporter is told of the pipeline: plain figures, whatever keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.campaigns.registry import Registry
from models.core.columns import Ints
from models.state.shard_states import ShardStates
from models.tally import Tally, by_suffix
from models.times import SECOND

FRESHNESS_BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)


@dataclass(slots=True)
class Histogram:
    """Counts of observations at or below each bound, the last without bound."""

    bounds: tuple[float, ...] = FRESHNESS_BOUNDS
    counts: list[int] = field(default_factory=lambda: [0] * (len(FRESHNESS_BOUNDS) + 1))
    total: float = 0.0

    def observe_ages(self, arrivals: Sequence[int] | Ints, now: int) -> None:
        """Observe in seconds how long ago each arrival is; both in microseconds."""
        ages = np.maximum(0.0, (now - np.asarray(arrivals)) / SECOND)
        buckets = np.searchsorted(self.bounds, ages)
        for bucket, count in enumerate(np.bincount(buckets, minlength=len(self.counts)).tolist()):
            self.counts[bucket] += count
        self.total += float(ages.sum())


@dataclass(frozen=True, slots=True)
class TextRating:
    """How the rating of texts stands: the model that rates now (empty: none), texts with it, its starts.

    `otherwise` lists the campaigns of whose texts another model has rated some.
    """

    model: str
    waiting: int
    starts: int
    otherwise: Sequence[str]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The worker's health now. Times are Unix seconds.

    `states` are those of the live shards. `ledger` is by topic, and None until something is restored:
    counters that fell to 0 meanwhile would be taken for restarts.
    `held_back` says for how many seconds an open transaction has kept records of a source from being read.
    `halted` says that the worker waits until somebody mends a topic, or the state on it.
    A page has at most `max_series` KPI series, unless those of campaign scope alone are more.
    `rating` is None where no texts are rated.
    """

    states: ShardStates
    registry: Registry
    ledger: Mapping[str, Tally] | None
    lag: Mapping[tuple[str, int], int]
    durable: Mapping[int, float]
    partitions: Mapping[str, int]
    freshness: Histogram
    duplicate_horizon: float
    registry_loaded: float | None
    max_series: int
    holes: int = 0
    halted: bool = False
    held_back: Mapping[tuple[str, int], float] = field(default_factory=dict)
    rating: TextRating | None = None


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the worker is ready, and why not."""

    ready: bool
    reason: str


def rated_otherwise(ledger: Mapping[str, Tally], registry: Registry, now: int, model: str) -> list[str]:
    """List the campaigns shown at `now` (microseconds) of whose texts another model has rated some.

    None while no model rates.
    """
    if not model:
        return []
    read = (name.partition("|") for tally in ledger.values() for name in by_suffix(tally, "read"))
    others = {campaign for campaign, _, other in read if other != model}
    return sorted(name for name, one in registry.campaigns.items() if name in others and one.shown(now))
