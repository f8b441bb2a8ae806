"""One worker, from waiting for its servers to its orderly end."""

import asyncio
import dataclasses
import logging
from typing import Any

from connections.admin import may_have_member
from connections.group_checks import find_obstacle
from connections.kafka import KafkaUnavailable, require_kafka
from connections.registry_watch import RegistryWatch
from connections.topic_checks import TopicsMismatch, TopicsMissing, TopicsUnfit
from models.campaigns.registry import Registry
from models.readings.pipeline import Pipeline, Readiness, rated_otherwise
from models.settings import Settings
from streams.kafka.app import App
from streams.kafka.halt import Halt
from streams.shard.assignment import Assignment
from streams.shard.manager import Clock, FailStop
from streams.worker.deadlines import Deadlines
from streams.worker.ending import end
from streams.worker.group_watch import GroupWatch
from streams.worker.health import (
    OTHERWISE,
    STANDBY,
    UNREAD,
    awaited_model,
    caught_up,
    nothing_counted,
    pipeline_of,
    readiness_of,
)
from streams.worker.mending import Mending, require_no_halt
from streams.worker.stages import Stages
from streams.worker.topics import prepare_topics
from streams.worker.wiring import Parts, wire

log = logging.getLogger(__name__)

RETRY_SECONDS = 2.0
ASK_SECONDS = 120.0
"""How long servers may be asked once: their clients give up sooner, if they do as they say."""
_LEAVE_SECONDS = 10.0
_RELEASE_SECONDS = 60.0
_MODEL_SECONDS = 0.2
_JOINING = "joining the consumer group"


