"""Which events of a batch count here, which belong to other shards, and the refusal of each other one.

What counts for sure is found for the whole batch at once; every other event is decided by itself
(models.admission.rules), with the reason.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.admission.rules import FUTURE_TOLERANCE, refuse
from models.campaigns.registry import Registry
from models.events.batch import Events, Refused
from models.events.decoding import Decoded
from models.events.leaf_index import LeafIndex


class Admission(NamedTuple):
    """What became of a batch's records, each by its index in the batch.

    `admitted` are the events that count, each at its time: its own, or its arrival where that is earlier.
    `misrouted` lists the records of other shards, by shard; `ignored`, fields that were taken as absent.
    """

    admitted: Events
    refused: list[Refused]
    misrouted: dict[int, list[int]]
    ignored: Mapping[int, Sequence[str]]


def admit(decoded: Decoded, leaves: LeafIndex, registry: Registry, shard: int | None = None) -> Admission:
    """Decide on every event; where a shard is given, the events of others are left to them."""
    events, misrouted = _own(decoded.events, leaves, shard)
    refused = list(decoded.refused)
    counts = _count_for_sure(events, leaves)
    for index in np.flatnonzero(~counts).tolist():
        time, arrival = int(events.times[index]), int(events.arrivals[index])
        refusal = refuse(events.payloads[index], time, arrival, registry)
        counts[index] = refusal is None
        if refusal is not None:
            refused.append(Refused(int(events.indices[index]), refusal))
    admitted = events._replace(times=np.minimum(events.times, events.arrivals)).where(counts)
    return Admission(admitted, sorted(refused, key=lambda one: one.at), misrouted, decoded.ignored)


def _own(events: Events, leaves: LeafIndex, shard: int | None) -> tuple[Events, dict[int, list[int]]]:
    """Part a shard's own events from those of others."""
    if shard is None:
        return events, {}
    shards = leaves.shards(events.leaves)
    foreign = shards != shard
    if not foreign.any():
        return events, {}
    misrouted = {int(other): events.indices[shards == other].tolist() for other in np.unique(shards[foreign])}
    return events.where(~foreign), misrouted


def _count_for_sure(events: Events, leaves: LeafIndex) -> npt.NDArray[np.bool_]:
    """Mark the events that need no closer look: a conversion does, for its currency and its status."""
    if events.type == "conversion":
        return np.zeros(len(events.payloads), np.bool_)
    starts, until = leaves.counting(events.leaves)
    times = np.minimum(events.times, events.arrivals)
    in_time = events.times <= events.arrivals + FUTURE_TOLERANCE
    return in_time & (starts <= times) & (times < until)
