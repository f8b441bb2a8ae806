"""Sources: what a worker reads events from, by the names that metrics give them.

Only this room names them as Kafka does: here they are translated, in both directions.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

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

    def _by_tp(self, positions: Mapping[Source, int]) -> dict[TP, int]:
        return {self._names.tp(source): offset for source, offset in positions.items()}


class EndOffsets:
    """Where sources end, asked of the broker by a consumer of its own that belongs to no group."""

    def __init__(self, names: SourceNames, consumer: Any) -> None:
        self._names = names
        self._consumer = consumer
        self._started = False

    @classmethod
    def open(cls, settings: Settings) -> "EndOffsets":
        """Make one for a deployment; it connects when it is first asked."""
        consumer = AIOKafkaConsumer(**client_options(settings), isolation_level="read_committed")
        return cls(SourceNames(settings), consumer)

    async def ask(self, sources: Iterable[Source]) -> dict[Source, int]:
        """Ask for the next offset of each source.

        Raises:
            KafkaError, OSError: the broker does not answer.

        """
        if not self._started:
            await self._consumer.start()
            self._started = True
        ends = await self._consumer.end_offsets([self._names.tp(source) for source in sources])
        return {self._names.source(TP(*tp)): end for tp, end in ends.items()}

    async def close(self) -> None:
        """Close the connection."""
        await self._consumer.stop()
