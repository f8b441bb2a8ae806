"""Run a whole worker in the test's own loop, and look at what it counts."""

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any, NoReturn

from aiokafka import AIOKafkaProducer
from redis.asyncio import Redis

from connections import registry
from connections.registry_watch import RegistryWatch
from models.settings import Settings
from models.tally import Tally, merge
from models.times import DAY, format_time
from models.windows import FLIGHT
from streams.kafka.app import App
from streams.shard.manager import ShardManager
from streams.worker.code_store import CodeStore
from streams.worker.compiling import compile_aside
from streams.worker.deadlines import Deadlines
from streams.worker.generation_worker import GenerationWorker
from streams.worker.wiring import Parts

PATIENCE_SECONDS = 25.0
CAMPAIGN = "glow"


class FailStopped(BaseException):
    """What `fail_stop` raises here, where it must not end the process."""


class RunningWorker:
    """A worker and the task that it runs in; `reasons` says why it stopped itself."""

    def __init__(
        self,
        settings: Settings,
        redis: Redis,
        rebuild: int | None = None,
        compiled: "asyncio.Future[None] | None" = None,
    ) -> None:
        self.reasons: list[str] = []
        watch = RegistryWatch(redis, settings.redis_prefix, now)
        deadlines = Deadlines(self._fail_stop)
        self._compiled = compiled or asyncio.create_task(compile_aside(CodeStore(settings.cache_dir)))
        self.worker = GenerationWorker(
            settings, redis, watch, now, self._fail_stop, deadlines, self._compiled, rebuild
        )
        self.task = asyncio.create_task(self.worker.run())

    @property
    def parts(self) -> Parts:
        """Return the worker's parts, which are there once it is ready."""
        worker = self.worker.worker
        assert worker is not None
        assert worker._parts is not None
        return worker._parts

    @property
    def manager(self) -> ShardManager:
        """Return the worker's shard manager."""
        return self.parts.manager

    @property
    def app(self) -> App:
        """Return the worker's app."""
        return self.parts.app

    @property
    def caught_up(self) -> Collection[int]:
        """Return the partitions that are caught up."""
        return self.worker.worker.caught_up if self.worker.worker else set()

    @property
    def assigned(self) -> set[int]:
        """Return the partitions that are held."""
        worker = self.worker.worker
        started = worker is not None and worker._parts is not None
        return set(self.manager.assignment.shards) if started else set()

    @property
    def flight(self) -> Tally:
        """Add up what is shown of the flight; nothing is while the state is not whole."""
        states = self.worker.pipeline().states
        shown = [(state, name) for name in states.leaf_counts() if (state := states.of(name)) is not None]
        return merge(state.tally(leaf, FLIGHT) for state, name in shown for leaf in state.leaves_of(name))

    @property
    def impressions(self) -> int:
        """Count the impressions shown."""
        return self.flight.get("impressions", 0)

    @property
    def outcomes(self) -> Tally:
        """Count the records by what became of them."""
        return merge((self.worker.pipeline().ledger or {}).values())

    async def ready(self) -> None:
        """Wait until all that is held is live; reading what is compiled takes a busy machine long."""
        await asyncio.wait([self._compiled, self.task], return_when=asyncio.FIRST_COMPLETED)
        await self.until(lambda: self.worker.readiness().ready)

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait for something to become true while the worker runs.

        Raises:
            AssertionError: it did not, or the worker ended before.

        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not true():
            assert not self.task.done(), f"the worker ended: {self.reasons or self.task}"
            assert time.monotonic() < deadline, f"waited in vain: {self.worker.readiness()} {self.flight}"
            await asyncio.sleep(0.05)

    async def fail_stop(self) -> str:
        """Wait until the worker stops itself; give the reason."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not self.reasons:
                await asyncio.sleep(0.05)
        return self.reasons[0]

    async def halt(self) -> str:
        """Wait until the worker waits for something to be mended; give the reason that /readyz gives."""
        await self.until(lambda: self.worker.pipeline().halted)
        return self.worker.readiness().reason

    async def stop(self) -> None:
        """End it as SIGTERM does."""
        self._compiled.cancel()
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError, FailStopped):
            await self.task

    def _fail_stop(self, reason: str) -> NoReturn:
        self.reasons.append(reason)
        raise FailStopped(reason)


@asynccontextmanager
async def running(
    settings: Settings, redis: Redis, rebuild: int | None = None
) -> AsyncIterator[RunningWorker]:
    """Run a worker until the block ends."""
    worker = RunningWorker(settings, redis, rebuild)
    try:
        yield worker
    finally:
        await worker.stop()


@asynccontextmanager
async def producing(settings: Settings, **options: Any) -> AsyncIterator[AIOKafkaProducer]:
    """Open a producer that is not ours."""
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka, **options)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def register(settings: Settings, redis: Redis) -> None:
    """Register a campaign that runs today."""
    flight = {"starts": format_time(now() - 2 * DAY), "ends": format_time(now() + 2 * DAY), "currency": "EUR"}
    declared = {"campaigns": [{"id": CAMPAIGN, "name": "Glow", **flight}]}
    await registry.apply(redis, settings.redis_prefix, declared, now())


def impression(**fields: Any) -> bytes:
    """Write a valid impression of now, with an id that no other has."""
    usual = {
        "type": "impression",
        "event_id": uuid.uuid4().hex,
        "event_time": format_time(now()),
        "campaign_id": CAMPAIGN,
        "influencer_id": "ana",
        "content_id": "reel-1",
        "channel": "instagram",
    }
    return json.dumps(usual | fields).encode()


def now() -> int:
    """Return the time in microseconds."""
    return time.time_ns() // 1000


async def send(producer: AIOKafkaProducer, topic: str, count: int, partition: int | None = None) -> None:
    """Send some impressions, and wait until they are acknowledged."""
    sent = [await producer.send(topic, impression(), partition=partition) for _ in range(count)]
    await asyncio.gather(*sent)
