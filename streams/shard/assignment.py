"""An assignment: what one rebalance gave this worker, until the next one takes it away.

    claimed ──▶ restored ──▶ ended ──▶ stored, or else discarded

Whoever awaits something on behalf of its shards keeps the assignment, and asks it afterwards whether it has
ended: by then others may hold the partitions, or this worker may hold them again in other shards.
"""

from collections.abc import Callable, Iterable, Mapping

from models.state.delta import Source
from models.state.shard_state import ShardState
from models.state.shard_states import ShardStates
from models.times import HOUR, SECOND
from streams.shard.shard import Shard


class Assignment:
    """Claimed partitions, and from `restore` to `end` their shards, by number.

    `owner` returns the number of the shard that a campaign belongs to. `durable_at` says when a shard was
    last stored (Unix seconds). `half_stored` says that something was cut from the shards and is not stored:
    nothing that follows may be.
    """

    def __init__(self, claimed: Iterable[int], owner: Callable[[str], int]) -> None:
        self.claimed = frozenset(claimed)
        self.shards: Mapping[int, Shard] = {}
        self.durable_at: dict[int, float] = {}
        self.ended = False
        self.discarded = False
        self.half_stored = False
        self._restored = False
        self._owner = owner

    def restore(self, shards: Mapping[int, Shard]) -> None:
        """Hold the shards of what is claimed."""
        self.shards = shards
        self._restored = True

    @property
    def awaits_restore(self) -> bool:
        """Whether it has not ended, and its shards are not held yet."""
        return not (self.ended or self._restored)

    def end(self) -> Mapping[int, Shard]:
        """Hold nothing any more; return the shards that were held, which are still to be stored."""
        shards, self.shards, self.claimed = self.shards, {}, frozenset()
        self.durable_at = {}
        self._restored = False
        self.ended = True
        return shards

    def discard(self) -> None:
        """Throw away what is not stored: whoever holds the partitions next reads it again."""
        self.end()
        self.discarded = True

    @property
    def states(self) -> dict[int, ShardState]:
        """The states of all shards."""
        return {number: shard.state for number, shard in self.shards.items()}

    @property
    def live(self) -> dict[int, ShardState]:
        """The states of the shards that are live."""
        return {number: shard.state for number, shard in self.shards.items() if shard.live}

    @property
    def all(self) -> ShardStates | None:
        """The states of all shards, live or catching up; None until what was assigned is restored."""
        return ShardStates(self.states, self._owner) if self._restored else None

    def shown(self, parked: Mapping[int, ShardState]) -> ShardStates:
        """Return the states that are live, and in place of those that are not, what is parked."""
        return ShardStates({**parked, **self.live}, self._owner)

    @property
    def stands_by(self) -> bool:
        """Whether the group has given it nothing: there are as many workers as partitions without it."""
        return self._restored and not self.claimed

    @property
    def recovering(self) -> set[int]:
        """The partitions whose state is not restored yet, or whose waiting records are not all applied."""
        return {number for number in self.claimed if not self._is_live(number)}

    @property
    def holes(self) -> int:
        """How often forwarded events were missing."""
        return sum(shard.holes for shard in self.shards.values())

    def horizon(self, now: int) -> float:
        """Return how far back, in seconds, duplicates are recognised in every shard now."""
        horizons = [shard.state.duplicates.horizon(now) for shard in self.shards.values()]
        return min(horizons, default=HOUR) / SECOND

    def positions(self) -> dict[Source, int]:
        """Return the next offset to apply of every source."""
        return {source: shard.position(source) for shard in self.shards.values() for source in shard.sources}

    def _is_live(self, number: int) -> bool:
        shard = self.shards.get(number)
        return shard is not None and shard.live
