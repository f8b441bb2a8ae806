"""The Faust table of shards: its changelog is the journals, its store reads them.

Nothing is written through the table: Faust sends its changelog through a buffer whose flush returns before
everything is sent, and writes a record a key. streams.journal.writer writes; Faust's recovery reads.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import faust
from faust.stores import memory
from faust.types import TP

from streams.journal.journal import Journal


class JournalStore(memory.Store[Any, Any]):
    """Journals by partition; of those that leave nothing is kept.

    `problem` says why what was read cannot be used: Faust's recovery would only log it.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        self.journals: dict[int, Journal] = {}
        self.problem = ""

    def apply_changelog_batch(
        self,
        batch: Iterable[Any],
        to_key: Callable[[Any], Any],  # noqa: ARG002  # Faust's
        to_value: Callable[[Any], Any],  # noqa: ARG002  # Faust's
    ) -> None:
        """Read records of journals, in the order of the log."""
        for event in batch:
            message = event.message
            journal = self.journals.get(message.partition)
            try:
                if journal is not None:
                    journal.read(message.offset, message.value)
            except ValueError as error:
                self.problem = self.problem or str(error)

    def persisted_offset(self, tp: TP) -> int | None:
        """Tell up to which offset the log was read; -1 where it was not.

        Never None: of a partition that comes back Faust's recovery would then take the offset that it had
        reached before, though nothing of it is held any more.
        """
        journal = self.journals.get(tp.partition)
        return journal.next_offset - 1 if journal else -1

    def open(self, starts: Mapping[int, int]) -> None:
        """Hold the journals of these partitions alone, whose logs start at these offsets now."""
        # None of before where one had a problem: it is behind what was read, and would not be met again.
        held = {} if self.problem else self.journals
        self.journals = {number: held.get(number) or Journal(start) for number, start in starts.items()}
        self.problem = ""


class ShardTable(faust.Table[Any, Any]):
    """A table whose shards are claimed before their journals are read."""

    app: Any

    def _new_store(self) -> JournalStore:
        return JournalStore("memory://", self.app, self, table_name=self.name, loop=self.loop)

    async def on_rebalance(
        self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP], generation_id: int = 0
    ) -> None:
        """Claim what is assigned: recovery reads to the end that the log has after this."""
        await super().on_rebalance(assigned, revoked, newly_assigned, generation_id)
        changelog = self.changelog_topic_name
        await self.app.keeper.claim({tp.partition for tp in assigned if tp.topic == changelog})
