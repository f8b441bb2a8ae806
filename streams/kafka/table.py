"""The Faust table whose changelog is the shards' logs: Faust's recovery reads them, and nothing else.

Nothing is written through the table: Faust sends its changelog through a buffer whose flush returns before
everything is sent, and writes a record a key.
"""

from collections.abc import Callable, Iterable
from typing import Any

import faust
from faust.stores import memory
from faust.types import TP

from streams.kafka.listener import Listener, LogReader


class LogStore(memory.Store[Any, Any]):
    """Hands what recovery reads to the table's reader; keeps nothing."""

    table: "LogTable"

    def apply_changelog_batch(
        self,
        batch: Iterable[Any],
        to_key: Callable[[Any], Any],  # noqa: ARG002  # Faust's
        to_value: Callable[[Any], Any],  # noqa: ARG002  # Faust's
    ) -> None:
        """Read records, in the order of the log."""
        for event in batch:
            message = event.message
            self.table.reader.read(message.partition, message.offset, message.value)

    def persisted_offset(self, tp: TP) -> int | None:
        """Return the offset up to which the log was read; -1 where it was not.

        Never None: for a partition that comes back Faust's recovery would then take the offset that it had
        reached before, though nothing of it is held any more.
        """
        return self.table.reader.next_offset(tp.partition) - 1


class LogTable(faust.Table[Any, Any]):
    """A table whose partitions are claimed before their logs are read, and restored after."""

    def __init__(self, *args: Any, listener: Listener, reader: LogReader, **options: Any) -> None:
        self.reader = reader
        self._listener = listener
        super().__init__(*args, on_recover=listener.restore, **options)

    def _new_store(self) -> LogStore:
        return LogStore("memory://", self.app, self, table_name=self.name, loop=self.loop)

    async def on_rebalance(
        self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP], generation_id: int = 0
    ) -> None:
        """Claim what is assigned: recovery reads to the end that the log has after this."""
        await super().on_rebalance(assigned, revoked, newly_assigned, generation_id)
        changelog = self.changelog_topic_name
        await self._listener.claim({tp.partition for tp in assigned if tp.topic == changelog})
