"""The thread of aiokafka's consumer, extended where Faust's driver would lose or double events, or wait.

What is relied on in Faust 0.15 and aiokafka 0.14 is pinned by tests/integration/test_transport.py.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import Any, cast

import aiokafka
from aiokafka.errors import ConsumerStoppedError, IllegalStateError, KafkaError
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from mode import Service
from mode.threads import WorkerThread

from streams.kafka.answers import KeepingClient
from streams.kafka.coordination import NEVER_IDLE_MS, coordinates, is_refused, take_refusal
from streams.kafka.fetching import take_fetched
from streams.kafka.halt import damaged
from streams.kafka.membership import NOBODY, confirm, is_member, is_replaced, leave, member_of
from streams.kafka.unread import Damaged

_FETCH_WAIT_MS = 90
"""An event that is sent on waits twice: 99 of 100 are to be shown within 0.3 s."""
_HURRY_WAIT_MS = 10
"""While shards are to be read before they are shown: a fetch that waits holds up all others to its broker."""
_BACKOFF_SECONDS = 0.1
_FETCH_MIN_BYTES = 500_000
"""More than comes within a wait, unless much does: each answer costs what a hundred events do and more."""
_MOST_RECORDS = 5_000
_DAMAGED_SECONDS = 1.0
_ATTEND_SECONDS = 0.5
_LOOK_SECONDS = 0.1
_STOP_SECONDS = 0.02


class _Thread(WorkerThread):
    """A thread whose end Python does not wait for: it may wait for a broker."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.daemon = True


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread that runs aiokafka's consumer."""

    consumer: Any
    Worker = _Thread

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._handed_over: dict[TP, int] = {}
        self.refusal = ""
        self._member = NOBODY

    @Service.task
    async def _attend(self) -> None:
        """Keep the coordination going, whatever it is refused; `refusal` names that until it has joined."""
        while not self.should_stop:
            self.refusal = take_refusal(self._ensure_consumer()) or self.refusal
            if self.refusal:
                await self.end_if_replaced()
            await self.sleep(_ATTEND_SECONDS)

    async def on_start(self) -> None:
        """Start the consumer, and have its fetcher keep what it is answered."""
        await super().on_start()
        fetcher: Any = self._ensure_consumer()._fetcher
        fetcher._client = KeepingClient(fetcher._client)

    def close(self) -> None:
        """Do nothing where a rebalance meets the stop: that closes the consumer, in its own loop.

        Faust closes it in the app's loop, under the stop that is under way and waits for it.
        """

    async def stop(self) -> None:
        """Stop, and let the app's loop run meanwhile: the thread may be waiting for it."""
        if self._started.is_set():
            await Service.stop(self)
            while self._thread is not None and not self._thread.is_stopped.is_set():
                await asyncio.sleep(_STOP_SECONDS)

    @property
    def coordinates(self) -> bool:
        """Whether the worker would hear of a rebalance; True before it has begun to."""
        return self._consumer is None or self._consumer._closed or coordinates(self._consumer)

    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        # The driver offers none of these: it reads uncommitted records unless Faust runs transactions itself,
        # lets an idle fetch hold back resumed partitions for 1.5 s, and fetches each event by itself where
        # producers send them one by one: 5 000 a second took most of a core.
        consumer._isolation_level = "read_committed"
        consumer._fetch_max_wait_ms = _FETCH_WAIT_MS
        consumer._fetch_min_bytes = _FETCH_MIN_BYTES
        consumer._max_poll_interval_ms = NEVER_IDLE_MS
        return consumer

    async def _fetch_records(
        self,
        consumer: aiokafka.AIOKafkaConsumer,
        active_partitions: set[TP],
        timeout: float | None = None,
        max_records: int | None = None,
    ) -> Any:
        """Fetch: one item of each source, and the records of the changelog."""
        # Faust changes the set under us; an empty one would be all to aiokafka.
        wanted = set(active_partitions)
        if not wanted or not self.consumer.flow_active:
            return {}
        fetcher: Any = consumer._fetcher
        self.hurry(hurry=self.consumer.app.listener.behind)
        if consumer._closed or fetcher._closed:
            raise ConsumerStoppedError
        try:
            with fetcher._subscriptions.fetch_context():
                # Faust asks for a second at a time, in which it sees nothing of partitions that it resumes.
                timeout = min(timeout or 0, _LOOK_SECONDS)
                taken = await take_fetched(fetcher, wanted, timeout, max_records or _MOST_RECORDS)
        except BaseException as error:
            # Of other partitions records may have been taken, and aiokafka has moved on.
            self.forget()
            if isinstance(error, Damaged):
                self.consumer.app.halt = damaged(self.consumer.app.deployment, error)
                await asyncio.sleep(_DAMAGED_SECONDS)  # The worker is about to stop the app.
                return {}
            if isinstance(error, KafkaError) and (is_refused(consumer) or self.refusal):
                return {}  # Not for the records' reader: `_attend` takes it.
            raise
        self._handed_over.update({tp: fetched.end for tp, fetched in taken.items()})
        topics = self.consumer.app.names.topics
        return {
            tp: [fetched] if tp.topic in topics else list(fetched.records) for tp, fetched in taken.items()
        }

    async def _seek_wait(self, consumer: aiokafka.AIOKafkaConsumer, partitions: Mapping[TP, int]) -> None:
        self._handed_over.update({TP(*tp): offset for tp, offset in partitions.items()})
        await super()._seek_wait(consumer, partitions)

    def hurry(self, *, hurry: bool) -> None:
        """Have fetches wait less for more, or not; and less for what is fetched and not read yet."""
        fetcher: Any = self._ensure_consumer()._fetcher
        fetcher._fetch_max_wait_ms = _HURRY_WAIT_MS if hurry else _FETCH_WAIT_MS
        fetcher._prefetch_backoff = _HURRY_WAIT_MS / 1000 if hurry else _BACKOFF_SECONDS

    def handed_over(self, tp: TP) -> float:
        """Return the offset up to which a partition was handed over; infinity where that is not known."""
        return self._handed_over.get(tp, math.inf)

    def forget(self) -> None:
        """Forget how far partitions were handed over: a position that stands still is then sought again."""
        self._handed_over.clear()

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Remember what the group knows us by."""
        self._member = member_of(self._ensure_consumer())
        await super().on_partitions_assigned(assigned, generation_id)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Release what was assigned; go no further if another worker has our place."""
        await super().on_partitions_revoked(revoked)
        fetcher: Any = self._ensure_consumer()._fetcher
        fetcher._client.forget()
        if not self.is_member:
            await self.end_if_replaced()

    async def on_shares_to_come(self, numbers: set[int]) -> None:
        """Have the listener show nothing but these numbers."""
        self._member = member_of(self._ensure_consumer())
        await self._tell(self.consumer.app.listener.keep, numbers)

    async def end_if_replaced(self) -> None:
        """Let the listener end this worker if another one has its name, and its place in the group."""
        if await is_replaced(self._ensure_consumer(), self._member):
            await self._tell(self.consumer.app.listener.replaced)

    async def _tell(self, call: Callable[..., Awaitable[None]], *given: Any) -> None:
        """Call the listener in the app's loop."""
        queue = self.consumer._method_queue
        await (await queue.call(self.thread_loop.create_future(), call, *given))

    async def earliest_offsets(self, *partitions: TP) -> Any:
        """Ask where partitions start; beside the queue, in which a fetch may be waiting."""
        return await self._in_thread(self._ensure_consumer().beginning_offsets(partitions))

    async def highwaters(self, *partitions: TP) -> Any:
        """Ask where partitions end."""
        return await self._in_thread(self._ensure_consumer().end_offsets(partitions))

    async def commit_held(self, positions: Mapping[TP, int]) -> bool:
        """Commit positions of partitions that are assigned; return whether the group took them."""
        taken: bool = await self.call_thread(self._commit_held, positions)
        return taken

    async def _commit_held(self, positions: Mapping[TP, int]) -> bool:
        held = self.assignment()
        offsets = {
            TopicPartition(*tp): OffsetAndMetadata(offset, "")
            for tp, offset in positions.items()
            if tp in held
        }
        if not offsets:
            return False
        try:
            await self._ensure_consumer().commit(offsets)
        except (KafkaError, IllegalStateError):
            return False
        return True

    @property
    def is_member(self) -> bool:
        """Whether the group has not put us out since we last joined, as far as we have heard."""
        return self._consumer is not None and is_member(self._consumer)

    async def confirm_member(self) -> bool:
        """Ask the group whether we are a member."""
        return bool(await self._in_thread(confirm(self._ensure_consumer())))

    def ask_for_topics(self) -> None:
        """Have the broker asked which topics there are, and do not wait for it."""
        self._ensure_consumer()._client.force_metadata_update()

    async def leave_group(self) -> None:
        """Leave the group now."""
        if self._consumer is not None:
            await self._in_thread(leave(self._consumer))

    async def _in_thread(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Do something in the consumer's loop, beside its queue: that may be held up by a rebalance."""
        if self.thread_loop.is_closed():
            coroutine.close()
            raise KafkaError("the consumer has stopped")
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, self.thread_loop))


class RebalanceListener(driver.ConsumerRebalanceListener):
    """Tells of what is assigned; where all share once more, only of what may not be shown any longer."""

    _thread: ConsumerThread

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Call when partitions are assigned."""
        thread, assignor = self._thread, cast(Any, self._thread.app.assignor)
        if not assignor.again:
            await super().on_partitions_assigned(assigned)
            return
        await thread.on_shares_to_come({tp.partition for tp in assigned})
        thread._ensure_consumer()._coordinator.request_rejoin()
