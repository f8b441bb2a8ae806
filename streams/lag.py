"""How far behind the broker's end offsets the worker is, asked of the broker itself.

Faust's own figure stands still with a consumer that has stopped; this one does not.
"""

import asyncio
import logging
from collections.abc import Callable

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from connections.kafka import client_options
from connections.topics import changelog_topic, source_names
from models.settings import Settings
from streams.recreated import refuse_shorter

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0

Place = tuple[str, int]


class LagWatch:
    """The end offsets of the partitions held, asked every two seconds; `position` tells the next to apply."""

    def __init__(
        self,
        settings: Settings,
        assigned: Callable[[], set[int]],
        position: Callable[[str, int], int | None],
    ) -> None:
        self._settings = settings
        self._names = source_names(settings)
        self._assigned = assigned
        self._position = position
        self._ends: dict[Place, int] = {}
        self._problem = ""

    def lag(self) -> dict[Place, int]:
        """Give the records not yet applied, by topic and partition."""
        lags = {}
        for place, end in self._ends.items():
            position = self._position(*place)
            if position is not None:
                lags[place] = max(0, end - position)
        return lags

    async def run(self) -> None:
        """Ask again and again, until cancelled; a broker that is away leaves the last answer standing."""
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
        held = self._assigned()
        wanted = [TopicPartition(topic, number) for topic in self._names for number in held]
        if wanted:
            applied = {tp: self._position(*self._place(tp)) for tp in wanted}
            ends = await consumer.end_offsets(wanted)
            known = {tp: position for tp, position in applied.items() if position}
            refuse_shorter(known, ends, changelog_topic(self._settings))
            self._ends = {self._place(tp): end for tp, end in ends.items()}

    def _place(self, tp: TopicPartition) -> Place:
        return self._names[tp.topic], tp.partition
