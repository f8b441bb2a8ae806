"""Which events of a batch count here, and the refusal of each other one.

What counts for sure is found by one loop; every other event is decided by itself (models.admission.rules),
with the reason.
"""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from models.admission.rules import FUTURE_TOLERANCE, refuse
from models.campaigns.money import exchange_rate
from models.campaigns.registry import Registry
from models.core.columns import Ints
from models.core.compiling import I64, compiled
from models.events.batch import Events, Mask, Refused, Reports
from models.events.currencies import CURRENCIES, currency_of
from models.events.decoder import Decoded
from models.events.leaf_index import LeafIndex
from models.events.parsing import Refusal
from models.events.reports import report_of
from models.scopes import ABSENT, Leaf
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
    """What an event that is no conversion says of where it counts, as models.admission.rules reads it."""

    type: EventType
    campaign_id: str
    influencer_id: str


def admit(decoded: Decoded, leaves: LeafIndex, registry: Registry) -> Admission:
    """Decide on every event."""
    events, refused = decoded.events, list(decoded.refused)
    in_time, times = np.empty(len(events.times), np.bool_), np.empty(len(events.times), np.int64)
    starts, until = leaves.counting(events.leaves)
    judge(events.times, events.arrivals, starts, until, in_time, times)
    counts = in_time
    if events.reports:
        counts = in_time & (events.statuses == 0) & _convertible(events, events.reports, leaves, registry)
    unsure = np.flatnonzero(~counts)
    refusals = _refusals(events, unsure, in_time[unsure], leaves, registry)
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


def _convertible(events: Events, reports: Reports, leaves: LeafIndex, registry: Registry) -> Mask:
    """Mark the conversions whose amount, if they have one, can be converted for sure."""
    own, paid = leaves.currencies(events.leaves), reports.currencies
    sure: Mask = (reports.revenues < 0) | (paid < 0) | (paid == own)
    foreign = np.flatnonzero(~sure & (own >= 0))
    pairs = own[foreign] * CURRENCIES + paid[foreign]
    known = [pair for pair in np.unique(pairs).tolist() if _has_rate(pair, registry)]
    sure[foreign] = np.isin(pairs, known)
    sure[[*reports.read]] = False
    return sure


def _has_rate(pair: int, registry: Registry) -> bool:
    own, paid = divmod(pair, CURRENCIES)
    return exchange_rate(registry.currency_rates, currency_of(paid), currency_of(own)) is not None


def _refusals(
    events: Events, unsure: Ints, in_time: Mask, leaves: LeafIndex, registry: Registry
) -> Sequence[Refusal | None]:
    """Decide on events that do not count for sure; `in_time` marks those whose leaf and time are right."""
    if not len(unsure):
        return []
    named = leaves.named(events.leaves[unsure])
    alone = in_time.copy()
    if events.reports:
        # An adjustment has more time, and a conversion that names nobody needs no influencer of the campaign.
        alone |= (events.statuses[unsure] != 0) | np.array([leaf.influencer == ABSENT for leaf in named])
    # Others are refused for their leaf, but for their time: one of each is looked at. Each by itself took
    # twice as long as all else of an event of an unknown campaign.
    too_new = events.times[unsure] > events.arrivals[unsure] + FUTURE_TOLERANCE
    cases = np.where(alone, -1 - unsure, 2 * events.leaves[unsure] + too_new).tolist()
    one_of_each = dict(zip(cases, zip(unsure.tolist(), named, strict=True), strict=True))
    known = {case: _refuse(events, index, leaf, registry) for case, (index, leaf) in one_of_each.items()}
    return list(map(known.__getitem__, cases))


def _refuse(events: Events, index: int, leaf: Leaf, registry: Registry) -> Refusal | None:
    if events.reports:
        event = report_of(events, events.reports, index, leaf)
    else:
        event = Claim(events.type, leaf.campaign, leaf.influencer)
    return refuse(event, int(events.times[index]), int(events.arrivals[index]), registry)
