"""How far behind the broker's end offsets the worker is, asked of the broker itself.

Faust's own figure stands still with a consumer that has stopped; this one does not.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping

from aiokafka.errors import KafkaError

from connections.topics import state_topics
from models.settings import Settings
from models.state.delta import Source
from streams.kafka.recreated import refuse_shorter
from streams.kafka.sources import EndOffsets, SourceNames
from streams.worker.watchdog import Watchdog

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0


class LagWatch:
    """The end offsets of the sources held, asked every two seconds.

    `positions` returns the next offset to apply of each source held.
    """

    def __init__(
        self, settings: Settings, positions: Callable[[], Mapping[Source, int]], watchdog: Watchdog
    ) -> None:
        self._settings = settings
        self._names = SourceNames(settings)
        self._positions = positions
        self._watchdog = watchdog
        self._ends: Mapping[Source, int] = {}
        self._problem = ""

    def lag(self) -> dict[Source, int]:
        """Return the number of records not yet applied, by source."""
        positions = self._positions()
        return {
            source: max(0, end - positions[source])
            for source, end in self._ends.items()
            if source in positions
        }

    async def run(self) -> None:
        """Ask again and again, until cancelled; while the broker is away the last answer stands.

        Raises:
            TopicRecreated: a source ends before what was applied of it.
            Stalled: records wait, and nothing is applied.

        """
        ends = EndOffsets.open(self._settings)
        try:
            while True:
                try:
                    await self._ask(ends)
                    self._say("")
                except (KafkaError, OSError) as error:
                    self._say(f"Kafka at {self._settings.kafka} does not answer ({type(error).__name__})")
                await asyncio.sleep(POLL_SECONDS)
        finally:
            await ends.close()

    def _say(self, problem: str) -> None:
        if problem and not self._problem:
            log.warning(problem)
        elif self._problem and not problem:
            log.warning("Kafka answers again")
        self._problem = problem

    async def _ask(self, ends: EndOffsets) -> None:
        applied = self._positions()
        if applied:
            found = await ends.ask(applied)
            refuse_shorter(applied, found, self._names, state_topics(self._settings))
            self._ends = found
            self._watchdog.look(self._positions(), self.lag())
