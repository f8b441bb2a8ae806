"""How far behind the ends of the topics' logs the worker is, asked of the broker itself.

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
from streams.kafka.sources import EndOffsets, Ends, SourceNames
from streams.worker.open_transactions import OpenTransactions
from streams.worker.watchdog import Watchdog

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0


class LagWatch:
    """The ends of the sources held, asked every two seconds.

    `positions` returns the next offset to apply of each source held; `clock`, the time in microseconds.
    """

    def __init__(
        self,
        settings: Settings,
        positions: Callable[[], Mapping[Source, int]],
        watchdog: Watchdog,
        clock: Callable[[], int],
    ) -> None:
        self._settings = settings
        self._names = SourceNames(settings)
        self._positions = positions
        self._watchdog = watchdog
        self._clock = clock
        self._ends: Mapping[Source, Ends] = {}
        self._problem = ""
        self._transactions = OpenTransactions(self._names)

    def lag(self) -> dict[Source, int]:
        """Return the number of records not yet applied, by source, readable or not."""
        return self._behind({source: ends.log for source, ends in self._ends.items()})

    def readable_lag(self) -> dict[Source, int]:
        """Return the number of records not yet applied that can be read, by source."""
        return self._behind({source: ends.readable for source, ends in self._ends.items()})

    def held_back(self) -> dict[Source, float]:
        """Return for how many seconds an open transaction has held back what stands behind it, by source."""
        return self._transactions.seconds(self._positions(), self._clock())

    def open_transactions(self) -> str:
        """Return a sentence on each transaction that has been open for long; empty where none is."""
        return self._transactions.sentences(self._positions(), self._clock())

    def _behind(self, ends: Mapping[Source, int]) -> dict[Source, int]:
        positions = self._positions()
        return {
            source: max(0, end - positions[source]) for source, end in ends.items() if source in positions
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
            logs = {source: end.log for source, end in found.items()}
            refuse_shorter(applied, logs, self._names, state_topics(self._settings))
            self._ends = found
            self._transactions.look(found, self._clock())
            # Behind an open transaction there is nothing to read: waiting for it is no standing still.
            self._watchdog.look(self._positions(), self.readable_lag())