class Worker:
    """Waits for Kafka and the registry, then runs the Faust app; tells the exporter how it stands.

    It joins its group only when `compiled` is done: a member that compiles in the midst of work stands still.
    `stopped_in_order` is False from when it gave up on Faust's end: what Faust left behind never may.
    """

    def __init__(
        self,
        settings: Settings,
        watch: RegistryWatch,
        clock: Clock,
        fail_stop: FailStop,
        deadlines: Deadlines,
        compiled: "asyncio.Future[None]",
    ) -> None:
        self._settings = settings
        self._watch = watch
        self._clock = clock
        self._fail_stop = fail_stop
        self._deadlines = deadlines
        self._compiled = compiled
        self._stages = Stages(deadlines)
        self._waiting = "starting"
        self._parts: Parts | None = None
        self.stopped_in_order = True
        self._group = GroupWatch(lambda inside: find_obstacle(settings, may_be_member=inside))
        self._mending = Mending(settings)
        self._looked_at: tuple[Assignment | None, str] = None, ""
        self._otherwise = ""

    async def run(self) -> None:
        """Run until cancelled; where something must be mended first, wait until it is."""
        while True:
            try:
                await self._run_app()
            except Halt as halt:
                if not self.stopped_in_order:
                    self._fail_stop(str(halt))  # What still runs of the app could join again.
                await self._wait_until_mended(halt)

    async def _run_app(self) -> None:
        """Run the app until cancelled or halted; then store what was applied and leave the group."""
        partitions = await self._wait_for_kafka()
        await self._wait_until_compiled()
        registry = await self._wait_for_registry()
        await self._group.wait()
        namesake = bool(self._settings.instance) and await may_have_member(
            self._settings, self._settings.instance
        )
        parts = wire(self._settings, registry, partitions, self._clock, self._fail_stop, namesake=namesake)
        self._parts = parts
        running = [
            *parts.background(),
            self._watch.run(parts.manager.use),
            self._group.run(parts.app),
        ]
        background = [asyncio.create_task(task) for task in running]
        starting = asyncio.create_task(self._start(parts))
        try:
            await self._watch_health(parts, background, starting)
        except Halt as halt:
            self._halt(halt)  # Now: where a topic is gone, Faust's end may take its whole limit.
            raise
        finally:
            self._stages.stop()
            await self._stop(parts, [*background, starting])

    async def _start(self, parts: Parts) -> None:
        while reason := awaited_model(parts):
            self._wait(reason)
            await asyncio.sleep(_MODEL_SECONDS)
        self._wait(_JOINING)
        await parts.app.start()

    def readiness(self) -> Readiness:
        """Return whether every partition held is live, and if not, what it waits for."""
        if self._mending.reason and self._waiting:
            return Readiness(False, self._waiting)
        if self._group.problem:
            return Readiness(False, self._group.problem)
        if self._parts is None or self._waiting:
            return Readiness(False, self._waiting)
        return readiness_of(self._parts)

    @property
    def partitions(self) -> int:
        """How many partitions the topics had at the start; 1 before that is known."""
        return self._parts.partitions if self._parts else 1

    @property
    def caught_up(self) -> frozenset[int]:
        """The partitions whose state holds all that the topics held when the broker was last asked."""
        return caught_up(self._parts) if self._parts else frozenset()

    def pipeline(self) -> Pipeline:
        """Return the pipeline's health now."""
        registry_loaded = self._watch.loaded_at
        if self._parts is None:
            health = nothing_counted(self._settings, registry_loaded)
        else:
            health = pipeline_of(self._parts, self._settings, registry_loaded, self._clock())
        return dataclasses.replace(health, halted=bool(self._mending.reason))

    async def _wait_for_kafka(self) -> int:
        while True:
            try:
                with self._deadlines.within("asking Kafka for its topics", ASK_SECONDS):
                    await require_kafka(self._settings)
                    return await prepare_topics(self._settings)
            except KafkaUnavailable as error:
                self._wait(str(error))
            except TopicsUnfit as error:
                self._halt(error)
            except (TopicsMissing, TopicsMismatch) as error:
                if not self._mending.reason:
                    raise
                self._wait(str(error))
            await asyncio.sleep(RETRY_SECONDS)

    async def _wait_until_compiled(self) -> None:
        if not self._compiled.done():
            self._wait("compiling, as at the first start of each release: `kpis compile` does it beforehand")
        await asyncio.shield(self._compiled)

    async def _wait_for_registry(self) -> Registry:
        # After a halt it is known, and followed again once the parts run.
        while self._watch.current is None:
            await self._watch.look()
            if self._watch.current is None:
                self._wait(self._watch.problem)
                await asyncio.sleep(RETRY_SECONDS)
        self._wait(_JOINING)
        return self._watch.current

    async def _wait_until_mended(self, halt: Halt) -> None:
        assert self._parts is not None
        self._halt(halt)
        await self._mending.wait(self._parts, halt, self._clock)

    def _halt(self, problem: Exception) -> None:
        """Say what halts the worker, in the log and wherever it is asked, in one step."""
        self._waiting = str(problem)
        self._mending.begin(problem)

    def _wait(self, reason: str) -> None:
        if reason != self._waiting:
            log.info("waiting: %s", reason)
        self._waiting = reason

    async def _watch_health(
        self, parts: Parts, background: list[asyncio.Task[Any]], starting: "asyncio.Task[None]"
    ) -> None:
        """Look for as long as it runs, and before the app has started: that may wait for the group."""
        said: set[str] = set()
        while True:
            await asyncio.sleep(0.5)
            require_no_halt(parts, background)
            self._require_health(parts.app, background)
            explained = bool(self._group.problem or awaited_model(parts))
            self._stages.look(parts, explained=explained, started=starting.done())
            if not starting.done():
                continue
            self._require_started(starting)
            self._say(parts, said)

    def _say(self, parts: Parts, said: set[str]) -> None:
        """Log what an operator should know of, when it begins."""
        standing_by = STANDBY if parts.manager.assignment.stands_by else ""
        unread = UNREAD if parts.app.has_unread_partitions() else ""
        rated = self._rated_otherwise(parts)
        for words, level in ((standing_by, logging.INFO), (unread, logging.ERROR), (rated, logging.WARNING)):
            if words and words not in said:
                log.log(level, words)
        said.clear()
        said.update({standing_by, unread, rated} - {""})

    def _rated_otherwise(self, parts: Parts) -> str:
        """Say once an assignment, and for each model, that texts in its state were rated by another."""
        assignment, model = parts.manager.assignment, parts.rating.rating.model if parts.rating else ""
        if assignment.all is not None and self._looked_at != (assignment, model):
            self._looked_at = assignment, model
            found = rated_otherwise(assignment.all.ledger(), parts.manager.registry, self._clock(), model)
            self._otherwise = OTHERWISE.format(len(found), model) if found else ""
        return self._otherwise

    def _require_started(self, starting: "asyncio.Task[None]") -> None:
        self._waiting = ""
        self._mending.over(self._clock())
        if error := starting.exception():
            self._fail_stop(f"The Faust app could not be started: {error!r}.")

    def _require_health(self, app: App, background: list[asyncio.Task[Any]]) -> None:
        if app.crashed:
            self._fail_stop(f"The Faust app crashed: {app.crash_reason!r}.")
        if not app.coordinates:
            self._fail_stop("The watch over the consumer group ended: the worker would hear of no rebalance.")
        for task in background:
            # A cancelled one too: it was not we who cancelled it.
            if task.done():
                self._fail_stop(f"A background task ended: {task!r}.")

    async def _stop(self, parts: Parts, background: list[asyncio.Task[Any]]) -> None:
        # Released first: to cancel a flush halfway and then store what came after it would lose the half.
        # A worker that halts is not at its end, which has a limit of its own.
        with self._deadlines.within("giving up the partitions", _RELEASE_SECONDS):
            await parts.manager.release(member=True)
            await end(background)
        # Faust and aiokafka swallow cancellations: a timeout around this has not held.
        stopping = asyncio.create_task(parts.app.stop())
        await asyncio.wait([stopping], timeout=_LEAVE_SECONDS)
        self.stopped_in_order = stopping.done() and not stopping.cancelled() and not stopping.exception()
        if stopping.done() and not self.stopped_in_order:
            log.warning("Faust did not stop in order: %r", stopping)
        elif not self.stopped_in_order:
            log.warning("the consumer group was not left in order: it finds out within a session")
