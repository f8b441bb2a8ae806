"""The journals of the shards held, as their logs are read."""

from collections.abc import Mapping

from streams.journal.journal import Journal


class Journals:
    """Journals by shard; those of shards that leave are dropped.

    `problem` says why what was read cannot be used: raised in Faust's recovery it would only be logged.
    """

    def __init__(self) -> None:
        self.held: dict[int, Journal] = {}
        self.problem = ""

    def open(self, starts: Mapping[int, int]) -> None:
        """Hold the journals of these shards alone, whose logs start at these offsets now."""
        # After a problem none is kept: it lies behind what was read, and would not be met again.
        held = {} if self.problem else self.held
        self.held = {number: held.get(number) or Journal(start) for number, start in starts.items()}
        self.problem = ""

    def read(self, number: int, offset: int, value: bytes) -> None:
        """Read a record of a shard's log; the records of other shards are passed over."""
        journal = self.held.get(number)
        try:
            if journal is not None:
                journal.read(offset, value)
        except ValueError as error:
            self.problem = self.problem or str(error)

    def next_offset(self, number: int) -> int:
        """Return the offset of the record to read next; 0 where the shard is not held."""
        journal = self.held.get(number)
        return journal.next_offset if journal else 0
