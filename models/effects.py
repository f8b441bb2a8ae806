"""What a batch of valid events of one type changes: counts by leaf and tick, and people seen."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from models.counts import COLUMN, TICK, Increments, Ints, aggregate
from models.delta import Sightings
from models.identity import hash_in_campaigns
from models.topics import EventType

Mask = npt.NDArray[np.bool_]


def increments_of(
    event_type: EventType, events: Sequence[Any], rows: Ints, times: Ints, identified: Mask
) -> Increments:
    """Count events by the row of their leaf; `identified` marks those that carry a usable person."""
    ticks = times // TICK
    amounts = np.array([event.count for event in events], dtype=np.int64)
    whole = np.ones(len(events), dtype=np.bool_)
    parts: list[tuple[str, Mask, Ints]] = []
    match event_type:
        case "impression":
            parts = [("impressions", whole, amounts), ("identified", identified, np.ones_like(amounts))]
        case "click":
            parts = [("clicks", whole, amounts), ("interactions:click", whole, amounts)]
        case "engagement":
            kinds = np.array([_KIND[event.kind] for event in events], dtype=np.int64)
            ratings = np.array([_RATING[event.sentiment] for event in events], dtype=np.int64)
            return _stacked(rows, ticks, [(kinds, whole, amounts), (ratings, ratings >= 0, amounts)])
        case "conversion":
            pass  # They count by their orders.
    return _stacked(
        rows, ticks, [(np.full(len(events), COLUMN[name]), mask, added) for name, mask, added in parts]
    )


def _stacked(rows: Ints, ticks: Ints, parts: Sequence[tuple[Ints, Mask, Ints]]) -> Increments:
    masks = [mask for _, mask, _ in parts]
    return aggregate(
        np.concatenate([rows[mask] for mask in masks]),
        np.concatenate([ticks[mask] for mask in masks]),
        np.concatenate([columns[mask] for columns, mask, _ in parts]),
        np.concatenate([amounts[mask] for _, mask, amounts in parts]),
    )


def usable_persons(events: Sequence[Any], assume_consent: bool) -> Mask:
    """Mark the events whose person may be used: consent given, and the event stands for itself alone."""
    return np.array(
        [
            event.person_id is not None
            and event.count == 1
            and (assume_consent if event.consent is None else event.consent)
            for event in events
        ],
        dtype=np.bool_,
    )


def sightings_of(
    events: Sequence[Any], rows: Ints, times: Ints, identified: Mask, targets: Ints
) -> Sightings:
    """See the usable persons of impressions; `targets` numbers the target that each is of, or −1."""
    return Sightings(
        rows[identified],
        hash_in_campaigns(
            [
                (event.campaign_id, event.person_id)
                for event, usable in zip(events, identified.tolist(), strict=True)
                if usable
            ]
        ),
        times[identified] // TICK,
        targets[identified],
    )


_KIND = {name.removeprefix("interactions:"): number for name, number in COLUMN.items()}
_KIND["video_view"] = COLUMN["video_views"]
_RATING: dict[str | None, int] = {
    name.removeprefix("rated:"): number for name, number in COLUMN.items() if name.startswith("rated:")
}
_RATING[None] = -1
