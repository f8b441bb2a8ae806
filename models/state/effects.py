"""What valid events of one type change: counts by leaf and tick, and people seen."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from models.core.columns import (
    COLUMN,
    LIMB_BITS,
    TICK,
    Acts,
    Increments,
    Ints,
    Sightings,
    aggregate,
    no_counts,
    numbers,
    stack,
)
from models.core.hashing import Domain, Hashes
from models.state.repeats import ACTS
from models.topics import EventType, topic_of

Mask = npt.NDArray[np.bool_]


def increments_of(event_type: EventType, events: Sequence[Any], rows: Ints, times: Ints) -> Increments:
    """Count events by the row of their leaf; conversions count by their orders instead."""
    ticks = times // TICK
    amounts = np.array([event.count for event in events], dtype=np.int64)

    def counted(column: Ints | int) -> Increments:
        return Increments(rows, ticks, np.broadcast_to(column, len(rows)), amounts)

    match event_type:
        case "impression":
            impressions = counted(COLUMN["impressions"])
            return aggregate(*stack([impressions, *_excess("impressions", impressions)]))
        case "click":
            clicks, interactions = counted(COLUMN["clicks"]), counted(COLUMN["interactions:click"])
            excess = [*_excess("clicks", clicks), *_excess("interactions", interactions)]
            return aggregate(*stack([clicks, interactions, *excess]))
        case "engagement":
            kinds = counted(numbers([_KIND[event.kind] for event in events]))
            ratings = counted(numbers([_RATING[event.sentiment] for event in events]))
            ratings = ratings.where(ratings.columns >= 0)
            interactions = kinds.where(kinds.columns != COLUMN["video_views"])
            views = kinds.where(kinds.columns == COLUMN["video_views"])
            excess = [
                *_excess("video_views", views),
                *_excess("interactions", interactions),
                *_excess("rated", ratings),
            ]
            return aggregate(*stack([kinds, ratings, *excess]))
        case _:
            return no_counts()


def _excess(name: str, counted: Increments) -> list[Increments]:
    """Return what Σn² has beyond Σn, in two limbs; nothing for events that stand for themselves."""
    many = counted.where(counted.amounts > 1)
    if not len(many.rows):
        return []
    beyond = many.amounts * (many.amounts - 1)
    return [
        many._replace(columns=np.full(len(beyond), COLUMN[f"excess:{name}:{limb}"]), amounts=amounts)
        for limb, amounts in (("low", beyond & _LOW), ("high", beyond >> LIMB_BITS))
    ]


def with_identified(increments: Increments, sightings: Sightings) -> Increments:
    """Add the count of impressions that carry a usable person."""
    rows, _, ticks, _ = sightings
    column = np.full(len(rows), COLUMN["identified"])
    once = aggregate(rows, ticks, column, np.ones(len(rows), dtype=np.int64))
    return Increments(*stack([increments, once]))


def id_domains(event_type: EventType, events: Sequence[Any]) -> Ints | Domain:
    """Return the domains of event ids: an adjustment may bear the id of its sale."""
    if event_type != "conversion":
        return Domain.EVENT
    return numbers([_DOMAIN[event.status] for event in events])


def usable_persons(events: Sequence[Any], assume_consent: bool) -> Mask:
    """Mark the events whose person may be used: with consent, and where the event stands for one alone."""
    return np.array(
        [
            event.person_id is not None
            and event.count == 1
            and (assume_consent if event.consent is None else event.consent)
            for event in events
        ],
        dtype=np.bool_,
    )


def acts_of(event_type: EventType, events: Sequence[Any], campaigns: Ints, persons: Hashes) -> Acts:
    """Return what known people did: events whose person is usable, with their campaigns and persons."""
    ones = np.ones(len(persons), dtype=np.int64)

    def done(kind: str) -> Acts:
        return Acts(campaigns, np.full(len(persons), ACTS.index(kind)), persons, ones)

    match event_type:
        case "engagement":
            interacted = np.array([_KIND[event.kind] != COLUMN["video_views"] for event in events], np.bool_)
            rated = np.array([_RATING[event.sentiment] >= 0 for event in events], np.bool_)
            return Acts(*stack([done("interactions").where(interacted), done("rated").where(rated)]))
        case "click":
            return Acts(*stack([done("clicks"), done("interactions")]))
        case _:
            return done(topic_of(event_type))


_LOW = (1 << LIMB_BITS) - 1
_DOMAIN = {"confirmed": Domain.EVENT, "cancelled": Domain.CANCELLATION, "refunded": Domain.REFUND}
_KIND = {name.removeprefix("interactions:"): number for name, number in COLUMN.items()}
_KIND["video_view"] = COLUMN["video_views"]
_RATING: dict[str | None, int] = {
    name.removeprefix("rated:"): number for name, number in COLUMN.items() if name.startswith("rated:")
}
_RATING[None] = -1
