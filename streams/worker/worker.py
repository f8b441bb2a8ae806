"""One worker, from waiting for its servers to its orderly end."""

import asyncio
import logging
import time
from typing import Any

from connections.kafka import KafkaUnavailable, require_kafka
from connections.topic_admin import create_missing_topics, require_equal_partitions
from connections.topics import partition_of, source_names
from models.campaigns.registry import Registry
from models.readings.pipeline import Pipeline, Readiness
from models.settings import Settings
from streams.shard.assignment import Holdings
from streams.shard.lease import Lease
from streams.shard.manager import Clock, FailStop, ShardManager
from streams.worker.app import SESSION_SECONDS, App, build_app
from streams.worker.lag import LagWatch
from streams.worker.registry_watch import RegistryWatch
from streams.worker.watchdog import Watchdog

log = logging.getLogger(__name__)

RETRY_SECONDS = 2.0
_LEAVE_SECONDS = 10.0
UNREAD = (
    "partitions were added to the topics, and events on them are not counted: count the state anew with "
    "`kpis worker --rebuild`"
)


class Worker:
    """Waits for Kafka and the registry, then runs the Faust app; tells the exporter how it stands."""

    def __init__(self, settings: Settings, watch: RegistryWatch, clock: Clock, fail_stop: FailStop) -> None:
        self._settings = settings
        self._watch = watch
        self._clock = clock
        self._fail_stop = fail_stop
        self._partitions = 1
        membership = Lease(time.monotonic, SESSION_SECONDS)
        holdings = Holdings(self._owner, source_names(settings))
        self._keeper = ShardManager(Registry(), holdings, membership, clock, fail_stop)
        self._lag = LagWatch(settings, holdings, Watchdog(time.monotonic))
        self._waiting = "starting"
        self._app: App | None = None

    async def run(self) -> None:
        """Run until cancelled; then store what was applied and leave the group."""
        self._partitions = await self._wait_for_kafka()
        await self._wait_for_registry()
        self._app = build_app(self._settings, self._keeper, self._owner, self._partitions)
        background = [
            asyncio.create_task(task)
            for task in (
                self._keeper.run(),
                self._app.outbox.run(),
                self._lag.run(),
                self._watch.run(self._keeper.use),
            )
        ]
        try:
            await self._app.start()
            self._waiting = ""
            await self._watch_health(self._app, background)
        finally:
            await self._stop(self._app, background)

    def readiness(self) -> Readiness:
        """Tell whether every partition held is live, and if not, what it waits for."""
        holdings = self._keeper.holdings
        if self._waiting:
            return Readiness(False, self._waiting)
        if holdings.all is None:
            return Readiness(False, "waiting for partitions and their stored state")
        if holdings.recovering:
            behind = len(holdings.recovering)
            return Readiness(False, f"catching up: {behind} partitions have state or records waiting")
        if self._keeper.cut_off:
            return Readiness(False, "the consumer group was not heard of for a session: nothing is shown")
        if self._app is not None and self._app.has_unread_partitions():
            return Readiness(False, UNREAD)
        held = len(holdings.shards)
        return Readiness(
            True, f"ready: {held} partitions live" if held else "ready: standby, no partition held"
        )

    @property
    def partitions(self) -> int:
        """Tell how many partitions the topics had at the start; 1 before that is known."""
        return self._partitions

    @property
    def caught_up(self) -> set[int]:
        """Give the partitions whose state holds all that the topics held when the broker was last asked."""
        if self._keeper.cut_off:
            return set()
        holdings, lag = self._keeper.holdings, self._lag.lag()
        live = (holdings.claimed - holdings.recovering) & {number for _, number in lag}
        return live - {number for (_, number), records in lag.items() if records}

    def pipeline(self) -> Pipeline:
        """Tell the pipeline's health now."""
        keeper, holdings = self._keeper, self._keeper.holdings
        held, recovering = holdings.all, len(holdings.recovering)
        return Pipeline(
            states=keeper.shown,
            registry=keeper.registry,
            ledger=held.ledger() if held else None,
            lag=self._lag.lag(),
            durable=keeper.durable,
            partitions={"live": len(holdings.claimed) - recovering, "recovering": recovering},
            freshness=keeper.freshness,
            duplicate_horizon=holdings.horizon(self._clock()),
            registry_loaded=self._watch.loaded_at,
            max_series=self._settings.max_series,
            holes=holdings.holes,
        )

    def _owner(self, campaign: str) -> int:
        return partition_of(campaign.encode(), self._partitions)

    async def _wait_for_kafka(self) -> int:
        while True:
            try:
                await require_kafka(self._settings)
                if self._settings.create_topics:
                    await create_missing_topics(self._settings)
                return await require_equal_partitions(self._settings)
            except KafkaUnavailable as error:
                self._wait(str(error))
            await asyncio.sleep(RETRY_SECONDS)

    async def _wait_for_registry(self) -> None:
        while not await self._watch.look():
            self._wait(self._watch.problem)
            await asyncio.sleep(RETRY_SECONDS)
        assert self._watch.current is not None
        self._keeper.use(self._watch.current)
        self._wait("joining the consumer group")

    def _wait(self, reason: str) -> None:
        if reason != self._waiting:
            log.info("waiting: %s", reason)
        self._waiting = reason

    async def _watch_health(self, app: App, background: list[asyncio.Task[Any]]) -> None:
        said = False
        while True:
            await asyncio.sleep(0.5)
            if app.has_unread_partitions() and not said:
                log.error(UNREAD)
                said = True
            self._require_health(app, background)

    def _require_health(self, app: App, background: list[asyncio.Task[Any]]) -> None:
        if app.crashed:
            self._fail_stop(f"The Faust app crashed: {app.crash_reason!r}.")
        for task in background:
            # A cancelled one too: what it waited for was cancelled, by others than us.
            if task.done():
                self._fail_stop(f"A background task ended: {task!r}.")

    async def _stop(self, app: App, background: list[asyncio.Task[Any]]) -> None:
        # Released first: to cancel a flush halfway and then store what came after it would lose the half.
        await self._keeper.release()
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        try:
            async with asyncio.timeout(_LEAVE_SECONDS):
                await app.stop()
        except TimeoutError:
            log.warning("the consumer group was not left in order: it finds out within a session")
