"""Which records of a batch count, and the refusal of each that does not.

What counts is found for the whole batch at once; whatever is not plainly so is judged again by itself
(models.admission), which has the last word and the reason.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.admission import FUTURE_TOLERANCE, LATE_AFTER, is_adjustment, refuse
from models.campaigns import Registry
from models.counts import Ints
from models.decoding import decoder, read_event
from models.parsing import Refusal
from models.times import micros
from models.topics import INPUT_TOPICS

_MOST_PAIRS = 200_000


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
        return int(np.searchsorted(np.asarray(self.offsets), offset))

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

    def where(self, mask: npt.NDArray[np.bool_]) -> "Judged":
        """Give those that a mask holds."""
        if mask.all():
            return self
        kept = [event for event, holds in zip(self.events, mask.tolist(), strict=True) if holds]
        return Judged(kept, self.times[mask], self.arrivals[mask])

    def late(self) -> int:
        """Count events, adjustments aside, that arrived more than a day after they happened."""
        return sum(
            not is_adjustment(self.events[index])
            for index in np.flatnonzero(self.arrivals - self.times > LATE_AFTER).tolist()
        )


class Read(NamedTuple):
    """Events of a batch with the indices of their records, and the refusals of what is none."""

    indices: Ints
    events: list[Any]
    refusals: list[tuple[int, Refusal]]

    def without(self, left_out: npt.NDArray[np.bool_]) -> "Read":
        """Give it without some events."""
        kept = [event for event, out in zip(self.events, left_out.tolist(), strict=True) if not out]
        return Read(self.indices[~left_out], kept, self.refusals)


class Judge:
    """What a registry admits, in a form that suits batches."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        campaigns = list(registry.campaigns.values())
        self._numbers = {campaign.id: number for number, campaign in enumerate(campaigns)}
        self._starts = np.array([campaign.starts for campaign in campaigns] or [0])
        self._until = np.array([campaign.ends + campaign.grace for campaign in campaigns] or [0])
        self._pairs: dict[tuple[str, str], int] = {}

    def judge(self, batch: Batch, read: Read) -> tuple[Judged, list[tuple[int, Refusal]]]:
        """Judge what was read of a batch; refusals come with the index of their record, in its order."""
        indices, events, refusals = read
        arrivals = np.array(batch.arrivals, dtype=np.int64)[indices]
        happened = _times(events)
        times = np.minimum(happened, arrivals)
        if INPUT_TOPICS[batch.topic] == "conversion":
            counts = np.zeros(len(events), dtype=np.bool_)
        else:
            counts = self._plainly(events, times) & (happened <= arrivals + FUTURE_TOLERANCE)
        for place in np.flatnonzero(~counts).tolist():
            event = events[place]
            refusal = refuse(event, micros(event.event_time), int(arrivals[place]), self._registry)
            counts[place] = refusal is None
            if refusal is not None:
                refusals.append((int(indices[place]), refusal))
        return Judged(events, times, arrivals).where(counts), sorted(refusals, key=lambda pair: pair[0])

    def _plainly(self, events: list[Any], times: Ints) -> npt.NDArray[np.bool_]:
        """Find the events that surely count: the campaign runs and takes the influencer."""
        known = self._pairs.get
        found = [known((event.campaign_id, event.influencer_id)) for event in events]
        for place in [place for place, number in enumerate(found) if number is None]:
            found[place] = self._number(events[place].campaign_id, events[place].influencer_id)
        numbers = np.array(found, dtype=np.int64)
        inside = (self._starts[numbers] <= times) & (times < self._until[numbers])
        return (numbers >= 0) & inside

    def _number(self, campaign_id: str, influencer_id: str) -> int:
        campaign = self._registry.campaigns.get(campaign_id)
        listed = campaign and campaign.influencers
        if campaign is None or (listed is not None and influencer_id not in listed):
            return -1
        if len(self._pairs) < _MOST_PAIRS:
            self._pairs[campaign_id, influencer_id] = self._numbers[campaign_id]
        return self._numbers[campaign_id]


def read(batch: Batch) -> Read:
    """Read the records of a batch."""
    event_type = INPUT_TOPICS[batch.topic]
    decode = decoder(event_type)
    indices: list[int] = []
    events: list[Any] = []
    refusals: list[tuple[int, Refusal]] = []
    for index, raw in enumerate(batch.values):
        try:
            event = decode(raw)  # type: ignore[arg-type]  # of None it makes a TypeError
        except (ValueError, TypeError, RecursionError):
            event = read_event(event_type, raw)
            if isinstance(event, Refusal):
                refusals.append((index, event))
                continue
        indices.append(index)
        events.append(event)
    return Read(np.array(indices, dtype=np.int64), events, refusals)


def _times(events: list[Any]) -> Ints:
    seconds = np.array([event.event_time.timestamp() for event in events], dtype=np.float64)
    return np.rint(seconds * 1_000_000).astype(np.int64)
