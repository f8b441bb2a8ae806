"""The journals of the shards held, as their logs are read."""

from collections.abc import Mapping

from streams.journal.journal import Journal


class Journals:
    """Journals by shard; those of shards that leave are dropped.

    `problems` say why what was read of a shard cannot be used: raised in Faust's recovery they would only be
    logged.
    """

    def __init__(self) -> None:
        self.held: dict[int, Journal] = {}
        self.problems: dict[int, str] = {}

    def open(self, starts: Mapping[int, int]) -> None:
        """Hold the journals of these shards alone, whose logs start at these offsets now."""
        # After a problem none is kept: it lies behind what was read, and would not be met again.
        held = {} if self.problems else self.held
        self.held = {number: _continued(held.get(number), start) for number, start in starts.items()}
        self.problems = {}

    def read(self, number: int, offset: int, value: bytes) -> None:
        """Read a record of a shard's log; the records of other shards are passed over."""
        journal = self.held.get(number)
        try:
            if journal is not None:
                journal.read(offset, value)
        except ValueError as error:
            self.problems.setdefault(number, str(error))

    def next_offset(self, number: int) -> int:
        """Return the offset of the record to read next; 0 where the shard is not held."""
        journal = self.held.get(number)
        return journal.next_offset if journal else 0


def _continued(journal: Journal | None, start: int) -> Journal:
    """Return a journal as far as it was read, or an empty one where what follows that is deleted.

    Whoever held the shard meanwhile may have written a snapshot, and deleted all before it.
    """
    return journal if journal is not None and journal.next_offset >= start else Journal(start)
