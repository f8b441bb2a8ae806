"""What events that report running totals count: how far each total is above the last one, or below it.

Such events are few, and each depends on the one before: so they are gone through one by one, and then counted
with all others, each standing for what its total has grown by.
"""

from dataclasses import dataclass, field

import numpy as np

from models.core.columns import numbers
from models.core.hashing import Domain, hash_texts
from models.events.batch import Events
from models.events.leaf_index import LeafIndex
from models.kinds import ENGAGEMENTS, INTERACTIONS
from models.state.running_totals import Last, RunningTotals, Taken, Totals, is_stale, name_of
from models.tally import Tally, add

_COUNTS: dict[str, tuple[str, ...]] = {
    "impression": ("impressions",),
    "click": ("clicks", "interactions:click"),
    **{kind.name: (f"interactions:{kind.name}",) for kind in INTERACTIONS if kind.name != "click"},
    **{kind.name: ("video_views",) for kind in ENGAGEMENTS if kind not in INTERACTIONS},
}
"""The names of models.tally that count an event, by its type, or by the kind of an engagement."""


@dataclass(slots=True)
class Grown:
    """The events that count, those of totals by what these have grown by; and what else came of totals.

    `stale` counts those that are older than the last one, `beyond` those that there was no room to follow:
    none of them changes anything.
    """

    events: Events
    totals: Totals = field(default_factory=dict)
    taken: Taken = field(default_factory=dict)
    stale: int = 0
    beyond: int = 0


def follow(events: Events, leaves: LeafIndex, known: RunningTotals) -> Grown:
    """Note the totals that valid events report, in their order."""
    grown, counts, stays = Grown(events), events.counts.copy(), np.ones(len(events.times), np.bool_)
    for index, campaign, kind, name in _named(events, leaves):
        last = Last(int(events.times[index]), events.totals[index].total)
        before = known.last(campaign, name)
        stays[index] = False
        if is_stale(before, last.time):
            grown.stale += 1
        elif before is None and not known.has_room(campaign):
            grown.beyond += 1
        else:
            stays[index], counts[index] = True, known.note(campaign, name, last)
            grown.totals.setdefault(campaign, {})[name] = last
            if counts[index] < 0:
                add(grown.taken.setdefault(campaign, {}), _taken(kind, -int(counts[index])))
    known.take(grown.taken)
    grown.events = events._replace(counts=counts).where(stays)
    return grown


def _named(events: Events, leaves: LeafIndex) -> list[tuple[int, str, str, int]]:
    """List the events of totals: index, campaign, kind (or type), hash of the total's name."""
    indices = sorted(events.totals)
    of_leaves = events.leaves[numbers(indices)]
    named = leaves.named(of_leaves)
    kinds = [_kind(events, index) for index in indices]
    names = [
        name_of(leaf, events.type, kind, events.totals[index].source)
        for index, leaf, kind in zip(indices, named, kinds, strict=True)
    ]
    hashes = hash_texts(names, leaves.keys(of_leaves, Domain.TOTAL)).tolist()
    return list(zip(indices, (leaf.campaign for leaf in named), kinds, hashes, strict=True))


def _kind(events: Events, index: int) -> str:
    return ENGAGEMENTS[events.kinds[index]].name if events.type == "engagement" else events.type


def _taken(kind: str, number: int) -> Tally:
    return dict.fromkeys(_COUNTS[kind], number)
