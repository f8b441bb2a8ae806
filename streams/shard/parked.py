"""What this worker goes on showing though it holds it no more: from a release to what is assigned next.

Invariant: whatever is shown when this worker joins the group is in its claim (`holding`), and the group gives
that to nobody else before this worker was told. So a rebalance hides no campaign that stays where it is.
"""

import math
from collections.abc import Collection, Mapping

from models.state.shard_state import ShardState
from streams.kafka.shares import Holding
from streams.shard.lease import Lease

MOST_SECONDS = 40.0
"""From a release to the next assignment: the group goes on without a member that does not join in time
(streams.kafka.app.REBALANCE_SECONDS)."""


class Parked:
    """The states that are shown as they were released, by shard, until shards of their number are live.

    `held` are the numbers that were assigned last, in the order in which they came.
    """

    def __init__(self, lease: Lease) -> None:
        self.held: tuple[int, ...] = ()
        self._states: Mapping[int, ShardState] = {}
        self._lease = lease
        self._until = 0.0

    @property
    def states(self) -> Mapping[int, ShardState]:
        """What is shown of it now, while the lease holds."""
        return self._states if self._lease.monotonic() < self._until else {}

    def park(self, states: Mapping[int, ShardState]) -> None:
        """Go on showing states that are released."""
        self._states = dict(states)
        self._until = self._lease.monotonic() + MOST_SECONDS

    def keep(self, numbers: Collection[int]) -> None:
        """Show nothing but these numbers: others may be given to other workers from here on."""
        self._states = {number: state for number, state in self._states.items() if number in numbers}
        stayed = [number for number in self.held if number in numbers]
        self.held = (*stayed, *sorted(set(numbers) - set(stayed)))

    def claim(self, numbers: Collection[int]) -> None:
        """Go on showing what was assigned again; from `stay` on, until it is live."""
        self.keep(numbers)

    def stay(self) -> None:
        """Show until it is live what is shown now: the claim is written.

        Not before: while a claim waits for the broker this worker does not hear that the group rebalances,
        and is put out by the end of that.
        """
        self._states, self._until = self.states, math.inf

    def replace(self, live: Collection[int]) -> None:
        """Forget what is shown live by now."""
        self._states = {number: state for number, state in self._states.items() if number not in live}

    def clear(self) -> None:
        """Show nothing of it any more."""
        self._states = {}

    def holding(self, *, member: bool) -> Holding:
        """Return the claim with which this worker joins; what is not in it is shown no more.

        It is called in the consumer's thread.
        """
        shows = member and self._lease.holds and self._lease.monotonic() < self._until
        if not shows:
            self._lease.end()
            self.clear()
        return Holding(self.held, shows)
