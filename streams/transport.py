"""Faust's aiokafka driver, extended where it would lose or double events.

What is relied on in Faust 0.15 and aiokafka 0.14 is pinned by tests/integration/test_transport.py.
"""

import asyncio
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Protocol, cast

import aiokafka
from aiokafka.errors import IllegalStateError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from connections.topics import LARGEST_DEAD_LETTER
from streams.recreated import refuse_partial

_FETCH_WAIT_MS = 200


class Keeper(Protocol):
    """Who knows what has been applied of each source partition."""

    def positions(self) -> Mapping[TP, int]:
        """Give the next offset to apply of each source partition that is restored."""

    async def revoke(self) -> None:
        """Store what was applied and own nothing."""


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread that runs aiokafka's consumer."""

    consumer: "Consumer"

    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        # The driver offers neither: it reads uncommitted records unless Faust runs transactions itself,
        # and lets an idle fetch hold back resumed partitions for 1.5 s.
        consumer._isolation_level = "read_committed"
        consumer._fetch_max_wait_ms = _FETCH_WAIT_MS
        return consumer

    async def _fetch_records(
        self,
        consumer: aiokafka.AIOKafkaConsumer,
        active_partitions: set[TP],
        timeout: float | None = None,
        max_records: int | None = None,
    ) -> Any:
        """Fetch, and note where offsets are missing: transaction markers, aborted and compacted records."""
        try:
            async with asyncio.timeout(timeout):
                before = {tp: await consumer.position(tp) for tp in active_partitions}
        except (IllegalStateError, TimeoutError):
            return {}
        fetched = await super()._fetch_records(consumer, active_partitions, timeout, max_records)
        for tp, records in fetched.items():
            self.consumer.note_fetched(TP(*tp), before.get(tp, 0), [record.offset for record in records])
        return fetched

    async def _seek_wait(self, consumer: aiokafka.AIOKafkaConsumer, partitions: Mapping[TP, int]) -> None:
        # In the thread that fetches: what is noted from here on was fetched after the seek.
        self.consumer.forget_fetched(partitions)
        await super()._seek_wait(consumer, partitions)


class _NoReadOffsets(dict[TP, int | None]):
    """Stand in for Faust's memory of read offsets, which it drops records by.

    A record left over from before a seek sets it ahead; all records from the seek up to there are then
    dropped, and lost. Seen with five kill -9 among 30 000 events: 67 clicks less.
    """

    def __getitem__(self, _: TP) -> None:
        return None

    def __setitem__(self, _: TP, __: int | None) -> None:
        return None


class Consumer(driver.Consumer):
    """A consumer whose positions are those of the stored state, never the group's committed ones.

    Faust resumes partitions before it seeks, seeks only to committed offsets, and delivers what it had
    fetched before a seek after it. So each record is checked against the position that it must follow:
    `gap_start` tells the keeper which missing offsets were never to be had.
    """

    app: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read_offset = _NoReadOffsets()
        self._gaps: dict[tuple[TP, int], int] = {}
        self._fetched: dict[TP, int] = {}

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def perform_seek(self) -> None:
        """Seek each restored source partition to its own position; nothing while nothing is restored."""
        await self.seek_to(self.app.keeper.positions())

    async def seek_to(self, positions: Mapping[TP, int]) -> None:
        """Read on from these offsets."""
        if positions:
            await self.seek_wait(positions)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Store what was applied before anyone else may own it."""
        await self.app.keeper.revoke()
        self._fetched.clear()
        await super().on_partitions_revoked(revoked)

    def note_fetched(self, tp: TP, position: int, offsets: list[int]) -> None:
        """Remember what a fetch from `position` on brought, and before which offsets some are missing."""
        expected = position
        for offset in offsets:
            if offset != expected:
                self._gaps[tp, offset] = expected
            expected = offset + 1
        if tp in self._fetched:
            self._fetched[tp] = expected

    def forget_fetched(self, partitions: Iterable[TP]) -> None:
        """Forget what was fetched of some partitions: it is read again from elsewhere."""
        moved = {TP(*tp) for tp in partitions}
        self._fetched.update(dict.fromkeys(moved, 0))
        for tp, offset in [key for key in list(self._gaps) if key[0] in moved]:
            self._gaps.pop((tp, offset), None)

    def fetched(self, tp: TP) -> float:
        """Tell the offset after the last record fetched since the partition was sought, 0 where none was.

        Infinite before it is sought: its position then says nothing of what is applied.
        """
        return self._fetched.get(tp, math.inf)

    def gap_start(self, tp: TP, offset: int) -> int:
        """Tell the first of the missing offsets before this one; the offset itself where none is."""
        return self._gaps.pop((tp, offset), offset)

    async def source_offsets(self) -> dict[TP, tuple[int, int]]:
        """Ask the broker for the first and the next offset of each assigned source partition.

        Raises:
            TopicRecreated: a topic was missing when partitions were assigned.

        """
        sources = {TP(*tp) for tp in self.assignment() if not self._is_changelog_tp(tp)}
        refuse_partial(sources, self.app.sources)
        starts = await self._thread.earliest_offsets(*sources)
        ends = await self._thread.highwaters(*sources)
        return {tp: (starts[tp], ends[tp]) for tp in sources}

    async def read_to(self, tp: TP) -> int | None:
        """Tell the next offset to read of a partition; None where it is not assigned."""
        try:
            return await self._thread.position(tp)
        except IllegalStateError:
            return None

    async def commit_positions(self, positions: Mapping[TP, int]) -> None:
        """Commit what is durable to the group, for lag tools: recovery does not read it."""
        if positions:
            await self._thread.commit(positions)


class Producer(driver.Producer):
    """A producer whose retries neither double nor reorder records."""

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": True, "max_request_size": LARGEST_DEAD_LETTER}

    async def send_record(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None = None,
        headers: Sequence[tuple[str, bytes]] = (),
    ) -> asyncio.Future[Any]:
        """Send a record; give the future of its acknowledgement.

        Not through Faust's own `send`, which refuses a record without key and value: strangers send such,
        and they must reach the dead letters as they are.
        """
        producer = self._ensure_producer()
        if key is not None or value is not None:
            sent = await producer.send(topic, value, key, partition, headers=list(headers))
        else:
            batch = producer.create_batch()
            batch.append(key=None, value=None, timestamp=None, headers=list(headers))
            first = min(await producer.partitions_for(topic))
            sent = await producer.send_batch(batch, topic, partition=first)
        return cast("asyncio.Future[Any]", sent)


class Transport(driver.Transport):
    """Faust's aiokafka transport with our consumer and producer."""

    Consumer: ClassVar[type[Consumer]] = Consumer
    Producer: ClassVar[type[Producer]] = Producer


def bootstrap_urls(servers: str) -> Iterable[str]:
    """Turn HOST:PORT,HOST:PORT into Faust's broker URLs."""
    return [f"kafka://{server.strip()}" for server in servers.split(",")]
