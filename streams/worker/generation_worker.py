"""A worker of the generation of the state that it is to count: the active one, or the one that follows it."""

import asyncio
import dataclasses
import logging
from typing import NamedTuple

from redis.asyncio import Redis

from connections.active_generation import ActiveGeneration
from connections.generations import count_deleted_records, of_generation, used_generations
from connections.kafka import KafkaUnavailable, require_kafka
from connections.redis import RedisUnavailable
from connections.registry_watch import RegistryWatch
from models.readings.pipeline import Pipeline, Readiness
from models.settings import Settings
from models.state.shard_states import ShardStates
from streams.shard.manager import Clock, FailStop
from streams.worker.deadlines import Deadlines
from streams.worker.ending import end
from streams.worker.generation_watch import GenerationWatch
from streams.worker.health import nothing_counted
from streams.worker.worker import ASK_SECONDS, RETRY_SECONDS, Worker

log = logging.getLogger(__name__)

# What was applied is stored within 10 s, or read again by the next owner.
_ENDING, _ENDING_SECONDS = "the worker's end", 30.0
# A page of a million series, or a state of gigabytes, takes some seconds.
_BLOCKED, _BLOCKED_SECONDS = "a step that answers nothing and nobody", 120.0


class _Chosen(NamedTuple):
    """The worker of the generation that was chosen, and the watch over whose turn it is."""

    worker: Worker
    watch: GenerationWatch


class GenerationWorker:
    """Chooses a generation, runs a worker of it, shows it in its turn, and ends when a later one is active.

    `rebuild` is the number of the generation to count, 0 for the next one, None for the active one.
    """

    def __init__(
        self,
        settings: Settings,
        redis: "Redis",
        registry: RegistryWatch,
        clock: Clock,
        fail_stop: FailStop,
        deadlines: Deadlines,
        compiled: "asyncio.Future[None]",
        rebuild: int | None = None,
    ) -> None:
        self._settings = settings
        self._store = ActiveGeneration(redis, settings)
        self._registry = registry
        self._clock = clock
        self._fail_stop = fail_stop
        self._deadlines = deadlines
        self._compiled = compiled
        self._rebuild = rebuild
        self._waiting = "starting"
        self._chosen: _Chosen | None = None

    @property
    def worker(self) -> Worker | None:
        """The worker that runs; None until a generation is chosen."""
        return self._chosen.worker if self._chosen else None

    async def run(self) -> None:
        """Run until cancelled."""
        watch = await self._choose()
        worker = self._worker_of(watch.own)
        self._chosen = _Chosen(worker, watch)
        work, look = asyncio.create_task(worker.run()), asyncio.create_task(watch.run(worker))
        tasks = [work, look]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.ending()
            # The worker stores what it applied, and leaves its group: other workers wait for that.
            ended = [task for task in tasks if task.done()]
            work.cancel()
            await asyncio.gather(work, end([look]), return_exceptions=True)
        for task in ended:
            task.result()
        self._fail_stop(
            f"Generation {watch.active} of the state is active now, and this worker counted generation "
            f"{watch.own}; started again it counts the new one."
        )

    def ending(self) -> None:
        """Say that the worker ends from here on, for whatever reason: it has so long for that."""
        self._deadlines.begin(_ENDING, _ENDING_SECONDS)

    async def answer(self) -> None:
        """Show that the event loop runs, until cancelled."""
        self._deadlines.begin(_BLOCKED, _BLOCKED_SECONDS)
        while True:
            self._deadlines.renew(_BLOCKED)
            await asyncio.sleep(1)

    def readiness(self) -> Readiness:
        """Return whether every partition held is live and shown, and if not, what it waits for."""
        stands, late = self._stands(), self._deadlines.late
        return stands if stands.ready or not late else Readiness(False, f"{stands.reason}; {late}")

    def _stands(self) -> Readiness:
        if self._chosen is None:
            return Readiness(False, self._waiting)
        worker, watch = self._chosen
        inner = worker.readiness()
        if watch.rebuilding:
            progress = f"{watch.count} of {worker.partitions} partitions caught up"
            return Readiness(False, f"rebuilding: generation {watch.own}, {progress}; {inner.reason}")
        if inner.ready and not watch.shows:
            return Readiness(False, "waiting for the workers of the former generation to leave its group")
        return inner

    def pipeline(self) -> Pipeline:
        """Return the pipeline's health now, with the KPIs if it is their generation's turn."""
        if self._chosen is None:
            return nothing_counted(self._settings, self._registry.loaded_at)
        worker, watch = self._chosen
        pipeline = worker.pipeline()
        if watch.shows:
            return pipeline
        return dataclasses.replace(pipeline, states=ShardStates({}, lambda _: 0))

    def _worker_of(self, generation: int) -> Worker:
        settings = of_generation(self._settings, generation)
        return Worker(settings, self._registry, self._clock, self._fail_stop, self._deadlines, self._compiled)

    async def _choose(self) -> GenerationWatch:
        """Choose the generation as soon as Kafka and Redis answer."""
        while True:
            try:
                with self._deadlines.within("asking which generation is active", ASK_SECONDS):
                    await require_kafka(self._settings)
                    choice, begun = await self._store.choose(self._rebuild)
                    if choice.own > choice.active:
                        await self._announce(choice.own, begun=begun)
                break
            except (KafkaUnavailable, RedisUnavailable) as error:
                self._wait(str(error))
            await asyncio.sleep(RETRY_SECONDS)

        async def former_in_use() -> list[int]:
            return await used_generations(self._settings, range(choice.own))

        return GenerationWatch(choice.own, choice.active, self._store, former_in_use)

    async def _announce(self, generation: int, *, begun: bool) -> None:
        if begun:
            log.warning(
                "going on with generation %d, which was begun before; to begin it anew stop its workers and "
                "run `kpis topics prune`",
                generation,
            )
            return
        log.warning("counting generation %d from the beginning of the topics", generation)
        lost = await count_deleted_records(self._settings)
        if lost:
            log.warning("%d records are no longer in the topics: the rebuilt numbers will lack them", lost)

    def _wait(self, reason: str) -> None:
        if reason != self._waiting:
            log.info("waiting: %s", reason)
        self._waiting = reason
