"""What a worker holds: the partitions that are assigned, and the shards that are restored."""

from collections.abc import Callable, Iterable, Mapping

from faust.types import TP

from models.state.delta import Source
from models.state.shard_states import ShardStates
from models.times import HOUR, SECOND
from streams.shard.shard import Shard


class Holdings:
    """Shards by number. `names` gives what a topic is called in metrics, by its full name."""

    def __init__(self, owner: Callable[[str], int], names: Mapping[str, str]) -> None:
        self.shards: dict[int, Shard] = {}
        self.claimed: set[int] = set()
        self._restored = False
        self._owner = owner
        self._names = names
        self._topics = {plain: full for full, plain in names.items()}

    def take(self, shards: dict[int, Shard]) -> None:
        """Hold shards that are restored."""
        self.shards = shards
        self._restored = True

    def let_go(self) -> dict[int, Shard]:
        """Hold nothing; give what was held."""
        shards, self.shards, self.claimed = self.shards, {}, set()
        self._restored = False
        return shards

    @property
    def live(self) -> ShardStates:
        """The folds of the shards that are live."""
        return self._folds(shard for shard in self.shards.values() if shard.live)

    @property
    def all(self) -> ShardStates | None:
        """The folds of all shards, live or catching up; None until what was assigned is restored."""
        return self._folds(self.shards.values()) if self._restored else None

    @property
    def recovering(self) -> set[int]:
        """The partitions whose state is not restored yet, or whose waiting records are not all applied."""
        return {number for number in self.claimed if not self._is_live(number)}

    @property
    def holes(self) -> int:
        """How often forwarded events were missing."""
        return sum(shard.holes for shard in self.shards.values())

    def horizon(self, now: int) -> float:
        """Tell how far back, in seconds, duplicates are recognised in every shard now."""
        horizons = [shard.fold.duplicates.horizon(now) for shard in self.shards.values()]
        return min(horizons, default=HOUR) / SECOND

    def position(self, topic: str, partition: int) -> int | None:
        """Tell the next offset of a source that is to be applied; None where it is not held."""
        shard = self.shards.get(partition)
        return shard.position((topic, partition)) if shard else None

    def positions(self) -> dict[Source, int]:
        """Give the next offset of every source that is to be applied."""
        return {source: shard.position(source) for shard in self.shards.values() for source in shard.sources}

    def place(self, tp: TP) -> Source:
        """Name a source as metrics do."""
        return self._names[tp.topic], tp.partition

    def tp(self, source: Source) -> TP:
        """Name a source as Kafka does."""
        return TP(self._topics[source[0]], source[1])

    def _is_live(self, number: int) -> bool:
        shard = self.shards.get(number)
        return shard is not None and shard.live

    def _folds(self, shards: Iterable[Shard]) -> ShardStates:
        return ShardStates({shard.number: shard.fold for shard in shards}, self._owner)
