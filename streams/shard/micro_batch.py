"""What was fetched and waits to be applied: with many small fetches, applying each would cost most."""

from typing import Any

from models.state.delta import Source
from streams.kafka.fetched import Fetched


class MicroBatch:
    """Records that wait, by source, each in the order of its offsets and without a gap."""

    def __init__(self) -> None:
        self._records: dict[Source, list[Any]] = {}
        self._ends: dict[Source, int] = {}
        self.size = 0

    def add(self, source: Source, fetched: Fetched) -> None:
        """Take what begins where the last of its source ended."""
        self._records.setdefault(source, []).extend(fetched.records)
        self._ends[source] = fetched.end
        self.size += len(fetched.records)

    def next_offset(self, source: Source) -> int:
        """Return where what waits of a source ends; 0 if nothing does."""
        return self._ends.get(source, 0)

    def take(self) -> list[tuple[Source, list[Any], int]]:
        """Return all records by source, each with the offset up to which they go; none waits afterwards."""
        taken = [(source, records, self._ends[source]) for source, records in self._records.items()]
        self.clear()
        return taken

    def clear(self) -> None:
        """Forget what waits."""
        self._records, self._ends, self.size = {}, {}, 0

    def __bool__(self) -> bool:
        """Return whether anything waits."""
        return bool(self._ends)
