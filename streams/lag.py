"""How far behind the broker's end offsets the worker is, asked of the broker itself.

Faust's own figure stands still with a consumer that has stopped; this one does not.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from connections.kafka import client_options
from connections.topics import changelog_topic
from models.settings import Settings
from models.topics import INPUT_TOPICS
from streams.recreated import refuse_shorter

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0

Place = tuple[str, int]


class LagWatch:
    """The end offsets of the partitions held, asked every two seconds.

    `position` tells the next offset to apply, `read_to` how far the consumer has read: where it has read on
    and nothing came to be applied, only transaction markers and aborted records lie between.
    """

    def __init__(
        self,
        settings: Settings,
        assigned: Callable[[], set[int]],
        position: Callable[[str, int], int | None],
        read_to: Callable[[str, int], Awaitable[int | None]],
    ) -> None:
        self._settings = settings
        self._assigned = assigned
        self._position = position
        self._read_to = read_to
        self._ends: dict[Place, int] = {}
        self._stood: dict[Place, int | None] = {}
        self._empty: dict[Place, tuple[int, int]] = {}
        self._problem = ""

    def lag(self) -> dict[Place, int]:
        """Give the records not yet applied, by topic and partition."""
        lags = {}
        for place, end in self._ends.items():
            position = self._position(*place)
            if position is not None:
                first, after = self._empty.get(place, (position, position))
                lags[place] = max(0, end - (after if first == position else position))
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
        prefix = self._settings.topic_prefix
        wanted = [
            TopicPartition(prefix + topic, number) for topic in INPUT_TOPICS for number in self._assigned()
        ]
        if wanted:
            applied = {tp: self._position(tp.topic.removeprefix(prefix), tp.partition) for tp in wanted}
            ends = await consumer.end_offsets(wanted)
            known = {tp: position for tp, position in applied.items() if position}
            refuse_shorter(known, ends, changelog_topic(self._settings))
            self._ends = {(tp.topic.removeprefix(prefix), tp.partition): end for tp, end in ends.items()}
            await self._look_for_empty_ends()

    async def _look_for_empty_ends(self) -> None:
        """Find where nothing was applied since the last look, though the consumer has read on."""
        before, self._stood = self._stood, {place: self._position(*place) for place in self._ends}
        for place, position in self._stood.items():
            if position is None or position >= self._ends[place] or position != before.get(place):
                continue
            read = await self._read_to(*place)
            if read is not None:
                self._empty[place] = (position, read)
