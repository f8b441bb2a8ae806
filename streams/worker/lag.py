"""How far behind the broker's end offsets the worker is, asked of the broker itself.

Faust's own figure stands still with a consumer that has stopped; this one does not.
"""

import asyncio
import logging

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from faust.types import TP

from connections.kafka import client_options
from connections.topics import state_topics
from models.settings import Settings
from models.state.delta import Source
from streams.kafka.recreated import refuse_shorter
from streams.shard.assignment import Holdings
from streams.worker.watchdog import Watchdog

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0


class LagWatch:
    """The end offsets of the partitions held, asked every two seconds."""

    def __init__(self, settings: Settings, holdings: Holdings, watchdog: Watchdog) -> None:
        self._settings = settings
        self._holdings = holdings
        self._watchdog = watchdog
        self._ends: dict[Source, int] = {}
        self._problem = ""

    def lag(self) -> dict[Source, int]:
        """Give the records not yet applied, by topic and partition."""
        positions = self._holdings.positions()
        return {
            source: max(0, end - positions[source])
            for source, end in self._ends.items()
            if source in positions
        }

    async def run(self) -> None:
        """Ask again and again, until cancelled; a broker that is away leaves the last answer standing.

        Raises:
            TopicRecreated: a source ends before what was applied of it.
            Stalled: records wait, and nothing is applied.

        """
        consumer = AIOKafkaConsumer(**client_options(self._settings), isolation_level="read_committed")
        started = False
        try:
            while True:
                try:
                    if not started:
                        await consumer.start()
                        started = True
                    await self._ask(consumer)
                    self._say("")
                except (KafkaError, OSError) as error:
                    self._say(f"Kafka at {self._settings.kafka} does not answer ({type(error).__name__})")
                await asyncio.sleep(POLL_SECONDS)
        finally:
            await consumer.stop()

    def _say(self, problem: str) -> None:
        if problem and not self._problem:
            log.warning(problem)
        elif self._problem and not problem:
            log.warning("Kafka answers again")
        self._problem = problem

    async def _ask(self, consumer: AIOKafkaConsumer) -> None:
        applied = {
            TopicPartition(*self._holdings.tp(source)): at
            for source, at in self._holdings.positions().items()
        }
        if applied:
            ends = await consumer.end_offsets(list(applied))
            refuse_shorter(applied, ends, state_topics(self._settings))
            self._ends = {self._holdings.place(TP(*tp)): end for tp, end in ends.items()}
            self._watchdog.look(self._holdings.positions(), self.lag())
