"""What the tests of counting are made of: events as columns, of the few things that counts depend on."""

from typing import NamedTuple

import numpy as np

from models.core.columns import Increments, numbers
from models.events.batch import Smalls
from models.kinds import ENGAGEMENTS, POLARITIES, names
from models.state.effects import EFFECTS, Counted
from models.state.gathering import Gathering
from models.topics import EventType


class Sent(NamedTuple):
    """One event: the row of its leaf, its time, and what it says."""

    row: int
    time: int
    stands_for: int = 1
    kind: str | None = None
    rating: str | None = None
    known: bool = False


def gathered(event_type: EventType, *sent: Sent) -> Increments:
    """Count events; return their sums."""
    gathering, done = Gathering(), 0
    while done < len(sent):
        done = count(gathering, event_type, done, *sent)
    return gathering.take()


def count(gathering: Gathering, event_type: EventType, start: int, *sent: Sent) -> int:
    """Count events from one on; return up to which there was room."""
    events = Counted(
        numbers([one.row for one in sent]),
        numbers([one.time for one in sent]),
        numbers([one.stands_for for one in sent]),
        np.array([one.known for one in sent], np.bool_),
        _numbered([one.kind for one in sent], names(ENGAGEMENTS)),
        _numbered([one.rating for one in sent], names(POLARITIES)),
    )
    return EFFECTS[event_type](gathering.sums, start, events)


def _numbered(listed: list[str | None], known: tuple[str, ...]) -> Smalls:
    return np.array([-1 if name is None else known.index(name) for name in listed], np.int8)
