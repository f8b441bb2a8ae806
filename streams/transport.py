"""Faust's aiokafka driver, extended where it would lose or double events.

What is relied on in Faust 0.15 and aiokafka 0.14 is pinned by tests/integration/test_transport.py.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Protocol

import aiokafka
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

_FETCH_WAIT_MS = 200


class Positions(Protocol):
    """Who knows what has been applied of each source partition."""

    async def restore(self, ends: Mapping[TP, int]) -> Mapping[TP, int]:
        """Take stored state back for these partitions; give the offsets to read on from."""

    async def release(self) -> None:
        """Store what can be stored and own nothing."""


class ConsumerThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]  # untyped base
    """The thread that runs aiokafka's consumer."""

    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        # The driver offers neither: it reads uncommitted records unless Faust runs transactions itself,
        # and lets an idle fetch hold back resumed partitions for 1.5 s.
        consumer._isolation_level = "read_committed"
        consumer._fetch_max_wait_ms = _FETCH_WAIT_MS
        return consumer


class Consumer(driver.Consumer):  # type: ignore[misc]  # untyped base
    """A consumer whose positions are those of the stored state, never the group's committed ones."""

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def perform_seek(self) -> None:
        """Restore the state of what is assigned and seek each source partition to its own position.

        Faust resumes partitions before it seeks, and seeks only to committed offsets: a partition that was
        never committed lost its first records. Here every partition is sought, and what came early is
        dropped.
        """
        sources = self.source_partitions()
        starts = await self._thread.earliest_offsets(*sources)
        ends = await self._thread.highwaters(*sources)
        wanted = await self.app.keeper.restore(ends)
        await self.seek_wait({tp: max(wanted.get(tp, 0), starts[tp]) for tp in sources})
        self.app.flow_control.clear()

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Store what was applied before anyone else may own it."""
        await self.app.keeper.release()
        await super().on_partitions_revoked(revoked)

    async def commit_positions(self, positions: Mapping[TP, int]) -> None:
        """Commit what is durable to the group, for lag tools: recovery does not read it."""
        if positions:
            await self._thread.commit(positions)

    def source_partitions(self) -> set[TP]:
        """List the assigned partitions of the input topics."""
        return {TP(*tp) for tp in self.assignment() if not self._is_changelog_tp(tp)}


class Producer(driver.Producer):  # type: ignore[misc]  # untyped base
    """A producer whose retries neither double nor reorder records."""

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": True}


class Transport(driver.Transport):  # type: ignore[misc]  # untyped base
    """Faust's aiokafka transport with our consumer and producer."""

    Consumer: ClassVar[type[Consumer]] = Consumer
    Producer: ClassVar[type[Producer]] = Producer


def bootstrap_urls(servers: str) -> Iterable[str]:
    """Turn HOST:PORT,HOST:PORT into Faust's broker URLs."""
    return [f"kafka://{server.strip()}" for server in servers.split(",")]
