"""Which events of a batch count here, and the refusal of each other one.

What counts for sure is found by one loop; every other event is decided by itself (models.admission.rules),
with the reason.
"""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from models.admission.rules import FUTURE_TOLERANCE, refuse
from models.campaigns.registry import Registry
from models.core.columns import Ints
from models.core.compiling import I64, compiled
from models.events.batch import Events, Mask, Refused
from models.events.decoder import Decoded
from models.events.leaf_index import LeafIndex
from models.events.parsing import Refusal
from models.events.schema import STATUSES
from models.scopes import Leaf
from models.topics import EventType

_TOLERANCE = I64(FUTURE_TOLERANCE)


class Admission(NamedTuple):
    """What became of a batch's records, each by its index in the batch.

    `counts` marks the events that count; each has the time at which it does: its own, or its arrival where
    that is earlier. `misrouted` and `ignored` are those of the decoder.
    """

    events: Events
    counts: Mask
    refused: list[Refused]
    misrouted: dict[int, Ints]
    ignored: Mapping[int, Sequence[str]]


class Claim(NamedTuple):
    """What an event says of where it counts, as models.admission.rules reads it."""

    type: EventType
    campaign_id: str
    influencer_id: str | None
    status: str
    revenue: float | None
    currency: str | None


def admit(decoded: Decoded, leaves: LeafIndex, registry: Registry) -> Admission:
    """Decide on every event."""
    events, refused = decoded.events, list(decoded.refused)
    counts, times = np.empty(len(events.times), np.bool_), np.empty(len(events.times), np.int64)
    starts, until = leaves.counting(events.leaves)
    judge(events.times, events.arrivals, starts, until, counts, times)
    if events.type == "conversion":
        # Each needs a closer look, for its currency and its status.
        counts[:] = False
    unsure = np.flatnonzero(~counts)
    refusals = _refusals(events, unsure, leaves, registry)
    counts[unsure] = [refusal is None for refusal in refusals]
    records = zip(events.indices[unsure].tolist(), refusals, strict=True)
    refused.extend(Refused(at, refusal) for at, refusal in records if refusal is not None)
    refused.sort(key=itemgetter(0))
    return Admission(events._replace(times=times), counts, refused, decoded.misrouted, decoded.ignored)


@compiled
def judge(times: Ints, arrivals: Ints, starts: Ints, until: Ints, counts: Mask, counted_at: Ints) -> None:
    """Mark the events that count for sure: in time, and while their leaf counts."""
    for index in range(len(times)):
        time, arrival = times[index], arrivals[index]
        counted_at[index] = min(time, arrival)
        in_time = time <= arrival + _TOLERANCE
        counts[index] = in_time and starts[index] <= counted_at[index] < until[index]


def _refusals(
    events: Events, unsure: Ints, leaves: LeafIndex, registry: Registry
) -> Sequence[Refusal | None]:
    """Decide on events that do not count for sure."""
    if not len(unsure):
        return []
    if events.type == "conversion":
        named = zip(unsure.tolist(), leaves.named(events.leaves[unsure]), strict=True)
        return [_refuse(events, index, leaf, registry) for index, leaf in named]
    # But for their time they are refused for their leaf: one of each is looked at. Each by itself took twice
    # as long as all else of an event of an unknown campaign.
    too_new = events.times[unsure] > events.arrivals[unsure] + FUTURE_TOLERANCE
    cases = (2 * events.leaves[unsure] + too_new).tolist()
    one_of_each = dict(zip(cases, unsure.tolist(), strict=True))
    named = zip(one_of_each.items(), leaves.named(events.leaves[[*one_of_each.values()]]), strict=True)
    known = {case: _refuse(events, index, leaf, registry) for (case, index), leaf in named}
    return list(map(known.__getitem__, cases))


def _refuse(events: Events, index: int, leaf: Leaf, registry: Registry) -> Refusal | None:
    sent = events.payloads.get(index)
    claim = Claim(
        events.type,
        leaf.campaign,
        leaf.influencer,
        STATUSES[events.statuses[index]],
        None if sent is None else sent.revenue,
        None if sent is None else sent.currency,
    )
    return refuse(claim, int(events.times[index]), int(events.arrivals[index]), registry)
