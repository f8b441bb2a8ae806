"""Sources: what a worker reads events from, by the names that metrics give them.

Only this room names them as Kafka does: here they are translated, in both directions.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from aiokafka import AIOKafkaConsumer
from faust.types import TP

from connections.kafka import client_options
from connections.topics import source_names
from models.settings import Settings
from models.state.delta import Source


class SourceNames:
    """The names of a deployment's sources: Kafka's and ours."""

    def __init__(self, settings: Settings) -> None:
        self._plain = source_names(settings)
        self._full = {plain: full for full, plain in self._plain.items()}

    @property
    def topics(self) -> tuple[str, ...]:
        """The full names of the topics."""
        return tuple(self._plain)

    def partitions(self, number: int) -> list[TP]:
        """Name the partition of a number of every topic, as Kafka does."""
        return [TP(topic, number) for topic in self._plain]

    def source(self, tp: TP) -> Source:
        """Name a source as metrics do."""
        return self._plain[tp.topic], tp.partition

    def tp(self, source: Source) -> TP:
        """Name a source as Kafka does."""
        return TP(self._full[source[0]], source[1])


class Sources(Protocol):
    """The sources that the group has assigned to this worker."""

    @property
    def stopping(self) -> bool:
        """Whether the worker stops, and what fails no longer matters."""

    async def bounds(self) -> Mapping[Source, tuple[int, int]]:
        """Ask the broker for the first and the next offset of each source.

        Raises:
            TopicRecreated: a topic was missing when partitions were assigned.

        """

    def handed_over(self, source: Source) -> float:
        """Return the offset up to which a source was handed over; infinity where that is not known."""

    async def seek(self, positions: Mapping[Source, int]) -> None:
        """Read on from these offsets."""

    async def commit(self, positions: Mapping[Source, int]) -> bool:
        """Commit offsets to the group; return whether it took them, which it does from its members alone."""

    async def confirm(self) -> bool:
        """Ask the group whether we are a member of its current generation."""


class AssignedSources:
    """`Sources` of a Faust app, by its consumer."""

    def __init__(self, app: Any, names: SourceNames) -> None:
        self._app = app
        self._names = names

    @property
    def stopping(self) -> bool:
        """Whether the app stops."""
        return bool(self._app.should_stop)

    async def bounds(self) -> dict[Source, tuple[int, int]]:
        """Ask the broker for the first and the next offset of each source.

        Raises:
            TopicRecreated: a topic was missing when partitions were assigned.

        """
        found = await self._app.consumer.source_offsets()
        return {self._names.source(tp): offsets for tp, offsets in found.items()}

    def handed_over(self, source: Source) -> float:
        """Return the offset up to which a source was handed over; infinity where that is not known."""
        return float(self._app.consumer.handed_over(self._names.tp(source)))

    async def seek(self, positions: Mapping[Source, int]) -> None:
        """Read on from these offsets."""
        await self._app.consumer.seek_to(self._by_tp(positions))

    async def commit(self, positions: Mapping[Source, int]) -> bool:
        """Commit offsets to the group; return whether it took them."""
        return bool(await self._app.consumer.commit_positions(self._by_tp(positions)))

    async def confirm(self) -> bool:
        """Ask the group whether we are a member of its current generation."""
        return bool(await self._app.consumer.confirm_member())

    def _by_tp(self, positions: Mapping[Source, int]) -> dict[TP, int]:
        return {self._names.tp(source): offset for source, offset in positions.items()}


class Ends(NamedTuple):
    """Where a source ends: for those who read what is committed, and its log itself.

    What stands in between waits for a transaction that some producer has open.
    """

    readable: int
    log: int


class EndOffsets:
    """Where sources end, asked of the broker by consumers of its own that belong to no group.

    `committed` reads what is committed alone, `all_records` all that is in the logs.
    """

    def __init__(self, names: SourceNames, committed: Any, all_records: Any) -> None:
        self._names = names
        self._consumers = (committed, all_records)
        self._to_start = list(self._consumers)

    @classmethod
    def open(cls, settings: Settings) -> "EndOffsets":
        """Make one for a deployment; it connects when it is first asked."""
        consumers = (
            AIOKafkaConsumer(**client_options(settings), isolation_level=level)
            for level in ("read_committed", "read_uncommitted")
        )
        return cls(SourceNames(settings), *consumers)

    async def ask(self, sources: Iterable[Source]) -> dict[Source, Ends]:
        """Ask for the ends of each source.

        Raises:
            KafkaError, OSError: the broker does not answer.

        """
        while self._to_start:
            await self._to_start[0].start()
            # Each by itself: started a second time, because the other could not be, it would fail.
            del self._to_start[0]
        tps = [self._names.tp(source) for source in sources]
        # In this order: what comes in between is not readable yet, and never the other way round.
        readable, log = [await consumer.end_offsets(tps) for consumer in self._consumers]
        return {self._names.source(tp): Ends(readable[tp], max(log[tp], readable[tp])) for tp in tps}

    async def close(self) -> None:
        """Close the connections."""
        for consumer in self._consumers:
            await consumer.stop()
