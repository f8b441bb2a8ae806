"""What the registry remembers of every id that it ever held: its last target, and since when that is so.

A worker's state keeps the people of former targets, and the counts of campaigns that were deleted. So a
predicate that comes back needs a mark that tells it from what it was, and an id that comes back is known.
"""

from collections.abc import Mapping
from typing import Any

from models.campaigns.campaign import Campaign
from models.campaigns.target import fingerprint

JsonObject = dict[str, Any]


def targets_since(history: Mapping[str, object]) -> dict[str, int]:
    """Return the mark of each campaign's present target, where it is not the first."""
    marks = {name: _entry(one).get("since") for name, one in history.items()}
    return {name: mark for name, mark in marks.items() if isinstance(mark, int) and mark}


def remember(history: JsonObject, campaign: Campaign, mark: int) -> bool:
    """Note a campaign's target; return whether it differs from the one that its id had last.

    `mark` is a number that no earlier change had; it becomes the mark of a target that is another now.
    """
    predicate = None if campaign.target is None else fingerprint(campaign.id, campaign.target)
    known = history.get(campaign.id)
    if known is None:
        history[campaign.id] = {"target": predicate, "since": 0}
        return False
    if _entry(known).get("target") == predicate:
        return False
    history[campaign.id] = {"target": predicate, "since": mark}
    return True


def _entry(found: object) -> Mapping[str, object]:
    return found if isinstance(found, Mapping) else {}
