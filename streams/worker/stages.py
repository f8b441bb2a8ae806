"""What a worker is waiting for once it runs, and how long it may: the stages between a join and its state."""

from collections.abc import Hashable

from streams.worker.deadlines import Deadlines
from streams.worker.wiring import Parts

JOINING, JOINING_SECONDS = "joining the consumer group", 180.0
"""Three times as long as the group waits for its other members."""
RESTORING, RESTORING_SECONDS = "restoring the state without coming further", 300.0
STARTING, STARTING_SECONDS = "starting Faust's services", 120.0
_LIMITS = {JOINING: JOINING_SECONDS, RESTORING: RESTORING_SECONDS, STARTING: STARTING_SECONDS}


def stage_of(*, joined: bool, explained: bool, restored: bool, started: bool) -> str:
    """Return the stage that a worker is in; "" where it runs, or where what it waits for is known.

    `explained` says that something outside of the worker keeps it from the group: that may last.
    """
    if not joined:
        return "" if explained else JOINING
    if not restored:
        return RESTORING
    return "" if started else STARTING


class Stages:
    """Limits the stage that a worker is in, as far as it does not come further."""

    def __init__(self, deadlines: Deadlines) -> None:
        self._deadlines = deadlines
        self._stage = ""
        self._reached: Hashable = None

    def look(self, parts: Parts, *, explained: bool, started: bool) -> None:
        """Look where a worker stands."""
        assignment = parts.manager.assignment
        read = frozenset((number, parts.journals.next_offset(number)) for number in assignment.claimed)
        restored = assignment.all is not None
        stage = stage_of(joined=parts.app.joined, explained=explained, restored=restored, started=started)
        self.follow(stage, (read, parts.manager.replayed))

    def follow(self, stage: str, reached: Hashable) -> None:
        """Limit a stage; it has its whole time again once something else is reached."""
        if stage != self._stage:
            self._deadlines.end(self._stage)
            if stage:
                self._deadlines.begin(stage, _LIMITS[stage])
        elif reached != self._reached:
            self._deadlines.renew(stage)
        self._stage, self._reached = stage, reached

    def stop(self) -> None:
        """Limit nothing any more: the worker ends."""
        self.follow("", None)
