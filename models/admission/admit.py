"""Which records of a batch count, and the refusal of each that does not.

What counts is found for the whole batch at once; whatever is not plainly so is judged again by itself
(models.admission.rules), which has the last word and the reason.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.admission.rules import FUTURE_TOLERANCE, LATE_AFTER, is_adjustment, refuse
from models.campaigns.registry import Registry
from models.core.columns import Ints
from models.events.decoding import Read, Refusals, read_events
from models.events.places import ByPlace, Column
from models.scopes import Leaf
from models.topics import INPUT_TOPICS


class Batch(NamedTuple):
    """Records of one source partition in the order of their offsets; arrivals in microseconds.

    `end` is the offset that the next batch begins at: after the last record, or later where nothing that
    counts lies in between (transaction markers, records of aborted transactions).
    """

    topic: str
    partition: int
    values: Sequence[bytes | None]
    offsets: Sequence[int]
    arrivals: Sequence[int]
    end: int = 0

    @property
    def next_offset(self) -> int:
        """Tell the offset that the next batch begins at."""
        return max(self.end, self.offsets[-1] + 1 if len(self.offsets) else 0)

    def index_of(self, offset: int) -> int:
        """Tell which record is the first at an offset or after it; their number where none is."""
        return bisect_left(self.offsets, offset)

    def since(self, index: int) -> "Batch":
        """Give the records from one on."""
        if not index:
            return self
        return self._replace(
            values=self.values[index:], offsets=self.offsets[index:], arrivals=self.arrivals[index:]
        )


class Judged(NamedTuple):
    """Events that count, each at its time: its own, or its arrival where that is earlier (microseconds)."""

    events: list[Any]
    times: Ints
    arrivals: Ints
    places: Column

    def where(self, mask: npt.NDArray[np.bool_]) -> "Judged":
        """Give those that a mask holds."""
        if mask.all():
            return self
        kept = [event for event, holds in zip(self.events, mask.tolist(), strict=True) if holds]
        return Judged(kept, self.times[mask], self.arrivals[mask], self.places.where(mask))

    def late(self) -> int:
        """Count events, adjustments aside, that arrived more than a day after they happened."""
        return sum(
            not is_adjustment(self.events[index])
            for index in np.flatnonzero(self.arrivals - self.times > LATE_AFTER).tolist()
        )


def read(batch: Batch) -> Read:
    """Read the records of a batch."""
    return read_events(INPUT_TOPICS[batch.topic], batch.values)


class Judge:
    """What a registry admits, in a form that suits batches."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        campaigns = list(registry.campaigns.values())
        self._numbers = {campaign.id: number for number, campaign in enumerate(campaigns)}
        self._starts = np.array([campaign.starts for campaign in campaigns] or [0])
        self._until = np.array([campaign.ends + campaign.grace for campaign in campaigns] or [0])
        self._campaign_of = ByPlace(self._number)

    def judge(self, batch: Batch, read: Read) -> tuple[Judged, Refusals]:
        """Judge what was read of a batch; refusals come with the index of their record, in its order."""
        arrivals = np.array(batch.arrivals, dtype=np.int64)[read.indices]
        times = np.minimum(read.times, arrivals)
        if INPUT_TOPICS[batch.topic] == "conversion":
            counts = np.zeros(len(times), dtype=np.bool_)
        else:
            counts = self._plainly(read.places, times) & (read.times <= arrivals + FUTURE_TOLERANCE)
        refusals = list(read.refusals)
        for place in np.flatnonzero(~counts).tolist():
            refusal = refuse(read.events[place], int(read.times[place]), int(arrivals[place]), self._registry)
            counts[place] = refusal is None
            if refusal is not None:
                refusals.append((int(read.indices[place]), refusal))
        judged = Judged(read.events, times, arrivals, read.places).where(counts)
        return judged, sorted(refusals, key=lambda pair: pair[0])

    def _plainly(self, places: Column, times: Ints) -> npt.NDArray[np.bool_]:
        """Find the events that surely count: the campaign runs and takes the influencer."""
        numbers = self._campaign_of(places)
        inside = (self._starts[numbers] <= times) & (times < self._until[numbers])
        return (numbers >= 0) & inside

    def _number(self, leaf: Leaf) -> int:
        """Give the number of a campaign that takes the influencer of a leaf, or −1."""
        campaign = self._registry.campaigns.get(leaf.campaign)
        listed = campaign and campaign.influencers
        if campaign is None or (listed is not None and leaf.influencer not in listed):
            return -1
        return self._numbers[leaf.campaign]
